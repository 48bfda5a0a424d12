from __future__ import annotations

import pytest
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, FloodRequest
from macroscope.rpc.v1.options_pb import Role
from tests.services.served import served

pytestmark = pytest.mark.asyncio


async def test_echo_and_flood() -> None:
    async with served(Role.VIEWER) as here:
        client = here.connection.client(DiagnosticsServiceClient)
        assert (await client.echo(EchoRequest(payload=b"\x00\xff"))).payload == b"\x00\xff"
        found = [message async for message in client.flood(FloodRequest(message_bytes=100_000, messages=30))]
    assert [message.index for message in found] == list(range(30))
    assert {len(message.block) for message in found} == {100_000}
    assert {bytes(message.block[:2]) for message in found} == {b"\xa5\xa5"}
