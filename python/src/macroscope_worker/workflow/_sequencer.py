"""The sequence of a run: baselines, sweeps and pauses. Time and events go in, actions come out; it does nothing itself.

Every boundary is the planned boundary before it plus the planned duration, however late it was noticed. Only a pause
shifts the plan: the next sweep begins what was left of the interrupted grey after resuming, `LEAD_NS` at the least.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from macroscope.workflow.v1.workflow_pb import RunOutcome, RunStep, SweepFault, SweepOutcome

from ._sequence import (
    Action,
    Cause,
    Failed,
    Finish,
    Judge,
    Judged,
    Pause,
    Reaction,
    Resume,
    Shifted,
    ShowGrey,
    ShowSweep,
    StopAfterSweep,
    StopNow,
    Trouble,
)
from ._showing import Showing

if TYPE_CHECKING:
    from macroscope_worker.stimulus import PlannedSweep, RunPlan

    from ._sequence import Event

LEAD_NS: Final = 1_000_000_000
"""From a resume to the next sweep, at the least."""
AHEAD_NS: Final = 250_000_000
"""The display knows of a sweep so long before it begins, unless the grey before it is shorter."""
LEAST_AHEAD_NS: Final = 50_000_000
"""A worker that was held up puts a sweep off which it could tell of only later than that."""
JUDGE_AFTER_NS: Final = 500_000_000
"""The last flips of a sweep and its last frames have arrived by then."""

_GREY: Final = frozenset({RunStep.BASELINE_BEFORE, RunStep.BETWEEN_SWEEPS})


class Sequencer:
    """One run, from `begin` to `ended`. Its attributes are for reading."""

    def __init__(self, plan: RunPlan) -> None:
        self.plan = plan
        self.step = RunStep.STARTING
        self.step_started_ns = 0
        self.step_ends_ns = 0
        """0: when somebody says so."""
        self.started_ns = 0
        self.ended_ns = 0
        self.shown: list[Showing] = []
        self.pending: deque[PlannedSweep] = deque(plan.sweeps)
        self.pause_asked = False
        self.pause_reason = ""
        self.pause_cause: Cause | None = None
        self.stop_after_sweep = False
        self.outcome = RunOutcome.RUNNING
        self.failure: Failed | None = None
        self.paused_ns = 0
        self.left_ns = 0
        """PAUSED: what is left of the grey that was interrupted."""
        self.boundaries = 0
        """Grows with each step that begins."""
        self._resume_step = RunStep.BETWEEN_SWEEPS
        self.stop_at_begin = False
        """STARTING: somebody asked to stop it."""
        self._now_ns = 0
        self._actions: list[Action] = []

    # What goes in.

    def begin(self, now_ns: int) -> Reaction:
        """The recording runs: the first baseline begins, so late that the display knows of the first sweep in time."""
        self.started_ns = self._now_ns = now_ns
        baseline_ns = _ns(self.plan.baseline_s)
        if self.stop_at_begin:
            self._end(now_ns, RunOutcome.STOPPED)
        elif self.failure is not None:
            self._end(now_ns, RunOutcome.FAILED)
        else:
            asked = self.pause_asked
            self._grey(RunStep.BASELINE_BEFORE, max(now_ns, now_ns + AHEAD_NS - baseline_ns), baseline_ns)
            if asked:
                self._pause(now_ns, baseline_ns, RunStep.BASELINE_BEFORE)
        return self._reaction()

    def handle(self, now_ns: int, event: Event | None = None) -> Reaction:
        """Go on to `now_ns`, and take what happened then. A late call changes no boundary that has passed."""
        self._now_ns = max(self._now_ns, now_ns)
        if self.step not in {RunStep.STARTING, RunStep.ENDED}:
            self._advance()
        if event is not None and self.step is not RunStep.ENDED:
            self._take(event)
            if self.step is not RunStep.STARTING:
                self._advance()
        return self._reaction()

    def ended(self, now_ns: int, failure: Failed | None = None) -> None:
        """The recording has ended, well or with a failure."""
        if failure is not None:
            self.failure = self.failure or failure
            self.outcome = RunOutcome.FAILED
        self._enter(RunStep.ENDED, max(now_ns, self.step_started_ns), 0)
        self.ended_ns = self.step_started_ns

    def recount(self, found: Judged) -> bool:
        """Look at a showing again that was judged: flips may have come late, and frames have been lost with the disk.

        Whether that changes anything. Of a run that has not failed, what it counts as stays.
        """
        showing = self.shown[found.showing]
        before = showing.to_proto()
        showing.count(found)
        if self.failure is not None and found.problem and showing.outcome is SweepOutcome.COMPLETE:
            showing.break_off(SweepFault.RUN_FAILED, found.problem)
        return showing.to_proto() != before

    # What is read.

    @property
    def current(self) -> Showing | None:
        """The sweep that is being shown."""
        return self.shown[-1] if self.step is RunStep.SWEEP else None

    @property
    def sweeps_left(self) -> bool:
        """One is being shown, or is to be."""
        return bool(self.pending) or self.step is RunStep.SWEEP

    def remaining_ns(self, now_ns: int) -> int:
        """Until the end, if nobody pauses it; of a paused run from its resuming on."""
        if self.step in {RunStep.ENDING, RunStep.ENDED}:
            return 0
        after_ns = _ns(self.plan.baseline_s)
        if self.step is RunStep.BASELINE_AFTER:
            return max(self.step_ends_ns - now_ns, 0)
        if self.stop_after_sweep:
            return max(self.step_ends_ns - now_ns, 0) + after_ns
        sweeps_ns = sum(_ns(sweep.duration_s) for sweep in self.pending)
        greys = len(self.pending) - (0 if self.step is RunStep.SWEEP else 1)
        rest_ns = sweeps_ns + max(greys, 0) * _ns(self.plan.between_sweeps_s) + after_ns
        if self.step is RunStep.STARTING:
            return _ns(self.plan.duration_s)
        if self.step is RunStep.PAUSED:
            return max(self.left_ns, LEAD_NS) + rest_ns
        return max(self.step_ends_ns - now_ns, 0) + rest_ns

    # Time.

    def _advance(self) -> None:
        while True:
            self._judge_what_is_due()
            if not self.step_ends_ns or self._now_ns < self.step_ends_ns:
                return
            if self.step is RunStep.BASELINE_AFTER and not all(showing.judged for showing in self.shown):
                return  # A sweep that does not count is shown again, so the run does not end before that is known.
            self._pass(self.step_ends_ns)

    def _pass(self, at_ns: int) -> None:
        """What was planned to end at this moment ends."""
        if self.step in _GREY:
            self._begin_sweep(at_ns)
        elif self.step is RunStep.SWEEP:
            self._end_sweep(at_ns)
        else:
            complete = not self.pending
            self._end(at_ns, RunOutcome.COMPLETE if complete else RunOutcome.STOPPED)

    def _begin_sweep(self, at_ns: int) -> None:
        sweep = self.pending.popleft()
        self.shown.append(Showing(len(self.shown), sweep, at_ns))
        self._enter(RunStep.SWEEP, at_ns, at_ns + _ns(sweep.duration_s))

    def _end_sweep(self, at_ns: int) -> None:
        showing = self.shown[-1]
        showing.ended_ns = at_ns
        if showing.outcome is SweepOutcome.BROKEN:
            self.pending.appendleft(showing.sweep)
        if self.stop_after_sweep or not self.pending:
            # Nothing is left to pause before.
            self._forget_pause()
            self._enter(RunStep.BASELINE_AFTER, at_ns, at_ns + _ns(self.plan.baseline_s))
        elif self.pause_asked:
            self._pause(at_ns, _ns(self.plan.between_sweeps_s), RunStep.BETWEEN_SWEEPS)
        else:
            self._grey(RunStep.BETWEEN_SWEEPS, at_ns, _ns(self.plan.between_sweeps_s))

    def _grey(self, step: RunStep, at_ns: int, duration_ns: int) -> None:
        """Grey until the next sweep, which the display is told of now."""
        sweep, begins_ns = self.pending[0], at_ns + duration_ns
        least_ns = min(LEAST_AHEAD_NS, duration_ns // 2)
        if begins_ns - self._now_ns < least_ns:
            put_off_ns = self._now_ns + LEAD_NS
            self._actions.append(Shifted(put_off_ns - begins_ns))
            begins_ns = put_off_ns
        self._enter(step, at_ns, begins_ns)
        ends_ns = begins_ns + _ns(sweep.duration_s)
        self._actions.append(ShowSweep(len(self.shown), sweep, begins_ns, ends_ns))

    def _pause(self, at_ns: int, left_ns: int, resume_step: RunStep) -> None:
        self.pause_asked = False
        self.left_ns, self._resume_step = max(left_ns, 0), resume_step
        self._enter(RunStep.PAUSED, at_ns, 0)
        self._actions.append(ShowGrey())

    def _end(self, at_ns: int, outcome: RunOutcome) -> None:
        self._forget_pause()
        self.outcome = outcome
        self._enter(RunStep.ENDING, at_ns, 0)
        self._actions.append(ShowGrey())
        self._finish_when_judged()

    def _finish_when_judged(self) -> None:
        for showing in self.shown:
            self._ask_judgement(showing)
        if all(showing.judged for showing in self.shown):
            self._actions.append(Finish())

    def _judge_what_is_due(self) -> None:
        for showing in self.shown:
            if showing.ended_ns and self._now_ns >= showing.ended_ns + JUDGE_AFTER_NS:
                self._ask_judgement(showing)

    def _ask_judgement(self, showing: Showing) -> None:
        if not showing.judging:
            showing.judging = True
            self._actions.append(Judge(showing.number))

    def _enter(self, step: RunStep, at_ns: int, ends_ns: int) -> None:
        self.step, self.step_started_ns, self.step_ends_ns = step, at_ns, ends_ns
        self.boundaries += 1

    def _reaction(self) -> Reaction:
        actions, self._actions = tuple(self._actions), []
        wakes = [
            showing.ended_ns + JUDGE_AFTER_NS for showing in self.shown if showing.ended_ns and not showing.judging
        ]
        if self.step_ends_ns > self._now_ns:
            wakes.append(self.step_ends_ns)
        return Reaction(actions, min(wakes, default=None))

    # Events.

    def _take(self, event: Event) -> None:
        match event:
            case Pause():
                self._ask_pause(Cause.ASKED, "")
            case Resume():
                self._resume()
            case StopAfterSweep():
                self._stop_after_sweep()
            case StopNow():
                self._stop(RunOutcome.STOPPED, SweepFault.STOPPED, "It was cut short: somebody stopped the run.")
            case Trouble(cause, reason):
                self._trouble(cause, reason)
            case Failed():
                self.failure = self.failure or event
                self._stop(RunOutcome.FAILED, SweepFault.RUN_FAILED, f"It was cut short: {event.message}")
            case Judged():
                self._judged(event)

    def _ask_pause(self, cause: Cause, reason: str) -> None:
        if self.stop_after_sweep or not self.sweeps_left:
            return
        if self.pause_cause in {None, Cause.ASKED}:
            self.pause_cause, self.pause_reason = cause, reason
        if self.step in _GREY:
            self._pause(self._now_ns, self.step_ends_ns - self._now_ns, self.step)
        elif self.step in {RunStep.SWEEP, RunStep.STARTING}:
            self.pause_asked = True

    def _resume(self) -> None:
        if self.step is RunStep.PAUSED:
            self.paused_ns += self._now_ns - self.step_started_ns
            self._forget_pause()
            self._grey(self._resume_step, self._now_ns, max(self.left_ns, LEAD_NS))
        elif self.pause_asked:
            self._forget_pause()

    def _forget_pause(self) -> None:
        self.pause_asked, self.pause_reason, self.pause_cause = False, "", None

    def _stop_after_sweep(self) -> None:
        if self.step is RunStep.STARTING:
            self.stop_at_begin = True
        if self.step is RunStep.STARTING or not self.sweeps_left:
            return
        self.stop_after_sweep = True
        if self.step is RunStep.PAUSED:
            self.paused_ns += self._now_ns - self.step_started_ns
        self._forget_pause()
        if self.step is not RunStep.SWEEP:
            self._actions.append(ShowGrey())
            self._enter(RunStep.BASELINE_AFTER, self._now_ns, self._now_ns + _ns(self.plan.baseline_s))

    def _stop(self, outcome: RunOutcome, fault: SweepFault, reason: str) -> None:
        if self.step is RunStep.STARTING:
            self.stop_at_begin = outcome is RunOutcome.STOPPED
            return
        if self.step is RunStep.ENDING:
            self.outcome = RunOutcome.FAILED if outcome is RunOutcome.FAILED else self.outcome
            return
        if self.step is RunStep.PAUSED:
            self.paused_ns += self._now_ns - self.step_started_ns
        showing = self.current
        if showing is not None:
            showing.ended_ns = self._now_ns
            showing.break_off(fault, reason)
        self._end(self._now_ns, outcome)

    def _trouble(self, cause: Cause, reason: str) -> None:
        showing = self.current
        if showing is not None:
            showing.break_off(SweepFault.CAMERA if cause is Cause.CAMERA else SweepFault.DISPLAY, reason)
        self._ask_pause(cause, reason)

    def _judged(self, found: Judged) -> None:
        showing = self.shown[found.showing]
        if showing.judged:
            return
        showing.judged = True
        showing.count(found)
        if showing.outcome is SweepOutcome.RUNNING:
            showing.outcome = SweepOutcome.COMPLETE
            if found.problem:
                showing.break_off(found.fault, found.problem)
                self._show_again(showing, found.remedy)
        if self.step is RunStep.ENDING:
            self._finish_when_judged()

    def _show_again(self, showing: Showing, remedy: str) -> None:
        """It looked whole until its flips and frames were counted."""
        lacks_frames = showing.fault is SweepFault.FRAMES_MISSING
        cause = Cause.FRAMES if lacks_frames else Cause.DISPLAY
        reason = f"{showing.name} does not count. {showing.reason} {remedy}".strip()
        self.pending.appendleft(showing.sweep)
        if self.stop_after_sweep or self.step is RunStep.ENDING:
            if self.outcome is RunOutcome.COMPLETE:
                self.outcome = RunOutcome.STOPPED
            return
        if self.step is RunStep.BASELINE_AFTER:
            self.pause_cause, self.pause_reason = cause, reason
            self._pause(self._now_ns, _ns(self.plan.between_sweeps_s), RunStep.BETWEEN_SWEEPS)
        else:
            self._ask_pause(cause, reason)


def _ns(seconds: float) -> int:
    return round(seconds * 1e9)
