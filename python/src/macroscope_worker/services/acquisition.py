"""Recording the live camera to disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from macroscope.acquisition.v1 import acquisition_connect
from macroscope.acquisition.v1.acquisition_pb import (
    StartRecordingRequest,
    StartRecordingResponse,
    StopRecordingRequest,
    StopRecordingResponse,
    WatchAcquisitionRequest,
    WatchAcquisitionResponse,
)

from macroscope_worker.errors import FolderUnwritable

from .acquisition_translation import acquisition_to_proto, summary_to_proto
from .news import News, Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from .engine_port import EnginePort
    from .engine_threads import EngineThreads

STATE_GAP_S: Final = 0.1
"""The state is told at most ten times a second."""


class AcquisitionService(acquisition_connect.AcquisitionService):
    """Serves the engine's recording."""

    def __init__(self, engine: EnginePort, threads: EngineThreads) -> None:
        self._engine = engine
        self._threads = threads

    async def start_recording(
        self, request: StartRecordingRequest, ctx: RequestContext[Any, Any], /
    ) -> StartRecordingResponse:
        """Make a new run folder and record every frame from now on."""
        del ctx
        directory = Path(request.directory) if request.directory else None
        if directory is not None and not directory.is_absolute():
            # Else it would lie wherever the worker was started.
            raise FolderUnwritable(directory, "it is no full path")
        snapshot = await self._threads.command(
            lambda cancellation: self._engine.start_recording(
                request.name, directory, request.planned_frames, cancellation
            )
        )
        return StartRecordingResponse(state=acquisition_to_proto(snapshot))

    async def stop_recording(
        self, request: StopRecordingRequest, ctx: RequestContext[Any, Any], /
    ) -> StopRecordingResponse:
        """End the recording; the last summary when none runs."""
        del request, ctx
        summary = await self._threads.stop(self._engine.stop_recording)
        return StopRecordingResponse(summary=summary_to_proto(summary) if summary is not None else None)

    async def watch_acquisition(
        self, request: WatchAcquisitionRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchAcquisitionResponse]:
        """The state now, and again as it changes."""
        del request, ctx
        news = News()
        pace = Pace(STATE_GAP_S)
        unsubscribe = self._engine.subscribe(news.tell)
        try:
            revision = -1
            while True:
                await pace.wait()
                snapshot = self._engine.acquisition()
                while snapshot.revision == revision:
                    await news.wait()
                    snapshot = self._engine.acquisition()
                revision = snapshot.revision
                yield WatchAcquisitionResponse(state=acquisition_to_proto(snapshot))
        finally:
            unsubscribe()
