from __future__ import annotations

import asyncio

import pytest
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import (
    CallSide,
    EchoRequest,
    FloodRequest,
    GetTrafficRequest,
    ProcessTraffic,
    ReportTrafficRequest,
)
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.pair import SERVER
from tests.rpc.serving import bare
from tests.services.served import served

from macroscope_worker.rpc.server import Server
from macroscope_worker.services.diagnostics import DiagnosticsService, flood_block

pytestmark = pytest.mark.asyncio


async def test_echo_and_flood() -> None:
    async with served(Role.VIEWER) as here:
        client = here.connection.client(DiagnosticsServiceClient)
        assert (await client.echo(EchoRequest(payload=b"\x00\xff"))).payload == b"\x00\xff"
        found = [message async for message in client.flood(FloodRequest(message_bytes=100_000, messages=30))]
    assert [message.index for message in found] == list(range(30))
    assert {len(message.block) for message in found} == {100_000}
    assert {bytes(message.block[:2]) for message in found} == {b"\xa5\xa5"}


async def test_floods_that_nobody_reads_share_one_block() -> None:
    async with served(Role.VIEWER) as here:
        client = here.connection.client(DiagnosticsServiceClient)
        first, second = [
            [message async for message in client.flood(FloodRequest(message_bytes=size, messages=1))]
            for size in (8_388_608, 1_000_000)
        ]
    assert [len(message.block) for message in (*first, *second)] == [8_388_608, 1_000_000]
    assert flood_block().obj is flood_block().obj
    assert flood_block.cache_info().misses == 1


async def test_what_the_process_has_counted_is_told() -> None:
    async with served(Role.VIEWER) as here:
        client = here.connection.client(DiagnosticsServiceClient)
        await client.echo(EchoRequest(payload=b"12"))
        await client.echo(EchoRequest(payload=b"34"))
        [process] = (await client.get_traffic(GetTrafficRequest())).processes
    assert process.process == "worker"
    assert process.counted_s > 0
    [echo] = [method for method in process.methods if method.method.endswith("/Echo")]
    assert (echo.side, echo.calls, echo.open_calls, len(echo.errors)) == (CallSide.SERVER, 2, 0, 0)
    assert echo.latency is not None
    assert echo.latency.count == 2
    assert (echo.messages_received, echo.messages_sent) == (2, 2)
    assert echo.bytes_sent > 0
    [connection] = process.connections
    # This very call.
    assert (connection.state, connection.role, connection.open_calls) == ("open", Role.VIEWER, 1)


async def test_what_others_report_is_told_behind_it() -> None:
    async with served(Role.VIEWER) as here:
        client = here.connection.client(DiagnosticsServiceClient)
        await client.report_traffic(ReportTrafficRequest(process=ProcessTraffic(process="page", counted_s=7)))
        processes = (await client.get_traffic(GetTrafficRequest())).processes
    assert [process.counted_s for process in processes[1:]] == [7]
    assert "page" in processes[1].process


async def test_a_connection_is_listened_to_once_however_often_it_reports_and_forgotten_at_its_end() -> None:
    server = Server(SERVER, [DiagnosticsService()])
    looking, reporting = await bare(server), await bare(server)
    reporter, watcher = (connection.client(DiagnosticsServiceClient) for connection in (reporting, looking))
    for count in range(20):
        await reporter.report_traffic(ReportTrafficRequest(process=ProcessTraffic(process="page", counted_s=count)))
    assert [process.counted_s for process in (await watcher.get_traffic(GetTrafficRequest())).processes[1:]] == [19]
    assert sorted(len(connection._end_listeners or ()) for connection in server._connections) == [0, 1]
    [theirs] = [connection for connection in server._connections if connection._end_listeners]
    ended = asyncio.Event()
    theirs.on_connection_end(ended.set)
    reporting.go_away(Code.CANCELED, "enough")
    await ended.wait()
    assert len((await watcher.get_traffic(GetTrafficRequest())).processes) == 1
