from __future__ import annotations

from dataclasses import replace

from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.workflow.v1.workflow_pb import RunOutcome, RunStep, SweepOutcome
from tests.workflow.bench import RECORDING
from tests.workflow.simulated_run import START_NS, SimulatedRun

from macroscope_worker.acquisition import DropReason
from macroscope_worker.workflow._run_progress import run_to_proto
from macroscope_worker.workflow._sequence import Cause, Failed, Pause, Trouble


def test_in_the_middle_of_a_sweep() -> None:
    run = SimulatedRun()
    run.pass_s(33)  # The third sweep, the first of the second direction.
    recording = replace(RECORDING, drops={DropReason.RING_FULL: 2, DropReason.CAMERA_GAP: 1})
    told = run_to_proto(run.sequencer, recording, run.now_ns)
    assert (told.run_id, told.directory) == ("run", "/runs/run")
    assert (told.step, told.outcome) == (RunStep.SWEEP, RunOutcome.RUNNING)
    assert (told.sweep_index, told.sweeps, told.sweep_number, told.sweeps_per_direction) == (2, 4, 1, 2)
    assert (told.direction, told.direction_number, told.directions) == (Direction.RIGHT_TO_LEFT, 2, 2)
    assert (told.started_ns, told.elapsed_s, told.remaining_s) == (START_NS, 33, 22)
    assert (told.step_started_ns, told.step_ends_ns) == (START_NS + 31 * 10**9, START_NS + 39 * 10**9)
    assert (told.captured_frames, told.dropped_frames) == (70, 3)
    assert [(s.showing, s.outcome, s.frames, s.flips) for s in told.shown] == [
        (0, SweepOutcome.COMPLETE, 300, 600),
        (1, SweepOutcome.COMPLETE, 300, 600),
        (2, SweepOutcome.RUNNING, 0, 0),
    ]


def test_before_its_recording() -> None:
    run = SimulatedRun()
    told = run_to_proto(run.sequencer, None, run.now_ns)
    assert (told.run_id, told.sweep_index, told.direction) == ("", 0, Direction.LEFT_TO_RIGHT)


def test_a_pause_counts_while_it_lasts_and_its_reason_is_told() -> None:
    run = SimulatedRun()
    run.pass_s(2)
    run.send(Pause())
    run.pass_s(10)
    told = run_to_proto(run.sequencer, None, run.now_ns)
    assert (told.paused_s, told.elapsed_s, told.pause_reason, told.step_ends_ns) == (10, 12, "", 0)
    run.send(Trouble(Cause.DISPLAY, "It is gone."))
    assert run_to_proto(run.sequencer, None, run.now_ns).pause_reason == "It is gone."


def test_an_end_stops_the_clock_and_tells_the_fault() -> None:
    run = SimulatedRun()
    run.pass_s(7)
    run.send(Failed("The disk is full.", "Free some space."))
    told = run_to_proto(run.sequencer, None, run.now_ns + 100 * 10**9)
    assert (told.elapsed_s, told.remaining_s, told.outcome) == (7, 0, RunOutcome.FAILED)
    assert told.fault is not None
    assert (told.fault.message, told.fault.remedy) == ("The disk is full.", "Free some space.")
