from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.rpc.v1.options_pb import Role
from macroscope.workflow.v1.errors_pb import TransitionRefused
from macroscope.workflow.v1.workflow_connect import WorkflowServiceClient
from macroscope.workflow.v1.workflow_pb import (
    EnterPhaseRequest,
    PauseRunRequest,
    RecoverRequest,
    ResumeRunRequest,
    RunOutcome,
    RunPreflightRequest,
    RunStep,
    StartRunRequest,
    StopMode,
    StopRunRequest,
    Verb,
    WatchWorkflowRequest,
    WorkflowPhase,
)
from tests.rpc.pair import SERVER
from tests.rpc.serving import bare
from tests.workflow.day import Day, day

from macroscope_worker.rpc.server import Server
from macroscope_worker.services.error_mapping import translate
from macroscope_worker.services.workflow import WorkflowService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def served(
    folder: Path, role: Role = Role.OPERATOR, *, drift_deg_per_s: float = 200.0
) -> AsyncIterator[tuple[Day, WorkflowServiceClient]]:
    """The workflow over a link in memory."""
    async with day(folder, drift_deg_per_s=drift_deg_per_s) as here:
        server = Server(SERVER, [WorkflowService(here.workflow)], translate=translate)
        try:
            yield here, (await bare(server, role=role)).client(WorkflowServiceClient)
        finally:
            server.close()


def refusal(error: ConnectError) -> TransitionRefused:
    detail = error.details[0].value(TransitionRefused)
    assert detail is not None
    assert detail.guard is not None
    assert detail.guard.reason in error.message
    return detail


async def test_a_run_by_its_methods(tmp_path: Path) -> None:
    async with served(tmp_path, drift_deg_per_s=20) as (here, client):
        here.display.open()
        state = (await client.run_preflight(RunPreflightRequest())).state
        assert state is not None
        assert state.preflight is not None
        assert state.phase == WorkflowPhase.PRE_FLIGHT
        accepted = [check.id for check in state.preflight.checks]
        state = (await client.start_run(StartRunRequest(accepted_warnings=accepted))).state
        assert state is not None
        assert state.phase == WorkflowPhase.ACQUISITION
        with pytest.raises(ConnectError) as caught:
            await client.start_run(StartRunRequest(accepted_warnings=accepted))
        assert caught.value.code is Code.ABORTED
        assert refusal(caught.value).verb == Verb.START_RUN
        await here.until_step(RunStep.SWEEP)
        state = (await client.pause_run(PauseRunRequest())).state
        assert state is not None
        assert state.run is not None
        assert state.run.pause_asked
        state = (await client.resume_run(ResumeRunRequest())).state
        assert state is not None
        assert state.run is not None
        assert not state.run.pause_asked
        state = (await client.stop_run(StopRunRequest(mode=StopMode.AFTER_SWEEP))).state
        assert state is not None
        assert state.run is not None
        assert state.run.stop_after_sweep_asked
        await client.stop_run(StopRunRequest(mode=StopMode.NOW))
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.REVIEW)
        assert here.run.outcome == RunOutcome.STOPPED
        state = (await client.enter_phase(EnterPhaseRequest(phase=WorkflowPhase.SET_UP))).state
        assert state is not None
        assert state.phase == WorkflowPhase.SET_UP


async def test_a_refusal_names_verb_phase_and_guard(tmp_path: Path) -> None:
    async with served(tmp_path) as (_, client):
        with pytest.raises(ConnectError) as caught:
            await client.recover(RecoverRequest())
        assert caught.value.code is Code.FAILED_PRECONDITION
        refused = refusal(caught.value)
        assert (refused.verb, refused.phase) == (Verb.RECOVER, WorkflowPhase.SET_UP)
        assert refused.guard is not None
        assert refused.guard.id == "fault_there"
        with pytest.raises(ConnectError) as caught:
            await client.start_run(StartRunRequest())
        assert refusal(caught.value).guard.id == "checks_first"  # type: ignore[union-attr]


@pytest.mark.parametrize("phase", [WorkflowPhase.UNSPECIFIED, WorkflowPhase.ACQUISITION, WorkflowPhase.ERROR])
async def test_no_phase_is_entered_that_the_schema_forbids(tmp_path: Path, phase: WorkflowPhase) -> None:
    async with served(tmp_path) as (_, client):
        with pytest.raises(ConnectError) as caught:
            await client.enter_phase(EnterPhaseRequest(phase=phase))
        assert caught.value.code is Code.INVALID_ARGUMENT


async def test_a_viewer_watches_and_starts_nothing(tmp_path: Path) -> None:
    async with served(tmp_path, Role.VIEWER) as (here, client):
        states = client.watch_workflow(WatchWorkflowRequest())
        first = (await anext(states)).state
        assert first is not None
        assert first.phase == WorkflowPhase.SET_UP
        assert [entry.verb for entry in first.transitions] == [verb for verb in Verb if verb != Verb.UNSPECIFIED]
        with pytest.raises(ConnectError) as caught:
            await client.start_run(StartRunRequest())
        assert caught.value.code is Code.PERMISSION_DENIED
        checking = asyncio.create_task(here.workflow.run_preflight())
        second = (await anext(states)).state
        assert second is not None
        assert (second.phase, second.revision > first.revision) == (WorkflowPhase.PRE_FLIGHT, True)
        await checking
        await states.aclose()  # type: ignore[attr-defined]


async def test_a_run_tells_of_itself_five_times_a_second(tmp_path: Path) -> None:
    async with served(tmp_path, drift_deg_per_s=20) as (here, client):
        await here.ready()
        await here.start()
        await here.until_step(RunStep.SWEEP)
        states = client.watch_workflow(WatchWorkflowRequest())
        loop = asyncio.get_running_loop()
        await anext(states)
        began, told = loop.time(), 0
        elapsed_s: list[float] = []
        while loop.time() - began < 2:
            state = (await anext(states)).state
            assert state is not None
            assert state.run is not None
            elapsed_s.append(state.run.elapsed_s)
            told += 1
        assert 6 <= told <= 21
        assert elapsed_s == sorted(elapsed_s)
        await states.aclose()  # type: ignore[attr-defined]
