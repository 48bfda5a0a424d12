"""A run in a real worker process that is killed, or asked to end, in the middle of it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest
from macroscope.configuration.v1.acquisition_pb import AcquisitionSettings
from macroscope.configuration.v1.configuration_connect import ConfigurationServiceClient
from macroscope.configuration.v1.configuration_pb import UpdateConfigurationRequest, WatchConfigurationRequest
from macroscope.configuration.v1.settings_pb import Configuration
from macroscope.stimulus.v1.stimulus_connect import StimulusServiceClient
from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest
from macroscope.workflow.v1.workflow_connect import WorkflowServiceClient
from macroscope.workflow.v1.workflow_pb import (
    RecoverRequest,
    RunOutcome,
    RunPreflightRequest,
    RunStep,
    StartRunRequest,
    SweepOutcome,
    WatchWorkflowRequest,
    WorkflowPhase,
)
from tests.worker.process_runner import RunningWorker, running_worker

from macroscope_worker.workflow import RunMemory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macroscope.workflow.v1.workflow_pb import WorkflowState

    from macroscope_worker.rpc.client import ClientConnection

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(os.name == "nt", reason="the runner of these tests knows Unix only"),
]


async def until(client: WorkflowServiceClient, holds: Callable[[WorkflowState], bool]) -> WorkflowState:
    """The first state in which it holds."""
    async with asyncio.timeout(30):
        async for told in client.watch_workflow(WatchWorkflowRequest()):
            assert told.state is not None
            if holds(told.state):
                return told.state
    raise AssertionError


def wait_until_remembered(worker: RunningWorker) -> None:
    """Until the sweep stands on the disk."""
    for _ in range(500):
        kept = RunMemory(worker.runtime).load()
        if kept is not None and kept.shown:
            return
        time.sleep(0.02)
    raise AssertionError


async def run_to_the_first_sweep(connection: ClientConnection) -> tuple[asyncio.Task[None], WorkflowState]:
    """Attach a display, make the checks, start, and wait for a sweep."""
    workflow = connection.client(WorkflowServiceClient)
    await until(workflow, lambda state: state.phase == WorkflowPhase.SET_UP)
    configuration = connection.client(ConfigurationServiceClient)
    # The settings of the camera that was just opened are a change too, and one that comes when it likes.
    async for now in configuration.watch_configuration(WatchConfigurationRequest()):
        assert now.state is not None
        choice = now.state.configuration.camera if now.state.configuration is not None else None
        if choice is not None and choice.camera_id and choice.settings is not None:
            break
    else:
        raise AssertionError
    await configuration.update_configuration(
        UpdateConfigurationRequest(
            base_revision=now.state.revision,
            configuration=Configuration(acquisition=AcquisitionSettings(baseline_s=0.3)),
            paths=["acquisition.baseline_s"],
        )
    )
    scenes = connection.client(StimulusServiceClient).attach_display(
        AttachDisplayRequest(attachment_id="display-of-a-test", width_px=1920, height_px=1080)
    )

    async def attached() -> None:
        async for _ in scenes:
            pass

    display = asyncio.create_task(attached())
    await asyncio.sleep(0)
    checked = (await workflow.run_preflight(RunPreflightRequest())).state
    assert checked is not None
    assert checked.preflight is not None
    accepted = [check.id for check in checked.preflight.checks]
    await workflow.start_run(StartRunRequest(accepted_warnings=accepted))
    return display, await until(workflow, lambda state: state.run is not None and state.run.step == RunStep.SWEEP)


async def test_killed_in_a_sweep_the_next_worker_says_what_is_complete(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        link, connection = await worker.connect()
        display, state = await run_to_the_first_sweep(connection)
        assert state.run is not None
        # The memory is written behind the boundary.
        await asyncio.to_thread(wait_until_remembered, worker)
        worker.process.kill()
        await worker.process.wait()
        display.cancel()
        link.close()
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        _, connection = await worker.connect()
        workflow = connection.client(WorkflowServiceClient)
        after = await until(workflow, lambda state: state.phase != WorkflowPhase.START_UP)
        assert after.phase == WorkflowPhase.ERROR
        assert after.fault is not None
        assert "0 of 40 sweeps are complete" in after.fault.message
        assert after.run is not None
        assert (after.run.run_id, after.run.outcome) == (state.run.run_id, RunOutcome.FAILED)
        assert [sweep.outcome for sweep in after.run.shown] == [SweepOutcome.BROKEN]
        recovered = (await workflow.recover(RecoverRequest())).state
        assert recovered is not None
        assert recovered.phase == WorkflowPhase.REVIEW


async def test_asked_to_end_it_stops_the_run_first(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        _, connection = await worker.connect()
        display, _ = await run_to_the_first_sweep(connection)
        worker.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(worker.process.wait(), 20) == 0
        display.cancel()
        kept = await asyncio.to_thread(RunMemory(worker.runtime).load)
        assert kept is not None
        assert (kept.step, kept.outcome) == (RunStep.ENDED, RunOutcome.STOPPED)


async def test_nobody_left_it_goes_on_until_the_run_has_ended(tmp_path: Path) -> None:
    """Without a host and a window; the display went with them, so the run pauses and keeps the worker."""
    async with running_worker(tmp_path, "--linger-s", "0.2") as worker:
        await worker.listening()
        link, connection = await worker.connect()
        display, _ = await run_to_the_first_sweep(connection)
        display.cancel()
        link.close()
        worker.let_go()
        await asyncio.sleep(1)
        assert worker.process.returncode is None
