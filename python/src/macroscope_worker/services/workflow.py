"""The operator's day: phases, checks and the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from macroscope.workflow.v1 import workflow_connect
from macroscope.workflow.v1.workflow_pb import (
    EnterPhaseRequest,
    EnterPhaseResponse,
    PauseRunRequest,
    PauseRunResponse,
    RecoverRequest,
    RecoverResponse,
    ResumeRunRequest,
    ResumeRunResponse,
    RunPreflightRequest,
    RunPreflightResponse,
    StartRunRequest,
    StartRunResponse,
    StopRunRequest,
    StopRunResponse,
    WatchWorkflowRequest,
    WatchWorkflowResponse,
)

from .news import News, Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from macroscope_worker.workflow import Workflow

STATE_GAP_S: Final = 0.1
"""The state is told at most ten times a second: boundaries come between the five of a run."""


class WorkflowService(workflow_connect.WorkflowService):
    """Serves the workflow. What it refuses gets its code in `error_mapping`."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow

    async def watch_workflow(
        self, request: WatchWorkflowRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchWorkflowResponse]:
        """The state now, and again as it changes."""
        del request, ctx
        news = News()
        pace = Pace(STATE_GAP_S)
        unsubscribe = self._workflow.subscribe(news.tell)
        try:
            revision = -1
            while True:
                await pace.wait()
                while self._workflow.state.revision == revision:
                    await news.wait()
                state = self._workflow.state
                revision = state.revision
                yield WatchWorkflowResponse(state=state)
        finally:
            unsubscribe()

    async def enter_phase(self, request: EnterPhaseRequest, ctx: RequestContext[Any, Any], /) -> EnterPhaseResponse:
        """Go to set-up or review."""
        del ctx
        return EnterPhaseResponse(state=await self._workflow.enter_phase(request.phase))

    async def run_preflight(
        self, request: RunPreflightRequest, ctx: RequestContext[Any, Any], /
    ) -> RunPreflightResponse:
        """Make the checks."""
        del request, ctx
        return RunPreflightResponse(state=await self._workflow.run_preflight())

    async def start_run(self, request: StartRunRequest, ctx: RequestContext[Any, Any], /) -> StartRunResponse:
        """Start the run."""
        del ctx
        return StartRunResponse(state=await self._workflow.start_run(request.accepted_warnings))

    async def pause_run(self, request: PauseRunRequest, ctx: RequestContext[Any, Any], /) -> PauseRunResponse:
        """Pause at the end of the sweep."""
        del request, ctx
        return PauseRunResponse(state=await self._workflow.pause_run())

    async def resume_run(self, request: ResumeRunRequest, ctx: RequestContext[Any, Any], /) -> ResumeRunResponse:
        """Go on."""
        del request, ctx
        return ResumeRunResponse(state=await self._workflow.resume_run())

    async def stop_run(self, request: StopRunRequest, ctx: RequestContext[Any, Any], /) -> StopRunResponse:
        """End the run early."""
        del ctx
        return StopRunResponse(state=await self._workflow.stop_run(request.mode))

    async def recover(self, request: RecoverRequest, ctx: RequestContext[Any, Any], /) -> RecoverResponse:
        """Leave the error."""
        del request, ctx
        return RecoverResponse(state=await self._workflow.recover())
