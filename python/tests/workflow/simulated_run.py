"""A run against a clock that the test turns: what the sequencer asks for is done, and noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macroscope.workflow.v1.workflow_pb import RunStep, SweepFault

from macroscope_worker.stimulus import Direction, PlannedSweep, RunPlan
from macroscope_worker.workflow._sequence import Finish, Judge, Judged, Shifted, ShowGrey, ShowSweep
from macroscope_worker.workflow._sequencer import Sequencer

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.workflow._sequence import Event, Reaction
    from macroscope_worker.workflow._showing import Showing

SECOND_NS = 1_000_000_000
START_NS = 5_000 * SECOND_NS


def make_plan(
    *,
    directions: int = 2,
    sweeps: int = 2,
    baseline_s: float = 5.0,
    between_s: float = 3.0,
    sweep_s: tuple[float, ...] = (10.0, 8.0),
) -> RunPlan:
    """Blocked: all sweeps of a direction, then the next."""
    planned = tuple(
        PlannedSweep(
            index=(direction - 1) * sweeps + sweep - 1,
            direction=Direction(direction),
            direction_number=direction,
            sweep_number=sweep,
            from_deg=-60.0,
            to_deg=60.0,
            duration_s=sweep_s[(direction - 1) % len(sweep_s)],
        )
        for direction in range(1, directions + 1)
        for sweep in range(1, sweeps + 1)
    )
    shown_s = sum(sweep.duration_s for sweep in planned) + (len(planned) - 1) * between_s
    return RunPlan(planned, baseline_s, between_s, 2 * baseline_s + shown_s)


def good(showing: Showing) -> str:
    """Nothing is wrong with it."""
    del showing
    return ""


@dataclass
class SimulatedRun:
    """`step_to` goes to a moment through every wake that was asked for, each `late_ns` late."""

    plan: RunPlan = field(default_factory=make_plan)
    late_ns: int = 0
    problem_of: Callable[[Showing], str] = good
    fault: SweepFault = SweepFault.DISPLAY
    """What a problem is one of."""
    now_ns: int = START_NS
    told: list[tuple[int, ShowSweep | ShowGrey]] = field(default_factory=list)
    shifts: list[int] = field(default_factory=list)
    finished: bool = False
    steps: list[tuple[RunStep, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sequencer = Sequencer(self.plan)
        self._wake_ns: int | None = None
        self._judge: list[int] = []
        self._take(self.sequencer.begin(self.now_ns))

    def send(self, event: Event) -> None:
        self._take(self.sequencer.handle(self.now_ns, event))

    def step_to(self, to_ns: int) -> None:
        """Live until then."""
        while not self.finished and self._wake_ns is not None and self._wake_ns + self.late_ns <= to_ns:
            self.now_ns = max(self.now_ns, self._wake_ns + self.late_ns)
            self._take(self.sequencer.handle(self.now_ns))
        self.now_ns = max(self.now_ns, to_ns)

    def pass_s(self, seconds: float) -> None:
        self.step_to(self.now_ns + round(seconds * SECOND_NS))

    def until(self, step: RunStep) -> None:
        """Live until a step begins."""
        for _ in range(10_000):
            if self.sequencer.step is step:
                return
            assert self._wake_ns is not None, f"nothing leads from {self.sequencer.step.name} to {step.name}"
            self.step_to(self._wake_ns + self.late_ns)
        raise AssertionError(step.name)

    def to_end(self) -> None:
        self.until(RunStep.ENDED)

    @property
    def scenes(self) -> list[ShowSweep]:
        return [scene for _, scene in self.told if isinstance(scene, ShowSweep)]

    def _take(self, reaction: Reaction) -> None:
        for action in reaction.actions:
            match action:
                case ShowSweep() | ShowGrey():
                    self.told.append((self.now_ns, action))
                case Judge(judged):
                    self._judge.append(judged)
                case Shifted(late_ns):
                    self.shifts.append(late_ns)
                case Finish():
                    assert not self.finished
                    self.finished = True
        self._wake_ns = reaction.wake_ns
        if not self.steps or self.steps[-1] != (self.sequencer.step, self.sequencer.step_started_ns):
            self.steps.append((self.sequencer.step, self.sequencer.step_started_ns))
        while self._judge:
            number = self._judge.pop(0)
            showing = self.sequencer.shown[number]
            problem = self.problem_of(showing)
            fault = self.fault if problem else SweepFault.UNSPECIFIED
            found = Judged(number, 300, 600, 0, problem, fault=fault, expected_frames=300, written_frames=300)
            self._take(self.sequencer.handle(self.now_ns, found))
        if self.finished and self.sequencer.step is RunStep.ENDING:
            self.sequencer.ended(self.now_ns)
