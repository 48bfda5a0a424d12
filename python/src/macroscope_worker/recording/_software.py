"""The program that recorded, for `run.json`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def software_version() -> str:
    """The installed version; "unknown" where the package's metadata is missing, which is no reason not to record."""
    try:
        return version("macroscope-worker")
    except PackageNotFoundError:
        return "unknown"
