"""A whole run of the real worker with a simulated camera and a display without a screen: what was recorded agrees."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from macroscope.acquisition.v1.runs_connect import RunServiceClient
from macroscope.acquisition.v1.runs_pb import ListRunsRequest
from macroscope.camera.v1.camera_connect import CameraServiceClient
from macroscope.camera.v1.camera_pb import CameraPhase, WatchCameraRequest
from macroscope.configuration.v1.acquisition_pb import AcquisitionSettings
from macroscope.configuration.v1.configuration_connect import ConfigurationServiceClient
from macroscope.configuration.v1.configuration_pb import UpdateConfigurationRequest, WatchConfigurationRequest
from macroscope.configuration.v1.settings_pb import Configuration
from macroscope.configuration.v1.stimulus_pb import Direction, StimulusSettings
from macroscope.workflow.v1.workflow_connect import WorkflowServiceClient
from macroscope.workflow.v1.workflow_pb import (
    CheckResult,
    ResumeRunRequest,
    RunOutcome,
    RunPreflightRequest,
    RunStep,
    StartRunRequest,
    SweepOutcome,
    WatchWorkflowRequest,
    WorkflowPhase,
    WorkflowState,
)
from tests.worker.process_runner import running_worker
from tests.worker.simulated_display import SimulatedDisplay

from macroscope_worker.journal import EventsReader, verify_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.rpc.client import ClientConnection

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(os.name == "nt", reason="the runner of these tests knows Unix only"),
]


async def test_sweeps_flips_and_frames_of_a_run_agree_though_its_display_went_in_the_middle(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        link, connection = await worker.connect()
        await camera_live(connection)
        await configure(connection)
        display = SimulatedDisplay(connection, "attachment-1")
        await display.open()
        workflow = connection.client(WorkflowServiceClient)
        await asyncio.sleep(1.5)  # The display's rate is measured over this time; nothing tells of its end.
        state = (await workflow.run_preflight(RunPreflightRequest(), timeout_ms=60_000)).state
        assert state is not None
        assert state.preflight is not None
        failed = [check for check in state.preflight.checks if check.result == CheckResult.FAIL]
        assert failed == []
        warned = [check.id for check in state.preflight.checks if check.result == CheckResult.WARN]
        await workflow.start_run(StartRunRequest(accepted_warnings=warned))

        await reached(connection, lambda now: step_of(now) == RunStep.SWEEP)
        await display.close()
        paused = await reached(connection, lambda now: step_of(now) == RunStep.PAUSED)
        assert paused.run is not None
        assert paused.run.pause_reason
        again = SimulatedDisplay(connection, "attachment-2")
        await again.open()
        await asyncio.sleep(1.0)
        await workflow.resume_run(ResumeRunRequest())
        ended = await reached(connection, lambda now: now.phase == WorkflowPhase.REVIEW)
        assert ended.run is not None
        assert (ended.run.outcome, ended.run.fault) == (RunOutcome.COMPLETE, None)
        shown = [(sweep.sweep_index, sweep.outcome) for sweep in ended.run.shown]
        assert shown == [
            (0, SweepOutcome.BROKEN),
            (0, SweepOutcome.COMPLETE),
            (1, SweepOutcome.COMPLETE),
        ]
        (entry,) = (await connection.client(RunServiceClient).list_runs(ListRunsRequest(most=3))).runs
        assert (entry.complete_sweeps, entry.planned_sweeps, entry.problem) == (2, 2, "")
        run = Path(ended.run.directory)
        await again.close()
        link.close()

    report = verify_run(run)
    assert report.problems == ()
    assert report.is_good
    assert (report.events.sweeps, report.events.flips > 300) == (3, True)
    with EventsReader(run / "events.mcap") as reader:
        states = [event.message() for event in reader.events() if event.topic == "/workflow"]
    steps = [state.run.step for state in states if isinstance(state, WorkflowState) and state.run is not None]
    in_order = [step for index, step in enumerate(steps) if index == 0 or step != steps[index - 1]]
    assert in_order[-1] == RunStep.ENDING
    assert in_order.index(RunStep.PAUSED) > in_order.index(RunStep.SWEEP)


async def camera_live(connection: ClientConnection) -> None:
    async for answer in connection.client(CameraServiceClient).watch_camera(WatchCameraRequest()):
        if answer.state is not None and answer.state.phase == CameraPhase.LIVE:
            return


async def configure(connection: ClientConnection) -> None:
    """Two short sweeps."""
    client = connection.client(ConfigurationServiceClient)
    state = (await anext(client.watch_configuration(WatchConfigurationRequest()))).state
    assert state is not None
    wanted = Configuration(
        acquisition=AcquisitionSettings(
            baseline_s=0.5,
            between_sweeps_s=0.5,
            sweeps_per_direction=1,
            directions=[Direction.LEFT_TO_RIGHT, Direction.TOP_TO_BOTTOM],
            # Machines that run tests are busy.
            missing_frames_percent=60.0,
        ),
        stimulus=StimulusSettings(drift_speed_deg_per_s=100.0),
    )
    paths = ["baseline_s", "between_sweeps_s", "sweeps_per_direction", "directions", "missing_frames_percent"]
    await client.update_configuration(
        UpdateConfigurationRequest(
            base_revision=state.revision,
            configuration=wanted,
            paths=[*(f"acquisition.{name}" for name in paths), "stimulus.drift_speed_deg_per_s"],
        )
    )


async def reached(connection: ClientConnection, condition: Callable[[WorkflowState], bool]) -> WorkflowState:
    async with asyncio.timeout(30):
        async for answer in connection.client(WorkflowServiceClient).watch_workflow(WatchWorkflowRequest()):
            if answer.state is not None and condition(answer.state):
                return answer.state
    raise AssertionError


def step_of(state: WorkflowState) -> RunStep:
    return state.run.step if state.run is not None else RunStep.UNSPECIFIED
