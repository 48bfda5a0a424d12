from __future__ import annotations

import asyncio

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, FloodRequest
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.calling import collect
from tests.rpc.pair import ECHO, FLOOD
from tests.rpc.serving import bare, dialled, serve

pytestmark = pytest.mark.asyncio


async def test_a_generated_client_calls_over_the_connection() -> None:
    server, _ = serve()
    client = (await bare(server)).client(DiagnosticsServiceClient)
    assert isinstance(client, DiagnosticsServiceClient)
    assert (await client.echo(EchoRequest(payload=b"hi"))).payload == b"hi"
    with pytest.raises(ConnectError) as caught:
        await client.echo(EchoRequest(payload=b"hang"), timeout_ms=10)
    assert caught.value.code is Code.DEADLINE_EXCEEDED


async def test_leaving_a_generated_stream_and_closing_it_cancels_the_call() -> None:
    server, service = serve()
    client = (await bare(server)).client(DiagnosticsServiceClient)
    stream = client.flood(FloodRequest(message_bytes=1, messages=1000))
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    await service.left.wait()


async def test_credit_is_given_back_as_messages_are_taken() -> None:
    server, service = serve()
    connection = await bare(server)
    stream = connection.stream(FLOOD, FloodRequest(message_bytes=10, messages=200), credit=(1, 10))
    count = 0
    async for _ in stream:
        count += 1
        assert service.produced <= count + 2
    assert count == 200


async def test_a_stream_that_ended_gives_its_messages_first() -> None:
    server, service = serve()
    connection = await bare(server)
    stream = connection.stream(FLOOD, FloodRequest(message_bytes=1, messages=3))
    await service.left.wait()
    assert len([message async for message in stream]) == 3


async def test_the_end_of_the_link_ends_calls_and_streams() -> None:
    server, service = serve()
    link = dialled(server)
    connection = link.open_connection(Role.VIEWER)
    stream = connection.stream(FLOOD, FloodRequest(message_bytes=1, messages=1000))
    call = asyncio.create_task(connection.call(ECHO, EchoRequest(payload=b"hang")))
    await service.entered.wait()
    link.close()
    with pytest.raises(ConnectError) as caught:
        await call
    assert caught.value.code is Code.UNAVAILABLE
    with pytest.raises(ConnectError):
        await collect(stream, [])
    with pytest.raises(ConnectError) as caught:
        await connection.call(ECHO, EchoRequest())
    assert caught.value.code is Code.UNAVAILABLE
