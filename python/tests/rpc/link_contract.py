"""What every link over a byte stream keeps to. Each kind of link has a subclass of `LinkContract` in its own tests."""

from __future__ import annotations

import asyncio
import socket
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from macroscope_worker.rpc.frame import Frame, encode_frame
from macroscope_worker.rpc.link import ENOUGH_QUEUED_BYTES, Link

if TYPE_CHECKING:
    import pytest


class Collector:
    """Keeps what a link delivers, and says when there is something new."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[Frame] = asyncio.Queue()
        self.writable = asyncio.Event()
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.mistake: Exception | None = None

    def frame_received(self, frame: Frame) -> None:
        if self.mistake is not None:
            raise self.mistake
        self.frames.put_nowait(frame)

    def link_writable(self) -> None:
        self.writable.set()

    def link_closed(self, reason: str) -> None:
        self.closed.set_result(reason)


class LinkContract(ABC):
    """Tests over a pair of connected sockets."""

    def pair(self) -> tuple[socket.socket, socket.socket]:
        """Two sockets that are connected; of another kind where a link needs it."""
        return socket.socketpair()

    @abstractmethod
    async def make(self, sock: socket.socket) -> tuple[Link, Collector]:
        """A started link over the socket, and what collects its frames."""

    async def test_frames_arrive_whole_and_in_order(self) -> None:
        one, other = self.pair()
        (ours, _), (theirs, received) = await self.make(one), await self.make(other)
        sizes = [0, 1, 15, 16, 70_000, 3_000_000, 5]
        for size in sizes:
            ours.send(Frame(4, 1, b"e", bytes([size % 251]) * size))
        for size in sizes:
            frame = await received.frames.get()
            assert bytes(frame.tail) == bytes([size % 251]) * size
        ours.abort("done")
        assert "closed" in await received.closed
        theirs.abort("done")

    async def test_a_stop_passes_queued_pictures(self) -> None:
        one, other = self.pair()
        (ours, _), (theirs, received) = await self.make(one), await self.make(other)
        for _ in range(20):
            ours.send(Frame(4, 1, b"picture", bytes(1_000_000)))
        first = await received.frames.get()
        assert bytes(first.envelope) == b"picture"
        ours.send(Frame(1, 1, b"stop"))
        before = 1
        while bytes((await received.frames.get()).envelope) != b"stop":
            before += 1
        assert before <= 6, "only what was in flight comes before the stop"
        ours.abort("done")
        theirs.abort("done")

    async def test_says_when_enough_waits_and_when_it_no_longer_does(self) -> None:
        one, other = self.pair()
        link, collector = await self.make(one)
        assert not link.congested
        for _ in range(8):
            link.send(Frame(4, 1, b"", bytes(ENOUGH_QUEUED_BYTES)))
        assert link.congested
        assert not collector.writable.is_set()
        theirs, _ = await self.make(other)
        await collector.writable.wait()
        assert not link.congested
        link.abort("done")
        theirs.abort("done")

    async def test_a_peer_that_never_reads_is_dropped(self) -> None:
        one, other = self.pair()
        link, collector = await self.make(one)
        picture = bytes(8_000_000)
        for _ in range(20):
            link.send(Frame(4, 1, b"", picture))
        assert "does not read" in await collector.closed
        other.close()

    async def test_an_announced_size_over_the_limit_drops_the_link(self) -> None:
        one, other = self.pair()
        _, collector = await self.make(one)
        header = bytearray(encode_frame(Frame(4, 1, b"")))
        header[12:16] = b"\xff\xff\xff\xff"
        other.sendall(header)
        assert "announced" in await collector.closed
        assert other.recv(1) == b""
        other.close()

    async def test_an_end_within_a_frame_is_told_apart(self) -> None:
        one, other = self.pair()
        _, collector = await self.make(one)
        other.sendall(encode_frame(Frame(2, 1, b"whole")) + b"MS")
        assert bytes((await collector.frames.get()).envelope) == b"whole"
        other.close()
        assert "within a frame" in await collector.closed

    async def test_a_mistake_of_the_receiver_ends_the_link(self, caplog: pytest.LogCaptureFixture) -> None:
        one, other = self.pair()
        _, collector = await self.make(one)
        collector.mistake = KeyError("bug")
        other.sendall(2 * encode_frame(Frame(2, 1, b"x")))
        async with asyncio.timeout(5):
            assert "mistake" in await collector.closed
        assert caplog.text.count("a frame could not be handled") == 1
        other.close()

    async def test_closing_writes_what_waits_first(self) -> None:
        one, other = self.pair()
        (ours, sent), (theirs, received) = await self.make(one), await self.make(other)
        for _ in range(3):
            ours.send(Frame(4, 1, b"", bytes(900_000)))
        ours.send(Frame(2, 1, b"last words"))
        ours.close("enough")
        ours.send(Frame(2, 1, b"too late"))
        found = [bytes((await received.frames.get()).envelope) for _ in range(4)]
        assert found == [b"last words", b"", b"", b""]
        await received.closed
        assert await sent.closed == "enough"
        assert received.frames.empty()
        theirs.abort("done")
