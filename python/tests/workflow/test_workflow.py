"""Whole short runs, with the real engine, a simulated camera, and a display that tells of its flips."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.configuration.v1.session_pb import SessionSettings
from macroscope.workflow.v1.workflow_pb import (
    CheckResult,
    Fault,
    Run,
    RunOutcome,
    RunStep,
    StopMode,
    Sweep,
    SweepOutcome,
    WorkflowPhase,
)
from tests.workflow.day import day

from macroscope_worker.cameras.simulated import SimulatedCortexCamera
from macroscope_worker.journal import verify_run
from macroscope_worker.recording import RunReader
from macroscope_worker.workflow import RunMemory, TransitionRefused

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio


async def test_a_whole_run(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        assert here.workflow.state.phase == WorkflowPhase.SET_UP
        await here.ready()
        preflight = here.workflow.state.preflight
        assert preflight is not None
        assert [check for check in preflight.checks if check.result == CheckResult.FAIL] == []
        await here.start()
        assert here.workflow.state.phase == WorkflowPhase.ACQUISITION
        assert here.desk.store.state.run_active
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.REVIEW)
        run = here.run
        assert (run.step, run.outcome, run.remaining_s) == (RunStep.ENDED, RunOutcome.COMPLETE, 0)
        assert [(s.sweep_index, s.direction, s.sweep_number, s.outcome) for s in run.shown] == [
            (0, 1, 1, SweepOutcome.COMPLETE),
            (1, 1, 2, SweepOutcome.COMPLETE),
            (2, 3, 1, SweepOutcome.COMPLETE),
            (3, 3, 2, SweepOutcome.COMPLETE),
        ]
        assert not here.desk.store.state.run_active
        # The steps came in their order, each state newer than the one before.
        steps = [state.run.step for state in here.states if state.run is not None]
        assert [step for step, after in pairwise([*steps, None]) if step != after] == [
            RunStep.STARTING,
            RunStep.BASELINE_BEFORE,
            *[RunStep.SWEEP, RunStep.BETWEEN_SWEEPS] * 3,
            RunStep.SWEEP,
            RunStep.BASELINE_AFTER,
            RunStep.ENDING,
            RunStep.ENDED,
        ]
        assert all(after.revision > before.revision for before, after in pairwise(here.states))
        # Boundaries are the plan's, to the nanosecond.
        plan = here.desk.store.plan()
        for sweep, planned in zip(run.shown, plan.sweeps, strict=True):
            assert sweep.ended_ns - sweep.started_ns == round(planned.duration_s * 1e9)
        for before, after in pairwise(run.shown):
            assert after.started_ns - before.ended_ns == 400_000_000
        # Frames are those of the recording's own table, flips those of the display.
        records = RunReader(tmp_path / "recordings" / run.run_id).table.records["received_ns"]
        for sweep in run.shown:
            assert sweep.frames == int(((records >= sweep.started_ns) & (records < sweep.ended_ns)).sum())
            assert sweep.frames == sweep.written_frames > 0
            assert sweep.frames <= sweep.expected_frames
            assert abs(sweep.flips - 60 * (sweep.ended_ns - sweep.started_ns) / 1e9) <= 2
        report = await asyncio.to_thread(verify_run, tmp_path / "recordings" / run.run_id)
        assert report.problems == ()
        assert report.events.sweeps == 4
        configuration = json.loads((tmp_path / "recordings" / run.run_id / "configuration.json").read_text())
        assert "day" in json.dumps(configuration)
        assert [code for code in here.codes() if code.startswith("run_")] == ["run_started", "run_complete"]
        assert preflight.outdated == ""
        assert here.workflow.state.preflight is not None
        assert here.workflow.state.preflight.outdated == "A run was made since."


async def test_paused_and_with_the_display_lost_it_becomes_complete(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        state = await here.workflow.pause_run()
        assert state.run is not None
        assert state.run.pause_asked
        assert (await here.workflow.pause_run()).run is not None  # Asked again it is no refusal.
        await here.until_step(RunStep.PAUSED)
        assert here.run.step_ends_ns == 0
        paused = here.run.captured_frames
        await here.until(lambda: here.run.captured_frames > paused)  # It is recorded on.
        await here.workflow.resume_run()
        await here.until_step(RunStep.SWEEP)
        await here.display.lose("Its window crashed.")
        await here.until_step(RunStep.PAUSED)
        assert "Its window crashed." in here.run.pause_reason
        assert here.run.shown[-1].outcome == SweepOutcome.BROKEN
        with pytest.raises(TransitionRefused) as refused:
            await here.workflow.resume_run()
        assert refused.value.guard.id == "display_attached"
        assert "Its window crashed." in refused.value.guard.reason
        here.display.open()
        await asyncio.sleep(0.2)
        await here.workflow.resume_run()
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.REVIEW, 20)
        assert here.run.outcome == RunOutcome.COMPLETE
        assert [(s.showing, s.sweep_index, s.outcome) for s in here.run.shown] == [
            (0, 0, SweepOutcome.COMPLETE),
            (1, 1, SweepOutcome.BROKEN),
            (2, 1, SweepOutcome.COMPLETE),
            (3, 2, SweepOutcome.COMPLETE),
            (4, 3, SweepOutcome.COMPLETE),
        ]
        assert here.run.paused_s > 0
        told = [code for code in here.codes() if code in {"sweep_broken", "stimulus_window_lost"} or code[:4] == "run_"]
        assert told == [
            "run_started",
            "run_paused",
            "run_resumed",
            "sweep_broken",
            "stimulus_window_lost",
            "run_complete",
        ]


async def test_a_display_that_falls_silent(tmp_path: Path) -> None:
    async with day(tmp_path, drift_deg_per_s=60, sweeps=1) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        here.display.silent = True
        await here.until(lambda: here.run.pause_asked)
        assert "no flips for 1." in here.run.pause_reason
        await here.until_step(RunStep.PAUSED)
        await asyncio.sleep(1.0)
        with pytest.raises(TransitionRefused) as refused:
            await here.workflow.resume_run()
        assert refused.value.guard.id == "flips_arrive"
        here.display.silent = False
        await asyncio.sleep(0.2)
        await here.workflow.resume_run()
        await here.workflow.stop_run(StopMode.NOW)


async def test_stopping_now_answers_at_once(tmp_path: Path) -> None:
    async with day(tmp_path, drift_deg_per_s=20) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        captured = here.run.captured_frames
        await here.until(lambda: here.run.captured_frames > captured + 5)
        loop = asyncio.get_running_loop()
        asked = loop.time()
        state = await here.workflow.stop_run(StopMode.NOW)
        assert loop.time() - asked < 0.5
        assert state.run is not None
        assert state.run.step == RunStep.ENDING
        assert (await here.workflow.stop_run(StopMode.NOW)).run is not None
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.REVIEW)
        assert here.run.outcome == RunOutcome.STOPPED
        assert here.run.shown[0].frames > 0


async def test_whatever_breaks_when_a_run_has_ended_it_is_reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        raise ZeroDivisionError

    async with day(tmp_path) as here:
        await here.ready()
        await here.start()
        monkeypatch.setattr(here.desk.store, "hold_for_run", breaks)
        monkeypatch.setattr(here.desk.stage, "end_run", breaks)
        await here.workflow.stop_run(StopMode.NOW)
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.REVIEW)
        assert not here.workflow.running


async def test_a_recording_that_is_ended_beside_the_run_fails_it(tmp_path: Path) -> None:
    async with day(tmp_path, drift_deg_per_s=20) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        await asyncio.to_thread(here.engine.stop_recording)
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.ERROR)
        state = here.workflow.state
        assert here.run.outcome == RunOutcome.FAILED
        assert state.fault is not None
        assert "ended beside the run" in state.fault.message
        assert state.recovers_to == WorkflowPhase.REVIEW
        assert (await here.workflow.recover()).phase == WorkflowPhase.REVIEW
        assert "run_failed" in here.codes()


async def test_a_camera_that_is_lost_fails_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with day(tmp_path, drift_deg_per_s=20) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)

        def lost(*_: object) -> None:
            raise OSError("unplugged")

        monkeypatch.setattr(SimulatedCortexCamera, "next_frame", lost)
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.ERROR)
        assert here.run.outcome == RunOutcome.FAILED
        assert here.run.fault is not None
        assert "unplugged" in here.run.fault.message
        assert here.run.shown[0].reason.startswith("It was cut short: ")
        assert "camera_silent_in_run" not in here.codes()


async def test_phases_can_be_gone_between_where_nothing_runs(tmp_path: Path) -> None:
    async with day(tmp_path, started_up=False) as here:
        assert here.workflow.state.phase == WorkflowPhase.START_UP
        with pytest.raises(TransitionRefused) as refused:
            await here.workflow.enter_phase(WorkflowPhase.REVIEW)
        assert refused.value.guard.id == "started_up"
        here.workflow.started_up()
        with pytest.raises(TransitionRefused) as refused:
            await here.workflow.enter_phase(WorkflowPhase.REVIEW)
        assert refused.value.guard.id == "run_kept"
        await here.workflow.run_preflight()
        assert here.workflow.state.phase == WorkflowPhase.PRE_FLIGHT
        assert (await here.workflow.enter_phase(WorkflowPhase.SET_UP)).phase == WorkflowPhase.SET_UP


async def test_checks_that_are_asked_for_twice_are_made_once(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        first, second = await asyncio.gather(here.workflow.run_preflight(), here.workflow.run_preflight())
        assert first.preflight is not None
        assert second.preflight is not None
        assert first.preflight.made_ns == second.preflight.made_ns


async def test_a_fault_from_anywhere(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        here.workflow.fail(Fault(message="The light went out."), recovers_to=WorkflowPhase.SET_UP)
        with pytest.raises(TransitionRefused):
            await here.workflow.run_preflight()
        assert (await here.workflow.recover()).phase == WorkflowPhase.SET_UP


async def test_the_run_stands_on_the_disk_at_each_boundary(tmp_path: Path) -> None:
    """A worker that is killed between two of them leaves the one before."""
    async with day(tmp_path, drift_deg_per_s=100) as here:
        await here.ready()
        await here.start()
        memory = RunMemory(tmp_path / "runtime")
        await here.until(lambda: len(here.run.shown) == 2 and here.run.shown[0].outcome == SweepOutcome.COMPLETE)
        await asyncio.sleep(0.2)
        kept = memory.load()
        assert kept is not None
        assert kept.run_id == here.run.run_id
        assert [sweep.outcome for sweep in kept.shown] == [SweepOutcome.COMPLETE, SweepOutcome.RUNNING]


async def test_after_a_worker_that_was_killed(tmp_path: Path) -> None:
    shown = [Sweep(sweep_index=0, outcome=SweepOutcome.COMPLETE), Sweep(sweep_index=1, outcome=SweepOutcome.RUNNING)]
    memory = RunMemory(tmp_path / "runtime")
    memory.note(Run(run_id="cut", step=RunStep.SWEEP, outcome=RunOutcome.RUNNING, sweeps=4, shown=shown))
    await memory.written()
    async with day(tmp_path) as here:
        state = here.workflow.state
        assert (state.phase, state.recovers_to) == (WorkflowPhase.ERROR, WorkflowPhase.REVIEW)
        assert state.fault is not None
        assert "1 of 4 sweeps are complete" in state.fault.message
        assert here.run.outcome == RunOutcome.FAILED
        assert here.run.shown[1].outcome == SweepOutcome.BROKEN
        assert here.codes() == ["run_cut_short"]
        assert (await here.workflow.recover()).phase == WorkflowPhase.REVIEW
    async with day(tmp_path / "again") as here:
        assert here.workflow.state.phase == WorkflowPhase.SET_UP


async def test_the_workers_end_ends_the_run(tmp_path: Path) -> None:
    async with day(tmp_path, drift_deg_per_s=20) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        await here.workflow.close()
        kept = RunMemory(tmp_path / "runtime").load()
        assert kept is not None
        assert (kept.step, kept.outcome) == (RunStep.ENDED, RunOutcome.STOPPED)
        assert RunReader(tmp_path / "recordings" / kept.run_id).info.ended is not None


async def test_what_may_change_in_a_run_changes(tmp_path: Path) -> None:
    async with day(tmp_path, drift_deg_per_s=20) as here:
        await here.ready()
        await here.start()
        await here.configure(session=SessionSettings(notes="It sleeps."))
        assert here.workflow.running
