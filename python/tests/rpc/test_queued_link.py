from __future__ import annotations

import asyncio

import pytest
from tests.rpc.link_contract import Collector

from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.link import ENOUGH_QUEUED_BYTES, MOST_QUEUED_BYTES
from macroscope_worker.rpc.queued_link import QueuedLink

pytestmark = pytest.mark.asyncio


class ScriptedLink(QueuedLink):
    """Takes what the test lets it take."""

    def __init__(self) -> None:
        super().__init__()
        self._receiver = self.collector = Collector()
        self.room = 0
        self.written: list[Frame] = []

    def abort(self, reason: str) -> None:
        if not self._closed:
            self._tell_closed(reason)

    def take(self, frames: int) -> None:
        self.room, self._full = frames, False
        self._write()

    def _stop_reading(self) -> None:
        pass

    def _write_waiting(self) -> bool:
        while self.room and (frame := self._queue.pop()) is not None:
            self.room -= 1
            self.written.append(frame)
        self._full = self.room == 0
        return not self._queue

    def _end(self, reason: str) -> None:
        self.abort(reason)


async def test_writes_what_waits_in_the_order_of_the_lanes_at_the_end_of_the_turn() -> None:
    link = ScriptedLink()
    link.room = 9
    for lane in (4, 2, 1):
        link.send(Frame(lane, 1, b"x"))
    assert link.written == []
    await asyncio.sleep(0)
    assert [frame.lane for frame in link.written] == [1, 2, 4]


async def test_forgets_what_waits_of_a_connection() -> None:
    link = ScriptedLink()
    for connection in (1, 2, 1):
        link.send(Frame(4, connection, b"x"))
    link.forget(1)
    link.take(9)
    assert [frame.connection for frame in link.written] == [2]


async def test_tells_of_room_once_when_little_enough_waits() -> None:
    link = ScriptedLink()
    for _ in range(3):
        link.send(Frame(4, 1, b"", bytes(ENOUGH_QUEUED_BYTES // 2)))
    assert link.congested
    link.take(1)
    assert link.congested
    assert not link.collector.writable.is_set()
    link.take(1)
    assert not link.congested
    assert link.collector.writable.is_set()


async def test_drops_a_peer_that_lets_too_much_wait() -> None:
    link = ScriptedLink()
    for _ in range(MOST_QUEUED_BYTES // 8_000_000 + 1):
        link.send(Frame(4, 1, b"", bytes(8_000_000)))
    assert "does not read" in await link.collector.closed


async def test_closes_when_everything_is_written() -> None:
    link = ScriptedLink()
    link.send(Frame(4, 1, b"first"))
    link.close("enough")
    link.send(Frame(4, 1, b"too late"))
    assert not link.collector.closed.done()
    link.take(5)
    assert await link.collector.closed == "enough"
    assert [frame.envelope for frame in link.written] == [b"first"]
