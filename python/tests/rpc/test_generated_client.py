from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, EchoResponse, FloodRequest, FloodResponse
from tests.rpc.pair import ECHO, FLOOD

from macroscope_worker.rpc.generated_client import generated_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.asyncio


class Recorder:
    """Makes no calls, and remembers them."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    async def call(self, method: Any, request: Any, *, timeout_ms: Any = None, metadata: Any = None) -> Any:
        self.calls.append((method, request, timeout_ms, metadata))
        return EchoResponse(payload=b"answer")

    async def messages(
        self, method: Any, request: Any, *, timeout_ms: Any = None, metadata: Any = None
    ) -> AsyncIterator[Any]:
        self.calls.append((method, request, timeout_ms, metadata))
        yield FloodResponse(index=1)
        yield FloodResponse(index=2)


async def test_a_generated_client_calls_over_whatever_calls() -> None:
    recorder = Recorder()
    client = generated_client(DiagnosticsServiceClient, recorder)
    assert isinstance(client, DiagnosticsServiceClient)
    answer = await client.echo(EchoRequest(payload=b"x"), headers={"a": "b"}, timeout_ms=5)
    assert answer == EchoResponse(payload=b"answer")
    found = [message.index async for message in client.flood(FloodRequest(messages=2))]
    assert found == [1, 2]
    assert recorder.calls == [
        (ECHO, EchoRequest(payload=b"x"), 5, {"a": "b"}),
        (FLOOD, FloodRequest(messages=2), None, None),
    ]
