"""One sweep that is or was shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.workflow.v1.workflow_pb import Sweep, SweepOutcome

if TYPE_CHECKING:
    from macroscope_worker.stimulus import PlannedSweep


@dataclass(slots=True)
class Showing:
    """Changed by the sequencer only."""

    number: int
    sweep: PlannedSweep
    started_ns: int
    ended_ns: int = 0
    outcome: SweepOutcome = SweepOutcome.RUNNING
    frames: int = 0
    flips: int = 0
    missed_refreshes: int = 0
    reason: str = ""
    judging: bool = False
    judged: bool = False

    def break_off(self, reason: str) -> None:
        """It does not count; the first reason stays."""
        if self.outcome is not SweepOutcome.BROKEN:
            self.outcome, self.reason = SweepOutcome.BROKEN, reason

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
        )
