"""The stimulus: the display that shows it, its flips, and tests."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from macroscope.stimulus.v1 import stimulus_connect
from macroscope.stimulus.v1.stimulus_pb import (
    AttachDisplayRequest,
    AttachDisplayResponse,
    ReportFlipsRequest,
    ReportFlipsResponse,
    ShowTestRequest,
    ShowTestResponse,
    WatchStimulusRequest,
    WatchStimulusResponse,
)

from .news import News, Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from macroscope_worker.stimulus import Stage

STATE_GAP_S: Final = 0.2
"""The state is told at most five times a second."""
STALE_AFTER_S: Final = 1.0
"""When no flips come, the figures still age."""

_GONE: Final = "The stimulus window was closed, or the connection with it broke."


class StimulusService(stimulus_connect.StimulusService):
    """Serves the stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def attach_display(
        self, request: AttachDisplayRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[AttachDisplayResponse]:
        """The scene now, and each that follows, for as long as the display is there. Of two in a row the newer."""
        del ctx
        stage, news = self._stage, News()
        attachment = stage.attach(request)
        unsubscribe = stage.subscribe(news.tell)
        try:
            told = 0
            while attachment.held:
                if stage.scene.number != told:
                    told = stage.scene.number
                    yield AttachDisplayResponse(scene=stage.scene)
                else:
                    await news.wait()
        finally:
            unsubscribe()
            attachment.end(_GONE)

    async def report_flips(self, request: ReportFlipsRequest, ctx: RequestContext[Any, Any], /) -> ReportFlipsResponse:
        """Take what was presented."""
        del ctx
        assert request.batch is not None  # The schema requires it.
        return ReportFlipsResponse(next_index=self._stage.take(request.attachment_id, request.batch))

    async def watch_stimulus(
        self, request: WatchStimulusRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchStimulusResponse]:
        """What is shown and how well, now and as it changes."""
        del request, ctx
        stage, news, pace = self._stage, News(), Pace(STATE_GAP_S)
        unsubscribe = stage.subscribe(news.tell)
        try:
            while True:
                await pace.wait()
                yield WatchStimulusResponse(state=stage.state())
                if not stage.attached:
                    await news.wait()
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(STALE_AFTER_S):
                        await news.wait()
                    continue
                stage.touch()
        finally:
            unsubscribe()

    async def show_test(self, request: ShowTestRequest, ctx: RequestContext[Any, Any], /) -> ShowTestResponse:
        """Show sweeps of one direction over and over, or grey."""
        del ctx
        self._stage.test(request.direction or None)
        return ShowTestResponse(state=self._stage.state())
