from __future__ import annotations

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.calling import works
from tests.rpc.pair import ECHO
from tests.rpc.serving import dialled, serve

pytestmark = pytest.mark.asyncio


async def test_connections_are_apart() -> None:
    server, _ = serve()
    link = dialled(server)
    one, other = link.open_connection(Role.VIEWER, label="one"), link.open_connection(Role.OPERATOR, label="other")
    await works(one)
    await works(other)
    link.close_connection(one)
    assert (await one.ended()).code is Code.CANCELED
    with pytest.raises(ConnectError):
        await one.call(ECHO, EchoRequest())
    await works(other)


async def test_calls_may_be_made_before_anything_was_answered() -> None:
    server, _ = serve()
    await works(dialled(server).open_connection(Role.VIEWER))


async def test_tells_why_the_link_closed() -> None:
    server, _ = serve()
    link = dialled(server, token="x" * 32)
    assert "token" in await link.closed()
    with pytest.raises(ConnectError, match="before it was authenticated"):
        await link.authenticated()
