"""What the engine's state has to be told of: each occurrence once."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from macroscope.notification.v1.notification_pb import Severity

from macroscope_worker.acquisition import AcquisitionPhase, CameraPhase, DropReason, RecordingOutcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.acquisition import AcquisitionSnapshot, CameraSnapshot, Health, RecordingSummary

    from .engine_port import EnginePort

    Post = Callable[[Severity, str, str, str, str], object]

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.5
DROPS_TOLD_EVERY_S: Final = 5.0
DISK_WARNING_S: Final = 600.0
DISK_ERROR_S: Final = 120.0

_LOST_BY: Final = {
    DropReason.CAMERA_GAP: "the camera's numbers have a gap",
    DropReason.RING_FULL: "the disk could not keep up",
    DropReason.WRITE_FAILED: "the disk refused them",
    DropReason.CAMERA_ERROR: "the camera said that they are damaged",
}
_DROP_REMEDY: Final = {
    DropReason.CAMERA_GAP: "Check the camera's cable, and give it a connection of its own.",
    DropReason.RING_FULL: "Record to a faster disk, or lower the frame rate or the image size.",
    DropReason.WRITE_FAILED: "Check the disk and its free space.",
    DropReason.CAMERA_ERROR: "Check the camera's cable, and give it a connection of its own.",
}


class Alarms:
    """Compares the engine with how it was. `post` gets severity, source, code, message and remedy."""

    def __init__(self, engine: EnginePort, post: Post, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._post = post
        self._clock_s = clock_s
        self._camera_phase = CameraPhase.CLOSED
        self._camera_failed = ""
        self._failed_run = ""
        self._run = ""
        self._drops: dict[DropReason, int] = {}
        self._drops_told_s = float("-inf")
        self._disk_told_s = float("inf")
        self._stuck = False

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                self.look()
            except Exception:
                log.exception("the state of the engine could not be looked at")
            await asyncio.sleep(LOOK_EVERY_S)

    def look(self) -> None:
        """Compare once. Waits for nothing."""
        health, acquisition = self._engine.health(), self._engine.acquisition()
        self._look_at_camera(self._engine.camera(), health)
        self._look_at_loop(health)
        recording = acquisition.recording
        if recording is None:
            return
        if recording.run_id != self._run:
            self._run, self._drops, self._disk_told_s = recording.run_id, {}, float("inf")
            self._drops_told_s = float("-inf")
        if recording.outcome is RecordingOutcome.FAILED and self._failed_run != recording.run_id:
            self._failed_run = recording.run_id
            self._tell_failed(recording)
        self._look_at_drops(recording)
        self._look_at_disk(acquisition, health)

    def _look_at_camera(self, camera: CameraSnapshot, health: Health) -> None:
        phase, before = camera.phase, self._camera_phase
        self._camera_phase = phase
        camera_id = camera.camera_id
        if phase is CameraPhase.FAILED and before is not CameraPhase.FAILED and camera.fault is not None:
            self._camera_failed = camera_id
            # A silent camera is open still, and has its frames' memory.
            code = "camera_silent" if health.ring.slots else "camera_lost"
            self._post(Severity.ERROR, "camera", code, camera.fault.message, camera.fault.remedy)
        elif phase is CameraPhase.LIVE and self._camera_failed:
            if self._camera_failed == camera_id:
                self._post(Severity.INFO, "camera", "camera_back", "Frames come from the camera again.", "")
            self._camera_failed = ""

    def _look_at_loop(self, health: Health) -> None:
        stuck = health.acquisition.stuck
        if stuck and not self._stuck:
            self._post(
                Severity.ERROR,
                "camera",
                "loop_stuck",
                "The acquisition loop hangs: the camera's driver does not return. No frames are taken.",
                "Unplug the camera and plug it in again. If that does not help, stop and start Macroscope again.",
            )
        elif self._stuck and not stuck:
            self._post(Severity.INFO, "camera", "loop_turns", "The acquisition loop turns again.", "")
        self._stuck = stuck

    def _tell_failed(self, recording: RecordingSummary) -> None:
        fault = recording.fault
        message = fault.message if fault is not None else "It ended before it was asked to."
        remedy = fault.remedy if fault is not None else "Everything written before can be read."
        self._post(
            Severity.ERROR,
            "recording",
            "recording_failed",
            f"The recording {recording.run_id} failed. {message}",
            remedy,
        )

    def _look_at_drops(self, recording: RecordingSummary) -> None:
        grown = {
            reason: count - self._drops.get(reason, 0)
            for reason, count in recording.drops.items()
            if count > self._drops.get(reason, 0)
        }
        now_s = self._clock_s()
        if not grown or now_s - self._drops_told_s < DROPS_TOLD_EVERY_S:
            return
        self._drops, self._drops_told_s = dict(recording.drops), now_s
        worst = max(grown, key=lambda reason: grown[reason])
        lost = sum(recording.drops.values())
        self._post(
            Severity.WARNING,
            "recording",
            "frames_dropped",
            f"{lost} frames of this recording are lost so far, {sum(grown.values())} of them now: {_LOST_BY[worst]}.",
            _DROP_REMEDY[worst],
        )

    def _look_at_disk(self, acquisition: AcquisitionSnapshot, health: Health) -> None:
        left_s = health.disk.seconds_left
        if acquisition.phase is not AcquisitionPhase.RECORDING or left_s is None:
            return
        for limit_s, severity, code in (
            (DISK_ERROR_S, Severity.ERROR, "disk_nearly_full"),
            (DISK_WARNING_S, Severity.WARNING, "disk_low"),
        ):
            if left_s < limit_s < self._disk_told_s:
                self._disk_told_s = limit_s
                self._post(
                    severity,
                    "recording",
                    code,
                    f"The disk of {health.disk.directory} is full in {_words(left_s)} at this rate.",
                    "Free some space now. The recording ends by itself before the disk is full, "
                    "and everything until then is kept.",
                )
            if left_s < limit_s:
                return


def _words(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
