"""The sequencer under random plans, pauses, losses and late wakes: what it says is true, whatever happens."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from macroscope.workflow.v1.workflow_pb import RunOutcome, RunStep, SweepOutcome
from tests.workflow.simulated_run import SECOND_NS, START_NS, SimulatedRun, make_plan

from macroscope_worker.workflow._sequence import (
    Cause,
    Failed,
    Pause,
    Resume,
    ShowGrey,
    StopAfterSweep,
    StopNow,
    Trouble,
)
from macroscope_worker.workflow._sequencer import AHEAD_NS, JUDGE_AFTER_NS, LEAST_AHEAD_NS

LOST = Trouble(Cause.DISPLAY, "The stimulus display is gone.")

EVENTS = st.sampled_from([Pause(), Resume(), LOST, Trouble(Cause.CAMERA, "no frames")])
STOPS = st.sampled_from([StopNow(), StopAfterSweep(), Failed("The disk is full.", "")])
PLANS = st.builds(
    make_plan,
    directions=st.integers(1, 4),
    sweeps=st.integers(1, 3),
    baseline_s=st.floats(0.1, 20),
    between_s=st.floats(0.1, 20),
    sweep_s=st.lists(st.floats(0.05, 30), min_size=1, max_size=4).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(
    plan=PLANS,
    events=st.lists(st.tuples(st.floats(0, 40), EVENTS, st.integers(0, 6 * SECOND_NS)), max_size=25),
    stop=st.none() | STOPS,
    bad=st.sets(st.integers(0, 6), max_size=3),
)
def test_whatever_happens(plan: object, events: list[tuple[float, object, int]], stop: object, bad: set[int]) -> None:
    """Pauses, losses, late wakes and broken sweeps in any order: the run ends, and what it says is true."""
    run = SimulatedRun(plan, problem_of=lambda s: "not seen" if s.number in bad else "")  # type: ignore[arg-type]
    for after_s, event, late_ns in events:
        run.late_ns = late_ns
        run.pass_s(after_s)
        if not run.finished:
            run.send(event)  # type: ignore[arg-type]
    if stop is not None and not run.finished:
        run.send(stop)  # type: ignore[arg-type]
    run.late_ns = 0
    for _ in range(500):
        if run.finished:
            break
        run.pass_s(30)
        if run.sequencer.step is RunStep.PAUSED:
            run.send(Resume())
    assert run.finished
    check(run, stopped=stop is not None)


def check(run: SimulatedRun, *, stopped: bool) -> None:
    sequencer, plan = run.sequencer, run.plan
    shown = sequencer.shown
    assert [s.number for s in shown] == list(range(len(shown)))
    between_ns = round(plan.between_sweeps_s * SECOND_NS)
    for before, after in pairwise(shown):
        # No sweep overlaps another, and the grey between them is never shorter than planned.
        assert after.started_ns - before.ended_ns >= between_ns
    for showing in shown:
        scenes = [scene for scene in run.scenes if scene.showing == showing.number]
        # It was shown as the display was told last, and the plan says how long.
        assert (scenes[-1].sweep, scenes[-1].started_ns) == (showing.sweep, showing.started_ns)
        planned_ns = round(showing.sweep.duration_s * SECOND_NS)
        cut = stopped and showing is shown[-1] and showing.outcome is SweepOutcome.BROKEN
        assert showing.ended_ns - showing.started_ns == planned_ns or cut
        assert showing.judged
        assert showing.outcome in {SweepOutcome.COMPLETE, SweepOutcome.BROKEN}
        assert bool(showing.reason) == (showing.outcome is SweepOutcome.BROKEN)
    for at_ns, scene in run.told:
        if not isinstance(scene, ShowGrey):
            assert scene.started_ns - at_ns >= min(LEAST_AHEAD_NS, between_ns // 2)
    complete = [s.sweep.index for s in shown if s.outcome is SweepOutcome.COMPLETE]
    assert len(complete) == len(set(complete))
    if not stopped or sequencer.outcome is RunOutcome.COMPLETE:
        assert sorted(complete) == list(range(len(plan.sweeps)))
        assert sequencer.outcome is RunOutcome.COMPLETE
    assert sequencer.remaining_ns(run.now_ns) == 0
    assert sequencer.handle(run.now_ns + SECOND_NS, Resume()).actions == ()


@settings(max_examples=50, deadline=None)
@given(plan=PLANS)
def test_the_plan_says_how_long_it_takes(plan: object) -> None:
    run = SimulatedRun(plan)  # type: ignore[arg-type]
    put_off_ns = max(0, AHEAD_NS - round(run.plan.baseline_s * SECOND_NS))
    assert abs(run.sequencer.remaining_ns(START_NS) - put_off_ns - run.plan.duration_s * SECOND_NS) < 1000
    run.to_end()
    took_ns = run.sequencer.step_started_ns - START_NS - put_off_ns
    waits_ns = max(0, JUDGE_AFTER_NS - round(run.plan.baseline_s * SECOND_NS))
    assert abs(took_ns - run.plan.duration_s * SECOND_NS) <= waits_ns + 1000
