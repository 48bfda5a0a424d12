"""Whether a run that starts or ends waits for a disk that does not answer, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1.workflow_pb import RunStep

from macroscope_worker.acquisition import DropReason

from .checks import asked_folder

if TYPE_CHECKING:
    from ._ports import Instruments

TOLD_AFTER_NS: Final = 2_000_000_000
"""A disk that spins up takes its time, and nobody has to know."""
STUCK_AFTER_NS: Final = 10_000_000_000
"""From then on one can give up waiting."""


class DiskWait:
    """`look` is to be called several times a second. What moves on the disk begins the wait anew."""

    def __init__(self, instruments: Instruments) -> None:
        self._with = instruments
        self._seen: object = None
        self._waits_for = ""
        self.since_ns = 0

    def look(self, step: RunStep) -> None:
        """See how the recording stands."""
        if step not in {RunStep.STARTING, RunStep.ENDING}:
            self._seen, self._waits_for, self.since_ns = None, "", 0
            return
        snapshot = self._with.engine.acquisition()
        recording = snapshot.recording if step is RunStep.ENDING else None
        seen: object = step
        if recording is not None:
            seen = (step, snapshot.phase, recording.written_frames, recording.durable_frames, recording.bytes_written)
        if seen != self._seen:
            self._seen, self.since_ns = seen, self._with.clock()
        if recording is None:
            folder = asked_folder(self._with) or snapshot.default_directory
            self._waits_for = (
                f"The run's folder in {folder} is not made yet: its disk does not answer, or another command goes on."
            )
            return
        dropped = sum(count for reason, count in recording.drops.items() if reason is not DropReason.CAMERA_GAP)
        left = recording.captured_frames - recording.written_frames - dropped
        what = f"{left} frames wait to be written" if left > 0 else "the last frames are being made durable"
        self._waits_for = f"The disk of {recording.directory} does not answer: {what}."

    @property
    def waits_for(self) -> str:
        """What, a sentence; empty: nothing takes long."""
        return self._waits_for if self._waits_for and self._lasts_ns >= TOLD_AFTER_NS else ""

    @property
    def stuck(self) -> bool:
        """It takes so long that one can give up waiting."""
        return bool(self._waits_for) and self._lasts_ns >= STUCK_AFTER_NS

    @property
    def lasts_s(self) -> float:
        """How long nothing has moved."""
        return self._lasts_ns / 1e9

    @property
    def _lasts_ns(self) -> int:
        return self._with.clock() - self.since_ns
