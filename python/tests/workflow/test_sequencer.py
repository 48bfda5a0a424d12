from __future__ import annotations

import pytest
from macroscope.workflow.v1.workflow_pb import RunOutcome, RunStep, SweepFault, SweepOutcome
from tests.workflow.simulated_run import SECOND_NS, START_NS, SimulatedRun, make_plan

from macroscope_worker.workflow._sequence import (
    Cause,
    Failed,
    Judged,
    Pause,
    Resume,
    ShowGrey,
    StopAfterSweep,
    StopNow,
    Trouble,
)
from macroscope_worker.workflow._sequencer import AHEAD_NS, JUDGE_AFTER_NS, LEAD_NS, Sequencer

LOST = Trouble(Cause.DISPLAY, "The stimulus display is gone.")


def seconds(run: SimulatedRun) -> list[tuple[str, float]]:
    return [(step.name, (at_ns - START_NS) / SECOND_NS) for step, at_ns in run.steps]


def test_a_run_that_nobody_disturbs() -> None:
    run = SimulatedRun()
    run.to_end()
    assert seconds(run) == [
        ("BASELINE_BEFORE", 0),
        ("SWEEP", 5),
        ("BETWEEN_SWEEPS", 15),
        ("SWEEP", 18),
        ("BETWEEN_SWEEPS", 28),
        ("SWEEP", 31),
        ("BETWEEN_SWEEPS", 39),
        ("SWEEP", 42),
        ("BASELINE_AFTER", 50),
        ("ENDING", 55),
    ]
    assert run.sequencer.outcome is RunOutcome.COMPLETE
    assert [(s.number, s.sweep.index, s.outcome, s.frames, s.flips) for s in run.sequencer.shown] == [
        (number, number, SweepOutcome.COMPLETE, 300, 600) for number in range(4)
    ]


def test_a_late_event_loop_moves_no_boundary() -> None:
    prompt, late = SimulatedRun(), SimulatedRun(late_ns=2 * SECOND_NS)
    prompt.to_end()
    late.to_end()
    assert [(s.started_ns, s.ended_ns) for s in late.sequencer.shown] == [
        (s.started_ns, s.ended_ns) for s in prompt.sequencer.shown
    ]
    assert [scene.started_ns for scene in late.scenes] == [scene.started_ns for scene in prompt.scenes]
    assert late.shifts == []


def test_one_wake_may_cover_several_boundaries() -> None:
    run = SimulatedRun(make_plan(between_s=20.0))
    reaction = run.sequencer.handle(START_NS + 16 * SECOND_NS)
    assert run.sequencer.step is RunStep.BETWEEN_SWEEPS
    assert run.sequencer.shown[0].ended_ns == START_NS + 15 * SECOND_NS
    assert reaction.wake_ns == START_NS + 35 * SECOND_NS


def test_the_display_is_told_of_a_sweep_at_the_beginning_of_the_grey_before_it() -> None:
    run = SimulatedRun()
    run.to_end()
    ahead_s = [(scene.started_ns - at) / SECOND_NS for at, scene in run.told if not isinstance(scene, ShowGrey)]
    assert ahead_s == [5, 3, 3, 3]
    assert [(scene.showing, scene.sweep.index) for scene in run.scenes] == [(n, n) for n in range(4)]


def test_a_short_baseline_begins_so_late_that_the_display_knows_in_time() -> None:
    run = SimulatedRun(make_plan(baseline_s=0.1))
    assert run.scenes[0].started_ns - START_NS == AHEAD_NS
    run.to_end()
    assert run.sequencer.shown[0].started_ns == START_NS + AHEAD_NS


def test_held_up_beyond_the_next_sweep_it_is_put_off_and_said() -> None:
    run = SimulatedRun()
    run.step_to(START_NS + 6 * SECOND_NS)
    run.late_ns = 4 * SECOND_NS  # The sweep ends at 15 s, the next would begin at 18 s.
    run.step_to(START_NS + 19 * SECOND_NS)
    assert run.scenes[-1].started_ns == START_NS + 19 * SECOND_NS + LEAD_NS
    assert run.shifts == [2 * SECOND_NS]


class TestPausing:
    def test_in_a_sweep_waits_for_its_end(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(Pause())
        assert (run.sequencer.step, run.sequencer.pause_asked) == (RunStep.SWEEP, True)
        run.pass_s(60)
        assert run.sequencer.step is RunStep.PAUSED
        assert run.sequencer.step_started_ns == START_NS + 15 * SECOND_NS
        assert run.sequencer.pause_reason == ""
        assert isinstance(run.told[-1][1], ShowGrey)

    def test_in_the_grey_is_at_once(self) -> None:
        run = SimulatedRun()
        run.pass_s(2)
        run.send(Pause())
        assert run.sequencer.step is RunStep.PAUSED
        assert isinstance(run.told[-1][1], ShowGrey)

    def test_resuming_goes_on_with_what_was_left_of_the_grey(self) -> None:
        run = SimulatedRun()
        run.pass_s(2)
        run.send(Pause())
        run.pass_s(100)
        run.send(Resume())
        assert run.sequencer.step is RunStep.BASELINE_BEFORE
        assert run.scenes[-1].started_ns == START_NS + 105 * SECOND_NS
        assert run.sequencer.paused_ns == 100 * SECOND_NS
        run.to_end()
        assert run.sequencer.outcome is RunOutcome.COMPLETE

    def test_resuming_leaves_the_display_a_lead(self) -> None:
        run = SimulatedRun()
        run.pass_s(4.9)
        run.send(Pause())
        run.send(Resume())
        assert run.scenes[-1].started_ns == run.now_ns + LEAD_NS

    def test_resuming_takes_a_pause_back_that_has_not_begun(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(Pause())
        run.send(Resume())
        run.to_end()
        assert "PAUSED" not in [name for name, _ in seconds(run)]

    def test_asked_while_the_recording_starts_is_kept(self) -> None:
        sequencer = Sequencer(make_plan())
        sequencer.handle(START_NS, Pause())
        sequencer.begin(START_NS + 1)
        assert (sequencer.step, sequencer.pause_asked) == (RunStep.PAUSED, False)


class TestStopping:
    def test_now_cuts_the_sweep_short(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(StopNow())
        assert run.finished
        assert run.sequencer.outcome is RunOutcome.STOPPED
        showing = run.sequencer.shown[0]
        assert (showing.outcome, showing.ended_ns) == (SweepOutcome.BROKEN, run.now_ns)
        assert "stopped the run" in showing.reason

    def test_after_the_sweep_ends_with_a_baseline(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(StopAfterSweep())
        run.to_end()
        assert seconds(run)[-3:] == [("SWEEP", 5), ("BASELINE_AFTER", 15), ("ENDING", 20)]
        assert run.sequencer.outcome is RunOutcome.STOPPED
        assert run.sequencer.shown[0].outcome is SweepOutcome.COMPLETE

    def test_after_the_last_sweep_it_is_complete(self) -> None:
        run = SimulatedRun()
        run.pass_s(45)
        run.send(StopAfterSweep())
        run.to_end()
        assert run.sequencer.outcome is RunOutcome.COMPLETE

    @pytest.mark.parametrize("at_s", [2, 16])
    def test_after_the_sweep_without_one_goes_to_the_last_baseline_at_once(self, at_s: float) -> None:
        run = SimulatedRun()
        run.pass_s(at_s)
        run.send(StopAfterSweep())
        assert run.sequencer.step is RunStep.BASELINE_AFTER
        run.to_end()
        assert run.sequencer.ended_ns == START_NS + round((at_s + 5) * SECOND_NS)

    def test_now_while_it_ends_after_the_sweep(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(StopAfterSweep())
        run.pass_s(9)
        assert run.sequencer.step is RunStep.BASELINE_AFTER
        run.send(StopNow())
        assert run.finished

    def test_while_the_recording_starts(self) -> None:
        sequencer = Sequencer(make_plan())
        sequencer.handle(START_NS, StopNow())
        assert sequencer.step is RunStep.STARTING
        sequencer.begin(START_NS + 1)
        assert (sequencer.step, sequencer.outcome) == (RunStep.ENDING, RunOutcome.STOPPED)

    def test_a_pause_that_was_asked_gives_way(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(Pause())
        run.send(StopAfterSweep())
        run.to_end()
        assert run.sequencer.paused_ns == 0


class TestTrouble:
    def test_in_a_sweep_breaks_it_pauses_after_it_and_shows_it_again(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(LOST)
        assert run.sequencer.pause_reason == LOST.reason
        run.pass_s(20)
        assert run.sequencer.step is RunStep.PAUSED
        run.send(Resume())
        run.to_end()
        assert [(s.number, s.sweep.index, s.outcome) for s in run.sequencer.shown] == [
            (0, 0, SweepOutcome.BROKEN),
            (1, 0, SweepOutcome.COMPLETE),
            (2, 1, SweepOutcome.COMPLETE),
            (3, 2, SweepOutcome.COMPLETE),
            (4, 3, SweepOutcome.COMPLETE),
        ]
        assert run.sequencer.outcome is RunOutcome.COMPLETE

    def test_in_the_last_sweep_too(self) -> None:
        run = SimulatedRun()
        run.pass_s(45)
        run.send(LOST)
        run.pass_s(10)
        assert run.sequencer.step is RunStep.PAUSED
        run.send(Resume())
        run.to_end()
        assert [s.sweep.index for s in run.sequencer.shown] == [0, 1, 2, 3, 3]

    def test_in_the_grey_pauses_at_once(self) -> None:
        run = SimulatedRun()
        run.pass_s(16)
        run.send(LOST)
        assert (run.sequencer.step, run.sequencer.pause_reason) == (RunStep.PAUSED, LOST.reason)
        assert run.sequencer.shown[0].outcome is SweepOutcome.COMPLETE or not run.sequencer.shown[0].judged

    def test_the_reason_replaces_somebodys_asking_and_no_other_reason(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(Pause())
        run.send(LOST)
        run.send(Trouble(Cause.CAMERA, "later"))
        assert run.sequencer.pause_reason == LOST.reason

    def test_after_the_last_sweep_changes_nothing(self) -> None:
        run = SimulatedRun()
        run.pass_s(52)
        run.send(LOST)
        run.to_end()
        assert run.sequencer.outcome is RunOutcome.COMPLETE

    def test_while_it_ends_after_the_sweep_repeats_nothing(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(StopAfterSweep())
        run.send(LOST)
        run.to_end()
        assert [s.outcome for s in run.sequencer.shown] == [SweepOutcome.BROKEN]
        assert run.sequencer.outcome is RunOutcome.STOPPED

    def test_a_failure_ends_it(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(Failed("The disk is full.", "Free some space."))
        assert run.finished
        assert run.sequencer.outcome is RunOutcome.FAILED
        assert run.sequencer.shown[0].reason == "It was cut short: The disk is full."

    def test_a_failure_of_its_end(self) -> None:
        run = SimulatedRun()
        run.pass_s(7)
        run.send(StopNow())
        run.sequencer.ended(run.now_ns, Failed("The disk is full.", ""))
        assert run.sequencer.outcome is RunOutcome.FAILED


class TestJudging:
    def test_comes_when_the_last_flips_have_arrived(self) -> None:
        run = SimulatedRun()
        run.step_to(START_NS + 15 * SECOND_NS + JUDGE_AFTER_NS - 1)
        assert run.sequencer.shown[0].outcome is SweepOutcome.RUNNING
        run.pass_s(1e-9)
        assert run.sequencer.shown[0].outcome is SweepOutcome.COMPLETE

    @pytest.mark.parametrize("between_s", [3.0, 0.2])
    def test_a_sweep_that_was_not_seen_is_shown_again(self, between_s: float) -> None:
        """With a short grey the next sweep has begun by then: it is shown to its end, then comes the pause."""
        bad = {0}
        run = SimulatedRun(
            make_plan(between_s=between_s), problem_of=lambda s: "Nothing was shown." if s.number in bad else ""
        )
        run.until(RunStep.PAUSED)
        assert run.sequencer.pause_reason == "Sweep 1 left to right does not count. Nothing was shown."
        run.send(Resume())
        run.to_end()
        complete = [s.sweep.index for s in run.sequencer.shown if s.outcome is SweepOutcome.COMPLETE]
        assert sorted(complete) == [0, 1, 2, 3]
        assert run.sequencer.outcome is RunOutcome.COMPLETE

    def test_one_that_lacks_frames_is_shown_again(self) -> None:
        run = SimulatedRun(
            fault=SweepFault.FRAMES_MISSING, problem_of=lambda s: "" if s.number else "It lacks 9 frames."
        )
        run.until(RunStep.PAUSED)
        assert (run.sequencer.pause_cause, run.sequencer.shown[0].fault) == (Cause.FRAMES, SweepFault.FRAMES_MISSING)
        assert run.sequencer.pause_reason == "Sweep 1 left to right does not count. It lacks 9 frames."
        run.send(Resume())
        run.to_end()
        assert run.sequencer.outcome is RunOutcome.COMPLETE

    def test_the_last_one_is_shown_again_though_the_last_baseline_has_begun(self) -> None:
        run = SimulatedRun(problem_of=lambda s: "Nothing was shown." if s.number == 3 else "")
        run.until(RunStep.PAUSED)
        run.send(Resume())
        run.to_end()
        assert [s.sweep.index for s in run.sequencer.shown] == [0, 1, 2, 3, 3]

    def test_the_end_waits_for_the_judgement(self) -> None:
        sequencer = Sequencer(make_plan(directions=1, sweeps=1, baseline_s=0.3))
        sequencer.begin(START_NS)
        sequencer.handle(START_NS + 10 * SECOND_NS + 650_000_000)
        assert sequencer.step is RunStep.BASELINE_AFTER
        sequencer.handle(START_NS + 12 * SECOND_NS)
        assert sequencer.step is RunStep.BASELINE_AFTER
        sequencer.handle(START_NS + 13 * SECOND_NS, Judged(0, 1, 1, 0))
        assert sequencer.outcome is RunOutcome.COMPLETE

    def test_counts_once(self) -> None:
        run = SimulatedRun()
        run.pass_s(16)
        run.send(Judged(0, 1, 1, 1, "again"))
        assert run.sequencer.shown[0].frames == 300


def test_what_is_left_grows_less_by_the_clock_and_not_in_a_pause() -> None:
    run = SimulatedRun()
    left_s = [run.sequencer.remaining_ns(run.now_ns) / SECOND_NS]
    for _ in range(4):
        run.pass_s(12)
        left_s.append(run.sequencer.remaining_ns(run.now_ns) / SECOND_NS)
    assert left_s == [55, 43, 31, 19, 7]
    paused = SimulatedRun()
    paused.pass_s(2)
    paused.send(Pause())
    paused.pass_s(50)
    assert paused.sequencer.remaining_ns(paused.now_ns) == 53 * SECOND_NS
