"""A stimulus window without a screen: it attaches, follows the scenes, and reports the flips of a display of 60 Hz."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from connectrpc.errors import ConnectError
from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.stimulus.v1.stimulus_connect import StimulusServiceClient
from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest, ClockFit, FlipBatch, ReportFlipsRequest

from macroscope_worker.clock import clock_ns

if TYPE_CHECKING:
    from macroscope.stimulus.v1.stimulus_pb import Scene

    from macroscope_worker.rpc.client import ClientConnection

REFRESH_NS = 16_666_667
REPORT_EVERY_S = 0.1


class SimulatedDisplay:
    """Shows from `open` to `close`, in tasks of the event loop. Its clock is the worker's: both are the machine's."""

    def __init__(self, connection: ClientConnection, attachment_id: str) -> None:
        self._client = connection.client(StimulusServiceClient)
        self._attachment_id = attachment_id
        self._scene: Scene | None = None
        self._index = 0
        self._next_ns = clock_ns()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Attach, and begin to show."""
        request = AttachDisplayRequest(
            attachment_id=self._attachment_id,
            display_id="simulated",
            width_px=1920,
            height_px=1080,
            renderer="none",
            full_screen=True,
        )
        scenes = self._client.attach_display(request)
        self._scene = (await anext(scenes)).scene
        self._tasks = [asyncio.create_task(self._follow(scenes)), asyncio.create_task(self._report())]

    async def close(self) -> None:
        """Go, as a window does that is closed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow(self, scenes: Any) -> None:
        try:
            async for answer in scenes:
                self._scene = answer.scene
        finally:
            await scenes.aclose()

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            for batch in self._shown():
                with suppress(ConnectError):
                    await self._client.report_flips(ReportFlipsRequest(attachment_id=self._attachment_id, batch=batch))

    def _shown(self) -> list[FlipBatch]:
        """Batches of what was presented since the last time, one a direction."""
        batches: list[FlipBatch] = []
        while self._next_ns <= clock_ns():
            sweep = self._scene.sweep if self._scene is not None else None
            if sweep is not None and not sweep.started_ns <= self._next_ns < sweep.ended_ns:
                sweep = None
            direction = Direction.UNSPECIFIED if sweep is None else sweep.direction
            if not batches or batches[-1].direction != direction:
                clock = ClockFit(offset_ns=0, error_ns=100_000, residual_ns=1_000)
                batches.append(FlipBatch(first_index=self._index, direction=direction, clock=clock))
            batch = batches[-1]
            batch.presented_ns.append(self._next_ns)
            batch.page_ns.append(self._next_ns)
            batch.scene_number.append(self._scene.number if self._scene is not None else 0)
            batch.showing.append(0 if sweep is None or not sweep.has_field("showing") else sweep.showing + 1)
            batch.angle_deg.append(0.0)
            batch.missed_refreshes.append(0)
            batch.square_bright.append(self._index % 2 == 0)
            self._index += 1
            self._next_ns += REFRESH_NS
        return batches
