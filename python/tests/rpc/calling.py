"""Calls whose end a test knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, EchoResponse
from tests.rpc.pair import ECHO

if TYPE_CHECKING:
    from macroscope_worker.rpc.client import ClientConnection, ClientStream
    from macroscope_worker.rpc.method_policy import Method


async def fails(connection: ClientConnection, payload: bytes, method: Method = ECHO) -> ConnectError:
    with pytest.raises(ConnectError) as caught:
        await connection.call(method, EchoRequest(payload=payload))
    return caught.value


async def collect(stream: ClientStream, into: list[Any]) -> None:
    async for message in stream:
        into.append(message)  # noqa: PERF401 - what came before an error has to stay.


async def works(connection: ClientConnection) -> None:
    """The server still answers on this connection."""
    answer = await connection.call(ECHO, EchoRequest(payload=b"still there"))
    assert answer == EchoResponse(payload=b"still there")
