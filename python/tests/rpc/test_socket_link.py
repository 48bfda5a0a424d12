from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.rpc.frame import Frame, encode_frame
from macroscope_worker.rpc.link import ENOUGH_QUEUED_BYTES, Link
from macroscope_worker.rpc.socket_link import SocketLink
from macroscope_worker.rpc.stream_link import StreamLink

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.asyncio


class Collector:
    """Keeps what a link delivers, and says when there is something new."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[Frame] = asyncio.Queue()
        self.writable = asyncio.Event()
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def frame_received(self, frame: Frame) -> None:
        self.frames.put_nowait(frame)

    def link_writable(self) -> None:
        self.writable.set()

    def link_closed(self, reason: str) -> None:
        self.closed.set_result(reason)


async def socket_link(sock: socket.socket) -> tuple[Link, Collector]:
    link, collector = SocketLink(sock), Collector()
    link.start(collector)
    return link, collector


async def stream_link(sock: socket.socket) -> tuple[Link, Collector]:
    collector = Collector()
    loop = asyncio.get_running_loop()
    _, link = await loop.create_unix_connection(lambda: StreamLink(lambda made: made.start(collector)), sock=sock)
    return link, collector


@pytest.fixture(params=[socket_link, stream_link])
def make(request: pytest.FixtureRequest) -> Callable[..., object]:
    return request.param  # type: ignore[no-any-return]


async def test_frames_arrive_whole_and_in_order(make: Callable[..., object]) -> None:
    one, other = socket.socketpair()
    (ours, _), (theirs, received) = await make(one), await make(other)  # type: ignore[misc]
    sizes = [0, 1, 15, 16, 70_000, 3_000_000, 5]
    for size in sizes:
        ours.send(Frame(4, 1, b"e", bytes([size % 251]) * size))
    for size in sizes:
        frame = await received.frames.get()
        assert bytes(frame.tail) == bytes([size % 251]) * size
    ours.abort("done")
    assert "closed" in await received.closed
    theirs.abort("done")


async def test_a_stop_passes_queued_pictures(make: Callable[..., object]) -> None:
    one, other = socket.socketpair()
    (ours, _), (theirs, received) = await make(one), await make(other)  # type: ignore[misc]
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


async def test_says_when_enough_waits_and_when_it_no_longer_does(make: Callable[..., object]) -> None:
    one, other = socket.socketpair()
    link, collector = await make(one)  # type: ignore[misc]
    assert not link.congested
    for _ in range(8):
        link.send(Frame(4, 1, b"", bytes(ENOUGH_QUEUED_BYTES)))
    assert link.congested
    assert not collector.writable.is_set()
    theirs, _ = await make(other)  # type: ignore[misc]
    await collector.writable.wait()
    assert not link.congested
    link.abort("done")
    theirs.abort("done")


async def test_a_peer_that_never_reads_is_dropped(make: Callable[..., object]) -> None:
    one, other = socket.socketpair()
    link, collector = await make(one)  # type: ignore[misc]
    picture = bytes(8_000_000)
    for _ in range(20):
        link.send(Frame(4, 1, b"", picture))
    assert "does not read" in await collector.closed
    other.close()


async def test_an_announced_size_over_the_limit_drops_the_link(make: Callable[..., object]) -> None:
    one, other = socket.socketpair()
    _, collector = await make(one)  # type: ignore[misc]
    header = bytearray(encode_frame(Frame(4, 1, b"")))
    header[12:16] = b"\xff\xff\xff\xff"
    other.sendall(header)
    assert "announced" in await collector.closed
    assert other.recv(1) == b""
    other.close()


async def test_an_end_within_a_frame_is_told_apart(make: Callable[..., object]) -> None:
    one, other = socket.socketpair()
    _, collector = await make(one)  # type: ignore[misc]
    other.sendall(encode_frame(Frame(2, 1, b"whole")) + b"MS")
    assert bytes((await collector.frames.get()).envelope) == b"whole"
    other.close()
    assert "within a frame" in await collector.closed


async def test_closing_writes_what_waits_first(make: Callable[..., object]) -> None:
    one, other = socket.socketpair()
    (ours, sent), (theirs, received) = await make(one), await make(other)  # type: ignore[misc]
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
