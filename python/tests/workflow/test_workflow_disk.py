"""Runs on a disk that is slow: what counts is what was filmed and kept, not when it was written."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from macroscope.workflow.v1.workflow_pb import RunOutcome, RunStep, SweepFault, SweepOutcome, WorkflowPhase
from tests.acquisition.disk_that_fails import DiskThatFails
from tests.workflow.day import Day, day

from macroscope_worker.journal import verify_run

if TYPE_CHECKING:
    from pathlib import Path

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
