"""One sweep that is or was shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.workflow.v1.workflow_pb import Sweep, SweepFault, SweepOutcome

if TYPE_CHECKING:
    from macroscope_worker.stimulus import PlannedSweep

    from ._sequence import Judged


_WAYS: Final = {1: "left to right", 2: "right to left", 3: "top to bottom", 4: "bottom to top"}


@dataclass(slots=True)
class Showing:
    """Changed by the sequencer only."""

    number: int
    sweep: PlannedSweep
    started_ns: int
    ended_ns: int = 0
    outcome: SweepOutcome = SweepOutcome.RUNNING
    frames: int = 0
    expected_frames: int = 0
    written_frames: int = 0
    flips: int = 0
    missed_refreshes: int = 0
    fault: SweepFault = SweepFault.UNSPECIFIED
    reason: str = ""
    judging: bool = False
    judged: bool = False

    @property
    def name(self) -> str:
        """As people call it: "Sweep 3 left to right"."""
        return f"Sweep {self.sweep.sweep_number} {_WAYS.get(int(self.sweep.direction), '')}".strip()

    def break_off(self, fault: SweepFault, reason: str) -> None:
        """It does not count; the first reason stays."""
        if self.outcome is not SweepOutcome.BROKEN:
            self.outcome, self.fault, self.reason = SweepOutcome.BROKEN, fault, reason

    def count(self, found: Judged) -> None:
        """Take the numbers; what it counts as stays."""
        self.frames, self.expected_frames, self.written_frames = (
            found.frames,
            found.expected_frames,
            found.written_frames,
        )
        self.flips, self.missed_refreshes = found.flips, found.missed_refreshes

    def to_proto(self) -> Sweep:
        """As the contract has it."""
        return Sweep(
            showing=self.number,
            sweep_index=self.sweep.index,
            direction=Direction(self.sweep.direction),
            sweep_number=self.sweep.sweep_number,
            started_ns=self.started_ns,
            ended_ns=self.ended_ns,
            outcome=self.outcome,
            frames=self.frames,
            flips=self.flips,
            missed_refreshes=self.missed_refreshes,
            reason=self.reason,
            broken_by=self.fault,
            expected_frames=self.expected_frames,
            written_frames=self.written_frames,
        )
