"""A display that shows what the stage says and tells of its flips: the window's part, without a window."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from macroscope.stimulus.v1.stimulus_pb import AttachDisplayRequest, ClockFit, FlipBatch

from macroscope_worker.clock import clock_ns

if TYPE_CHECKING:
    from macroscope.stimulus.v1.stimulus_pb import Scene

    from macroscope_worker.stimulus import Attachment, Stage

REPORT_EVERY_S: Final = 0.05


class FakeDisplay:
    """Flips at `rate_hz` by the worker's clock, from `open` to `lose`. While `silent` it shows and tells nothing."""

    def __init__(self, stage: Stage, rate_hz: float = 60.0, *, full_screen: bool = True) -> None:
        self._stage = stage
        self._interval_ns = round(1e9 / rate_hz)
        self._full_screen = full_screen
        self._lives = 0
        self._attachment: Attachment | None = None
        self._task: asyncio.Task[None] | None = None
        self._scene = stage.scene
        self._index = self._flip_ns = 0
        self.silent = False
        self.display_id = "fake"

    def open(self) -> None:
        """Take the stimulus on."""
        self._lives += 1
        request = AttachDisplayRequest(
            attachment_id=f"fake-display-{self._lives}",
            display_id=self.display_id,
            width_px=1920,
            height_px=1080,
            renderer="a test",
            full_screen=self._full_screen,
        )
        self._attachment = self._stage.attach(request)
        self._scene = self._stage.scene
        self._task = asyncio.create_task(self._report(request.attachment_id))

    async def lose(self, reason: str = "The stimulus window was closed.") -> None:
        """As a window does that is closed or crashes."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        if self._attachment is not None:
            self._attachment.end(reason)
            self._attachment = None

    async def _report(self, attachment_id: str) -> None:
        self._index, self._flip_ns = 0, clock_ns()
        unsubscribe = self._stage.subscribe(lambda: self._flush(attachment_id))
        try:
            while True:
                await asyncio.sleep(REPORT_EVERY_S)
                self._flush(attachment_id)
        finally:
            unsubscribe()

    def _flush(self, attachment_id: str) -> None:
        """Tell of the flips up to now, of the scene that was there; from now on it is the stage's."""
        scene, self._scene = self._scene, self._stage.scene
        if scene is self._scene and asyncio.current_task() is not self._task:
            return
        now_ns = clock_ns()
        batch = FlipBatch(first_index=self._index, clock=ClockFit(offset_ns=1000, error_ns=300_000, residual_ns=20_000))
        while self._flip_ns + self._interval_ns <= now_ns:
            self._flip_ns += self._interval_ns
            if not self.silent:
                self._flip(batch, self._flip_ns, scene)
                self._index += 1
        if len(batch.presented_ns) and self._stage.attached:
            self._stage.take(attachment_id, batch)

    def _flip(self, batch: FlipBatch, at_ns: int, scene: Scene) -> None:
        sweep = scene.sweep
        seen = sweep is not None and sweep.started_ns <= at_ns < sweep.ended_ns
        showing, angle = 0, 0.0
        if seen and sweep is not None:
            showing = sweep.showing + 1 if sweep.has_field("showing") else 0
            part = (at_ns - sweep.started_ns) / (sweep.ended_ns - sweep.started_ns)
            angle = sweep.from_deg + part * (sweep.to_deg - sweep.from_deg)
            batch.direction = sweep.direction
        batch.presented_ns.append(at_ns)
        batch.page_ns.append(at_ns - 1000)
        batch.scene_number.append(scene.number)
        batch.showing.append(showing)
        batch.angle_deg.append(angle)
        batch.missed_refreshes.append(0)
        batch.square_bright.append(bool(len(batch.presented_ns) % 2))
