from __future__ import annotations

import asyncio
import time

import pytest
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.pair import ALL, CLIENT, ECHO, SERVER

from macroscope_worker.clock import clock_ns
from macroscope_worker.rpc.connection import Connection
from macroscope_worker.rpc.connection_shell import ConnectionShell
from macroscope_worker.rpc.connection_state import Side
from macroscope_worker.rpc.events import CallCanceled, CallStarted, ConnectionEnded, Event
from macroscope_worker.rpc.frame import Frame

pytestmark = pytest.mark.asyncio


class Recorder(ConnectionShell):
    """Keeps its events."""

    def __init__(self, connection: Connection, other: list[Frame]) -> None:
        self.ended: asyncio.Future[ConnectionEnded] = asyncio.get_running_loop().create_future()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        super().__init__(connection, other.append, self.ended.set_result)

    def handle(self, event: Event) -> None:
        self.events.put_nowait(event)


async def opened() -> tuple[Recorder, Connection, list[Frame]]:
    sent: list[Frame] = []
    now_ns = clock_ns()
    server = Recorder(Connection(Side.SERVER, SERVER, now_ns=now_ns, methods=ALL), sent)
    client = Connection(Side.CLIENT, CLIENT, now_ns=now_ns)
    for frame in client.take_frames():
        server.frame_received(frame)
    for frame in sent:
        client.receive(frame, now_ns)
    client.take_frames()
    sent.clear()
    await server.events.get()
    return server, client, sent


async def test_the_timer_keeps_a_calls_deadline() -> None:
    server, client, _ = await opened()
    client.start_call(ECHO, b"", now_ns=0, timeout_ms=20)
    started_s = time.monotonic()
    for frame in client.take_frames():
        server.frame_received(frame)
    assert isinstance(await server.events.get(), CallStarted)
    assert await asyncio.wait_for(server.events.get(), 10) == CallCanceled(1, "deadline")
    assert time.monotonic() - started_s >= 0.02
    server.close()


async def test_the_end_is_told_once_and_nothing_runs_on() -> None:
    server, _, sent = await opened()
    assert server.connection.role == Role.HOST
    server.frame_received(Frame(2, 1, b"\xff\xff"))
    assert (await server.ended).message.startswith("The protocol was broken")
    assert len(sent) == 1
    server.close()
    server.frame_received(Frame(2, 1, b"\xff\xff"))
    assert len(sent) == 1
    assert server._timer is None
