"""`macroscope cameras`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from macroscope_worker.cli._exit_code import ExitCode

if TYPE_CHECKING:
    import argparse

    from macroscope_worker.cameras import CameraListing
    from macroscope_worker.cli._output import Output


def list_cameras(options: argparse.Namespace, output: Output) -> ExitCode:
    """List cameras and unavailable drivers. That a driver cannot work here is no failure of the listing."""
    from macroscope_worker.cameras import CameraRegistry  # noqa: PLC0415

    listing = CameraRegistry().list_cameras(rescan=options.rescan)
    document = {
        "cameras": [asdict(camera) for camera in listing.cameras],
        "unavailable_drivers": [asdict(driver) for driver in listing.unavailable],
    }
    output.answer(document, _words(listing))
    return ExitCode.GOOD


def _words(listing: CameraListing) -> str:
    width = max((len(camera.id) for camera in listing.cameras), default=0)
    lines = [
        f"{camera.id.ljust(width)}  {camera.label}{' (simulated)' if camera.simulated else ''}"
        for camera in listing.cameras
    ]
    if not lines:
        lines.append("No cameras were found.")
    lines += [f"The driver {driver.driver} lists no cameras: {driver.reason}" for driver in listing.unavailable]
    return "\n".join(lines)
