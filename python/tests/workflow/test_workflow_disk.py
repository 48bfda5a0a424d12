"""Runs on a disk that is slow: what counts is what was filmed and kept, not when it was written."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.workflow.v1.workflow_pb import (
    RunOutcome,
    RunStep,
    StopMode,
    SweepFault,
    SweepOutcome,
    Verb,
    WorkflowPhase,
)
from tests.acquisition.disk_that_fails import DiskThatFails
from tests.acquisition.scripted_camera import eventually
from tests.workflow.day import Day, day

from macroscope_worker.acquisition import AcquisitionPhase, RecordingOutcome
from macroscope_worker.journal import verify_run
from macroscope_worker.workflow import TransitionRefused, _disk_wait

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope.workflow.v1.workflow_pb import Transition

pytestmark = pytest.mark.asyncio


async def problems(here: Day) -> tuple[str, ...]:
    return (await asyncio.to_thread(verify_run, here.folder / "recordings" / here.run.run_id)).problems


async def test_a_sweep_whose_frames_were_dropped_is_shown_again(tmp_path: Path) -> None:
    disk = DiskThatFails()
    # Memory for eight frames: a quarter of a second.
    async with day(
        tmp_path, drift_deg_per_s=60, sweeps=1, missing_frames_percent=20, storage=disk, ring_bytes=1
    ) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        disk.hang()
        await here.until_step(RunStep.BETWEEN_SWEEPS)
        disk.go_on()
        await here.until_step(RunStep.PAUSED)
        sweep = here.run.shown[0]
        assert (sweep.outcome, sweep.broken_by) == (SweepOutcome.BROKEN, SweepFault.FRAMES_MISSING)
        assert sweep.written_frames < 0.8 * sweep.frames <= 0.8 * sweep.expected_frames
        assert "could not be written" in here.run.pause_reason
        assert "sweep_frames_missing" in here.codes()
        await here.workflow.resume_run()
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.REVIEW, 30)
        assert here.run.outcome == RunOutcome.COMPLETE
        assert [s.sweep_index for s in here.run.shown if s.outcome == SweepOutcome.COMPLETE] in ([0, 1], [1, 0])
        assert await problems(here) == ()


async def test_a_disk_that_is_behind_at_the_end_of_a_sweep_takes_no_frame_from_it(tmp_path: Path) -> None:
    disk = DiskThatFails()
    async with day(
        tmp_path, drift_deg_per_s=60, sweeps=1, between_s=5, missing_frames_percent=20, storage=disk
    ) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        disk.hang()
        await here.until_step(RunStep.BETWEEN_SWEEPS)
        await here.until(lambda: here.run.shown[0].outcome != SweepOutcome.RUNNING)
        sweep = here.run.shown[0]
        # Nothing of it is on the disk yet, and it is known all the same.
        assert sweep.outcome == SweepOutcome.COMPLETE
        assert sweep.written_frames == sweep.frames > 0
        disk.go_on()
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.REVIEW, 30)
        assert here.run.outcome == RunOutcome.COMPLETE
        assert await problems(here) == ()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten seconds in a test."""
    monkeypatch.setattr(_disk_wait, "TOLD_AFTER_NS", 300_000_000)
    monkeypatch.setattr(_disk_wait, "STUCK_AFTER_NS", 600_000_000)


async def until_waiting(here: Day) -> None:
    await here.until(lambda: bool(here.run.waiting_for))
    assert 0 < here.run.waiting_since_ns <= here.workflow.state.stated_ns
    await here.until(lambda: stop_now(here).allowed)


def stop_now(here: Day) -> Transition:
    return next(entry for entry in here.workflow.state.transitions if entry.verb == Verb.STOP_NOW)


@pytest.mark.usefixtures("impatient")
async def test_a_run_that_ends_on_a_disk_that_hangs_can_be_given_up(tmp_path: Path) -> None:
    disk = DiskThatFails()
    async with day(tmp_path, drift_deg_per_s=20, storage=disk) as here:
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        await here.until(lambda: here.run.captured_frames > 5)
        disk.hang()
        await here.workflow.stop_run(StopMode.NOW)
        await here.until_step(RunStep.ENDING)
        await until_waiting(here)
        assert str(tmp_path) in here.run.waiting_for
        await here.workflow.stop_run(StopMode.NOW)
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.ERROR)
        assert here.run.outcome == RunOutcome.FAILED
        assert here.run.fault is not None
        assert "gave up waiting" in here.run.fault.message
        # The camera goes on, and the day too.
        frames = here.engine.health().camera.frames
        await asyncio.to_thread(eventually, here.engine, lambda: here.engine.health().camera.frames > frames)
        assert (await here.workflow.recover()).phase == WorkflowPhase.REVIEW
        await here.workflow.run_preflight()
        with pytest.raises(TransitionRefused) as refused:
            await here.start()
        assert refused.value.guard.id == "disk_answers"
        disk.go_on()
        await here.until(lambda: here.engine.acquisition().phase is AcquisitionPhase.IDLE)
        # Nothing else is lost: what waited has been written.
        report = await asyncio.to_thread(verify_run, tmp_path / "recordings" / here.run.run_id)
        assert report.frames.problems == ()
        assert report.frames.outcome is RecordingOutcome.COMPLETE


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("when", ["at once", "when it hangs"])
async def test_a_run_that_starts_on_a_disk_that_hangs_can_be_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        answers = threading.Event()
        start = here.engine.start_recording

        def hangs(*arguments: Any) -> Any:
            answers.wait(10)
            return start(*arguments)

        monkeypatch.setattr(here.engine, "start_recording", hangs)
        starting = asyncio.create_task(here.start())
        await here.until(lambda: here.workflow.running)
        if when == "at once":
            await here.workflow.stop_run(StopMode.NOW)
        await here.until(lambda: here.workflow.state.run is not None and bool(here.run.waiting_for))
        assert "folder" in here.run.waiting_for
        assert 0 < here.run.waiting_since_ns <= here.workflow.state.stated_ns
        if when == "when it hangs":
            while not here.workflow._facts().disk_stuck:  # noqa: ASYNC110 - no state tells of it
                await asyncio.sleep(0.02)
            await here.workflow.stop_run(StopMode.NOW)
        await starting
        state = here.workflow.state
        assert (state.phase, state.recovers_to) == (WorkflowPhase.ERROR, WorkflowPhase.PRE_FLIGHT)
        assert state.fault is not None
        assert "could not be started" in state.fault.message
        assert not here.desk.store.state.run_active
        assert "run_failed" in here.codes()
        answers.set()
        await here.workflow.recover()
        monkeypatch.setattr(here.engine, "start_recording", start)
        await here.start()
        await here.until_step(RunStep.SWEEP)
        assert len(list((tmp_path / "recordings").iterdir())) == 1
