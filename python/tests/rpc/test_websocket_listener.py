from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.serving import serve
from tests.rpc.websocket_attacks import (
    GARBAGE,
    MESSAGES,
    ORIGIN,
    PING,
    REQUESTS,
    Handshake,
    Wire,
    ws_frame,
)

from macroscope_worker.rpc import websocket_listener
from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.websocket_listener import MOST_SOCKETS, WebSocketListener, dial_websocket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.rpc.server import Server

pytestmark = pytest.mark.asyncio

TOKEN = "t" * 64
VIEWERS_TOKEN = "v" * 64
TOKENS = {TOKEN: Role.OPERATOR, VIEWERS_TOKEN: Role.VIEWER}
AUTHENTICATE_WITHIN_MS = 300


@asynccontextmanager
async def listening(port: int = 0) -> AsyncIterator[tuple[WebSocketListener, Server]]:
    server, _ = serve()
    listener = await WebSocketListener.start(
        lambda link: server.accept(link, tokens=TOKENS, authenticate_within_ms=AUTHENTICATE_WITHIN_MS),
        port=port,
        origins=[ORIGIN],
    )
    try:
        yield listener, server
    finally:
        listener.close()
        server.close()


async def works(address: str) -> None:
    """Somebody with the token is served."""
    link = DialledLink(await dial_websocket(address, origin=ORIGIN), token=TOKEN)
    client = link.open_connection(Role.VIEWER).client(DiagnosticsServiceClient)
    assert (await client.echo(EchoRequest(payload=b"hi"))).payload == b"hi"
    link.close()
    await link.closed()


@asynccontextmanager
async def upgraded(listener: WebSocketListener) -> AsyncIterator[Wire]:
    wire = await Wire.dial(listener.port)
    try:
        assert await wire.ask(Handshake()) == 101
        yield wire
    finally:
        wire.close()


def refusals(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.message == "websocket refused"]


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_that_is_not_quite_right_is_refused(name: str, caplog: pytest.LogCaptureFixture) -> None:
    handshake, status = REQUESTS[name]
    async with listening() as (listener, server):
        wire = await Wire.dial(listener.port)
        assert await wire.ask(handshake) == status
        rest = await wire.until_closed()
        assert len(rest) < 200, "nothing is served"
        wire.close()
        assert server.links == 0
        await works(listener.address)
    assert len(refusals(caplog)) == 1
    assert refusals(caplog)[0]["reason"]
    assert "0123456789abcdef" not in caplog.text, "whoever writes a token where it does not belong finds it in no log"
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("name", GARBAGE)
async def test_what_is_no_request_is_closed_without_an_answer(name: str, caplog: pytest.LogCaptureFixture) -> None:
    async with listening() as (listener, _):
        wire = await Wire.dial(listener.port)
        wire.write(GARBAGE[name])
        wire.writer.write_eof()
        assert await wire.until_closed() == b""
        wire.close()
        await works(listener.address)
    assert len(refusals(caplog)) == 1


@pytest.mark.parametrize("name", MESSAGES)
async def test_whoever_shows_no_token_learns_nothing(name: str, caplog: pytest.LogCaptureFixture) -> None:
    async with listening() as (listener, server):
        async with upgraded(listener) as wire:
            wire.write(MESSAGES[name](TOKEN))
            answer = await wire.until_closed()
            assert b"MS\x01" not in answer, "no frame of the protocol goes to somebody unknown"
            assert server.links == 0
        await works(listener.address)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("request_", "host"),
    [
        (Handshake(), "127.0.0.1"),
        (Handshake(host="LocalHost:{port}"), "127.0.0.1"),
        (Handshake(host="[::1]:{port}"), "::1"),
        (Handshake(origin=None), "127.0.0.1"),
        (Handshake(subprotocol="other, macroscope.v1"), "127.0.0.1"),
    ],
)
async def test_a_good_request_is_taken(request_: Handshake, host: str) -> None:
    if host == "::1" and not socket.has_ipv6:
        pytest.skip("this machine has no ::1")
    async with listening() as (listener, _):
        wire = await Wire.dial(listener.port, host)
        wire.write(request_.encode(listener.port))
        head = await wire.until_closed(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"Sec-WebSocket-Protocol: macroscope.v1\r\n" in head
        assert b"Extensions" not in head, "compression is off"
        assert b"Server" not in head
        wire.close()


@pytest.mark.parametrize("asked", [Role.HOST, Role.OPERATOR, Role.UNSPECIFIED])
async def test_the_role_follows_from_the_token(asked: Role) -> None:
    async with listening() as (listener, _):
        for token, role in TOKENS.items():
            link = DialledLink(await dial_websocket(listener.address), token=token)
            assert (await link.open_connection(asked).opened()).role == role
            link.close()
            await link.closed()


async def test_an_offer_to_compress_is_not_taken() -> None:
    async with listening() as (listener, _):
        wire = await Wire.dial(listener.port)
        wire.write(Handshake(more={"Sec-WebSocket-Extensions": "permessage-deflate"}).encode(listener.port))
        assert b"deflate" not in await wire.until_closed(b"\r\n\r\n")
        wire.close()


async def test_listens_on_the_loopback_alone() -> None:
    async with listening() as (listener, _):
        bound = {sock.getsockname()[0] for server in listener._servers for sock in server.sockets}
        assert bound <= {"127.0.0.1", "::1"}
        assert "127.0.0.1" in bound


async def test_a_half_open_handshake_is_closed_in_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(websocket_listener, "OPEN_WITHIN_S", 0.1)
    async with listening() as (listener, _):
        wire = await Wire.dial(listener.port)
        wire.write(Handshake().encode(listener.port)[:40])
        assert await wire.until_closed() == b""
        wire.close()
        await works(listener.address)
    assert len(refusals(caplog)) == 1


async def test_sockets_are_counted_from_the_first_byte_on(caplog: pytest.LogCaptureFixture) -> None:
    async with listening() as (listener, _):
        wires = [await Wire.dial(listener.port) for _ in range(MOST_SOCKETS)]
        for wire in wires[: MOST_SOCKETS // 2]:
            assert await wire.ask(Handshake()) == 101
        one_more = await Wire.dial(listener.port)
        assert await one_more.ask(Handshake()) == 0
        one_more.close()
        assert "sockets already" in refusals(caplog)[0]["reason"]
        # Those who show nothing make room in time.
        for wire in wires:
            wire.close()
        while listener._sockets:  # noqa: ASYNC110 - the sockets' ends have no event; each turn of the loop brings some.
            await asyncio.sleep(0)
        await works(listener.address)


async def test_a_flood_of_pings_that_reads_no_answers_is_dropped() -> None:
    async with listening() as (listener, _), upgraded(listener) as wire:
        flood = ws_frame(PING, bytes(125)) * 1000
        wire.reader._transport.pause_reading()  # type: ignore[attr-defined]
        with pytest.raises(OSError, match=r"reset|closed|pipe|lost"):  # noqa: PT012
            for _ in range(1000):
                wire.write(flood)
                await wire.writer.drain()
            pytest.fail("130 MB of pings were taken")


async def test_a_page_that_dials_without_end_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with listening() as (listener, _):
        for _ in range(150):
            listener.refused(None, "again")
        assert len(refusals(caplog)) == 100
        listener._lines_since_s -= 60
        listener.refused(None, "later")
    assert refusals(caplog)[-1]["reason"] == "later"
    assert [vars(record)["times"] for record in caplog.records if "more often" in record.message] == [50]


async def test_the_library_never_logs_what_the_other_side_sent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with listening() as (listener, _):
        await works(listener.address)
    assert not [
        record for record in caplog.records if record.name.startswith("websockets") or ".library" in record.name
    ]
    assert TOKEN not in caplog.text


async def test_a_port_that_is_taken_is_an_error() -> None:
    async with listening() as (listener, _):
        with pytest.raises(OSError, match="in use"):
            await WebSocketListener.start(lambda link: link.abort(""), port=listener.port)


async def test_a_port_that_another_has_on_the_other_loopback_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no ::1")
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as theirs:
        theirs.bind(("::1", 0))
        theirs.listen()
        with pytest.raises(OSError, match="in use"):
            await WebSocketListener.start(lambda link: link.abort(""), port=theirs.getsockname()[1])


async def test_a_dialler_that_is_refused_is_told() -> None:
    async with listening() as (listener, _):
        with pytest.raises(ConnectionRefusedError, match="403"):
            await dial_websocket(listener.address, origin="https://attacker.example")


async def test_nobody_listens_after_the_end() -> None:
    async with listening() as (listener, _):
        pass
    with pytest.raises(OSError, match=r"Connect call failed"):
        await dial_websocket(listener.address)
