from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, FloodRequest
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.link_contract import Collector
from tests.rpc.serving import TOKEN, serve
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection
from websockets.typing import Subprotocol

from macroscope_worker.rpc import websocket_link
from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.frame import Frame, decode_frame, encode_frame
from macroscope_worker.rpc.link import ENOUGH_QUEUED_BYTES
from macroscope_worker.rpc.websocket_admission import SUBPROTOCOL
from macroscope_worker.rpc.websocket_link import MOST_FRAGMENTS, WebSocketLink
from macroscope_worker.rpc.websocket_listener import WebSocketListener, dial_websocket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.rpc.link import Link

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[str, asyncio.Queue[tuple[Link, Collector]]]]:
    """A listener whose links collect what comes."""
    links: asyncio.Queue[tuple[Link, Collector]] = asyncio.Queue()

    def take(link: Link) -> None:
        collector = Collector()
        link.start(collector)
        links.put_nowait((link, collector))

    listener = await WebSocketListener.start(take)
    try:
        yield listener.address, links
    finally:
        listener.close()


@asynccontextmanager
async def bare_client() -> AsyncIterator[tuple[ClientConnection, Link, Collector]]:
    """A WebSocket in the test's hand, and the link at its other end."""
    async with listening() as (address, links):
        client = await connect(
            address, subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None, ping_interval=None, max_size=None, max_queue=1
        )
        link, collector = await links.get()
        yield client, link, collector
        client.transport.abort()


@asynccontextmanager
async def pair() -> AsyncIterator[tuple[Link, Collector, Link, Collector]]:
    """The server's link with its collector, then the client's."""
    async with listening() as (address, links):
        dialled = await dial_websocket(address)
        received = Collector()
        dialled.start(received)
        link, collector = await links.get()
        yield link, collector, dialled, received
        dialled.abort("done")


async def test_calls_and_streams_over_a_websocket() -> None:
    server, _ = serve()
    listener = await WebSocketListener.start(lambda link: server.accept(link, token=TOKEN))
    link = DialledLink(await dial_websocket(listener.address), token=TOKEN)
    client = link.open_connection(Role.VIEWER).client(DiagnosticsServiceClient)
    assert (await client.echo(EchoRequest(payload=b"hi"))).payload == b"hi"
    blocks = [len(message.block) async for message in client.flood(FloodRequest(message_bytes=2**20, messages=10))]
    assert blocks == [2**20] * 10
    listener.close()
    # Links that were taken stay.
    assert (await client.echo(EchoRequest(payload=b"on"))).payload == b"on"
    link.close()
    await link.closed()


async def test_frames_arrive_whole_and_in_order() -> None:
    async with pair() as (link, _, _, received):
        sizes = [0, 1, 15, 16, 70_000, 3_000_000, 5]
        for size in sizes:
            link.send(Frame(4, 1, b"e", bytes([size % 251]) * size))
        for size in sizes:
            assert bytes((await received.frames.get()).tail) == bytes([size % 251]) * size


async def test_a_stop_passes_queued_pictures() -> None:
    async with pair() as (link, _, _, received):
        for _ in range(7):
            link.send(Frame(4, 1, b"picture", bytes(1_000_000)))
        assert bytes((await received.frames.get()).envelope) == b"picture"
        link.send(Frame(1, 1, b"stop"))
        before = 1
        while bytes((await received.frames.get()).envelope) != b"stop":
            before += 1
        assert before <= 4, "only what was in flight comes before the stop"


async def test_says_when_enough_waits_and_when_it_no_longer_does() -> None:
    async with bare_client() as (client, link, collector):
        for _ in range(8):
            link.send(Frame(4, 1, b"", bytes(ENOUGH_QUEUED_BYTES)))
        assert link.congested
        assert not collector.writable.is_set()
        for _ in range(8):
            await client.recv()
        await collector.writable.wait()
        assert not link.congested


async def test_forgets_what_waits_of_a_closed_connection() -> None:
    async with bare_client() as (client, link, collector):
        for _ in range(5):
            link.send(Frame(4, 1, b"", bytes(ENOUGH_QUEUED_BYTES)))
        link.send(Frame(2, 2, b"of another"))
        link.forget(1)
        assert not link.congested
        assert collector.writable.is_set()
        assert bytes(decode_frame(await client.recv(decode=False)).envelope) == b"of another"


async def test_a_peer_that_lets_too_much_wait_is_dropped() -> None:
    async with bare_client() as (_, link, collector):
        for _ in range(20):
            link.send(Frame(4, 1, b"", bytes(1_000_000)))
        # At once: a frame that takes too long ends it only later.
        assert "does not read" in collector.closed.result()


async def test_a_peer_that_takes_too_long_for_one_frame_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_link, "READ_WITHIN_S", 0.05)
    async with bare_client() as (_, link, collector):
        for _ in range(8):
            link.send(Frame(4, 1, b"", bytes(1_000_000)))
        assert "does not read" in await collector.closed


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        ("text", 1003, "text"),
        (b"", 1002, "framing"),
        (b"MS", 1002, "framing"),
        (b"XX" + bytes(14), 1002, "framing"),
        (encode_frame(Frame(2, 1, b"whole")) + b"!", 1002, "framing"),
        (bytes(2**20 + 1), 1009, ""),
        ([b""] * (MOST_FRAGMENTS + 1), 1009, "fragments"),
        ([encode_frame(Frame(2, 1, b"x"))[:5], *[b""] * MOST_FRAGMENTS], 1009, "fragments"),
    ],
)
async def test_what_is_no_frame_closes_with_the_reason(message: object, code: int, reason: str) -> None:
    async with bare_client() as (client, _, collector):
        await client.send(message)  # type: ignore[arg-type]
        said = await collector.closed
        await client.wait_closed()
        assert client.close_code == code
        assert reason in (client.close_reason or "")
        assert reason in said
        assert collector.frames.empty()


async def test_a_message_in_some_fragments_is_one_frame() -> None:
    async with bare_client() as (client, _, collector):
        data = encode_frame(Frame(2, 1, bytes(range(100))))
        await client.send([data[:7], data[7:50], data[50:]])
        assert bytes((await collector.frames.get()).envelope) == bytes(range(100))


async def test_closing_writes_what_waits_first() -> None:
    async with pair() as (link, sent, _, received):
        for _ in range(3):
            link.send(Frame(4, 1, b"", bytes(900_000)))
        link.send(Frame(2, 1, b"last words"))
        link.close("enough")
        link.send(Frame(2, 1, b"too late"))
        found = [bytes((await received.frames.get()).envelope) for _ in range(4)]
        assert sorted(found) == [b"", b"", b"", b"last words"]
        assert "code 1000" in await received.closed
        assert await sent.closed == "enough"
        assert received.frames.empty()


async def test_an_end_at_once_says_why_in_the_close_frame() -> None:
    async with bare_client() as (client, link, collector):
        link.send(Frame(4, 1, b"", bytes(900_000)))
        link.abort("é" * 200)
        await client.wait_closed()
        assert client.close_code == 1008
        assert client.close_reason == "é" * 61
        assert await collector.closed == "é" * 200


async def test_a_mistake_of_the_receiver_ends_the_link_alone(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Collector):
        def frame_received(self, frame: Frame) -> None:
            raise KeyError("bug")

    started: asyncio.Queue[Broken] = asyncio.Queue()

    def take(link: Link) -> None:
        receiver = Broken()
        link.start(receiver)
        started.put_nowait(receiver)

    listener = await WebSocketListener.start(take)
    client = await connect(listener.address, subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None)
    await client.send(encode_frame(Frame(2, 1, b"x")))
    assert "mistake" in await (await started.get()).closed
    await client.wait_closed()
    assert client.close_code == 1011
    assert "bug" not in (client.close_reason or "")
    assert "a frame could not be handled" in caplog.text
    listener.close()


@pytest.mark.parametrize("verb", ["recv_streaming", "send"])
async def test_a_mistake_while_it_reads_or_writes_ends_the_link(
    verb: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("bug")

    monkeypatch.setattr(ServerConnection, verb, broken)
    async with bare_client() as (_, link, collector):
        link.send(Frame(2, 1, b"x"))
        async with asyncio.timeout(5):
            assert "mistake" in await collector.closed
    assert "KeyError" in caplog.text


async def test_the_end_of_the_socket_is_told_once() -> None:
    async with bare_client() as (client, link, collector):
        client.transport.abort()
        assert "closed the link" in await collector.closed
        link.abort("again")
        link.send(Frame(2, 1, b"into nothing"))


async def test_is_a_link_of_either_side() -> None:
    async with pair() as (_, collector, dialled, received):
        assert isinstance(dialled, WebSocketLink)
        dialled.send(Frame(2, 7, b"hello"))
        frame = await collector.frames.get()
        assert (frame.connection, bytes(frame.envelope)) == (7, b"hello")
        dialled.close("done")
        assert "code 1000: 'done'" in await collector.closed
        assert await received.closed == "done"
