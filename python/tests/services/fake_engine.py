"""An engine whose state the test sets."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macroscope_worker.acquisition import (
    AcquisitionHealth,
    AcquisitionPhase,
    AcquisitionSnapshot,
    CameraHealth,
    CameraPhase,
    CameraSnapshot,
    Cancellation,
    DiskHealth,
    Health,
    PreviewPicture,
    RecordingOutcome,
    RecordingSummary,
    RingHealth,
    SensorPart,
)
from macroscope_worker.cameras import CameraDescription, CameraListing, NumberRange, Parameter, UnavailableDriver
from macroscope_worker.errors import CameraNotFound, ParameterOutOfRange, RecordingRunning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CORTEX = CameraDescription(
    "simulated:cortex-512", "Simulated cortex", "simulated", "Macroscope", "Cortex", "1", simulated=True
)

PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        Parameter("exposure_us", 10_000.0, NumberRange(10.0, 1e6)),
        Parameter("gain", 1.0, read_only=True, reason="fixed here", unit="dB"),
        Parameter("binning", 2.0, choices=(1.0, 2.0, 4.0), fixed_while_recording=True),
        Parameter("region_of_interest.x_px", 16.0, NumberRange(0, 240, 16)),
        Parameter("region_of_interest.width_px", 256.0, NumberRange(16, 256, 16)),
        Parameter("pixel_format", 5.0, choices=(1.0, 5.0)),
    )
}


class FakeEngine:
    """Select and start can be held up with `gate`; a stop never waits for it."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.changes: list[Mapping[str, float]] = []
        self.error: Exception | None = None
        self.cancellation: Cancellation | None = None
        self.listeners: list[Callable[[], None]] = []
        self.previews: list[Callable[[PreviewPicture], None]] = []
        self.preview_sizes: list[tuple[int, int, float]] = []
        self._subscriptions = asyncio.Event()
        self._camera = CameraSnapshot(1, CameraPhase.LIVE, CORTEX, PARAMETERS, 512, 512, 16)
        self._acquisition = AcquisitionSnapshot(1, AcquisitionPhase.IDLE, None, Path("/runs"), 10**9, 1.5)

    def list_cameras(self, rescan: bool = False) -> CameraListing:
        broken = UnavailableDriver("pylon", "Install the SDK." if rescan else "Not asked again.")
        return CameraListing((CORTEX,), (broken,))

    def select_camera(self, camera_id: str, cancellation: Cancellation | None = None) -> CameraSnapshot:
        self.cancellation = cancellation
        self.entered.set()
        self.gate.wait()
        if self.error is not None:
            raise self.error
        if camera_id != CORTEX.id:
            raise CameraNotFound(camera_id, [CORTEX.id])
        return self._camera

    def configure(self, changes: Mapping[str, float], cancellation: Cancellation | None = None) -> CameraSnapshot:
        self.cancellation = cancellation
        self.changes.append(changes)
        if changes.get("exposure_us", 10) < 10:
            raise ParameterOutOfRange("exposure_us", changes["exposure_us"], "10 to 1000000")
        if self.error is not None:
            raise self.error
        return self._camera

    def camera(self) -> CameraSnapshot:
        return self._camera

    def start_recording(
        self,
        name: str,
        directory: Path | None = None,
        planned_frames: int = 0,
        cancellation: Cancellation | None = None,
    ) -> AcquisitionSnapshot:
        self.cancellation = cancellation
        if self.error is not None:
            raise self.error
        if self._acquisition.phase == AcquisitionPhase.RECORDING:
            assert self._acquisition.recording is not None
            raise RecordingRunning(self._acquisition.recording.run_id, self._acquisition.recording.directory)
        folder = (directory or Path("/runs")) / name
        self.set_acquisition(phase=AcquisitionPhase.RECORDING, recording=summary(name, folder, planned_frames))
        return self._acquisition

    def stop_recording(self) -> RecordingSummary | None:
        if self._acquisition.recording is not None and self._acquisition.phase == AcquisitionPhase.RECORDING:
            done = replace(self._acquisition.recording, outcome=RecordingOutcome.COMPLETE)
            self.set_acquisition(phase=AcquisitionPhase.IDLE, recording=done)
        return self._acquisition.recording

    def acquisition(self) -> AcquisitionSnapshot:
        return self._acquisition

    def health(self) -> Health:
        return Health(
            123,
            CameraHealth(
                live=True,
                frame_rate_hz=30.0,
                frames=5,
                missing_frames=1,
                damaged_frames=2,
                last_frame_age_ms=3.5,
                temperature_c=None,
            ),
            RingHealth(8, 1, 4, 0),
            DiskHealth(Path("/runs"), 10**9, 2.5, 60.0),
            AcquisitionHealth(running=True, beats=77, last_beat_age_ms=4.5, stuck=False),
        )

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        return self._subscribe(self.listeners, listener)

    def subscribe_preview(
        self,
        max_width_px: int,
        max_height_px: int,
        max_rate_hz: float,
        deliver: Callable[[PreviewPicture], None],
        part: SensorPart | None = None,
    ) -> Callable[[], None]:
        self.preview_sizes.append((max_width_px, max_height_px, max_rate_hz))
        return self._subscribe(self.previews, deliver)

    async def subscribed(self, entries: list[Any], count: int) -> None:
        """Wait until so many listeners or previews are there."""
        while len(entries) != count:
            self._subscriptions.clear()
            await self._subscriptions.wait()

    def _subscribe(self, entries: list[Any], entry: Any) -> Callable[[], None]:
        entries.append(entry)
        self._subscriptions.set()

        def unsubscribe() -> None:
            entries.remove(entry)
            self._subscriptions.set()

        return unsubscribe

    def set_camera(self, snapshot: CameraSnapshot) -> None:
        self._camera = snapshot
        self._tell()

    def set_acquisition(self, *, phase: AcquisitionPhase, recording: RecordingSummary | None) -> None:
        self._acquisition = replace(
            self._acquisition, revision=self._acquisition.revision + 1, phase=phase, recording=recording
        )
        self._tell()

    def _tell(self) -> None:
        for listener in list(self.listeners):
            listener()


def summary(name: str, directory: Path, planned_frames: int = 0) -> RecordingSummary:
    return RecordingSummary(
        run_id=name,
        directory=directory,
        camera_id=CORTEX.id,
        planned_frames=planned_frames,
        captured_frames=7,
        written_frames=6,
        durable_frames=5,
        drops={},
        bytes_written=4,
        started_unix_ns=3,
        started_ns=2,
        elapsed_s=1.5,
        outcome=RecordingOutcome.INCOMPLETE,
    )
