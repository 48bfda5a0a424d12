from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest
from macroscope.rpc.v1.errors_pb import LimitExceeded
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.calling import works
from tests.rpc.pair import CLIENT, ECHO, SERVER
from tests.rpc.serving import dialled, serve

from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.memory_link import create_link_pair
from macroscope_worker.rpc.protocol import PROTOCOL

pytestmark = pytest.mark.asyncio


class TestLinks:
    async def test_counts_the_links_that_are_authenticated(self) -> None:
        server, _ = serve()
        counts: list[int] = []
        server.on_links_changed(lambda: counts.append(server.links))
        link = dialled(server)
        assert server.links == 0
        await link.authenticated()
        assert server.links == 1
        link.close()
        await link.closed()
        assert server.links == 0
        assert counts == [1, 0]

    async def test_a_wrong_token_closes_the_link_and_the_server_goes_on(self) -> None:
        server, _ = serve()
        link = dialled(server, token="x" * 32)
        connection = link.open_connection(Role.VIEWER)
        with pytest.raises(ConnectError) as caught:
            await link.authenticated()
        assert caught.value.code is Code.UNAUTHENTICATED
        assert (await connection.ended()).code is Code.UNAVAILABLE
        assert server.links == 0
        good = dialled(server)
        assert (await good.authenticated()).epoch == SERVER.epoch
        await works(good.open_connection(Role.VIEWER))

    async def test_a_connection_has_the_role_that_the_host_wrote(self) -> None:
        server, _ = serve()
        link = dialled(server)
        connection = link.open_connection(Role.VIEWER, greeting=replace(CLIENT, role=Role.HOST))
        await connection.opened()
        assert connection.connection.role == Role.VIEWER

    async def test_closing_tells_every_client(self) -> None:
        server, service = serve()
        link = dialled(server)
        connection = link.open_connection(Role.VIEWER)
        call = asyncio.create_task(connection.call(ECHO, EchoRequest(payload=b"hang")))
        await service.entered.wait()
        server.close("The worker is ending.")
        with pytest.raises(ConnectError) as caught:
            await call
        assert (caught.value.code, caught.value.message) == (Code.UNAVAILABLE, "The worker is ending.")
        await link.closed()
        await service.left.wait()


class TestTokens:
    async def test_the_role_follows_from_the_token(self) -> None:
        server, _ = serve()
        for role in (Role.VIEWER, Role.OPERATOR):
            theirs, ours = create_link_pair()
            server.accept(theirs, tokens={"v" * 32: Role.VIEWER, "o" * 32: Role.OPERATOR})
            link = DialledLink(ours, token=("v" if role == Role.VIEWER else "o") * 32)
            assert (await link.open_connection(Role.HOST).opened()).role == role
            link.close()

    async def test_anybody_but_the_host_has_a_bounded_number_of_connections(self) -> None:
        server, _ = serve()
        link = dialled(server, role=Role.VIEWER)
        connections = [link.open_connection() for _ in range(PROTOCOL.max_connections + 1)]
        error = await connections[-1].ended()
        assert error.code is Code.RESOURCE_EXHAUSTED
        detail = error.details[0].value(LimitExceeded)
        assert detail is not None
        assert (detail.limit, detail.allowed, detail.found) == ("max_connections", 16, 17)
        await works(connections[0])
        link.close_connection(connections[0])
        await works(link.open_connection())

    async def test_the_host_may_have_more(self) -> None:
        server, _ = serve()
        link = dialled(server)
        connections = [link.open_connection() for _ in range(PROTOCOL.max_connections + 1)]
        await works(connections[-1])
        link.close()
