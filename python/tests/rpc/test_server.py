from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1 import diagnostics_connect
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, EchoResponse, FloodRequest, FloodResponse
from macroscope.rpc.v1.errors_pb import InvalidFields, LimitExceeded, RoleNeeded, UnknownMethod, VersionMismatch
from macroscope.rpc.v1.options_pb import Delivery, Role
from tests.rpc.pair import CLIENT, ECHO, FLOOD, SERVER
from tests.rpc.serving import TOKEN, ScriptedDiagnostics, bare, dialled, serve

from macroscope_worker.rpc.connection import Connection, Side
from macroscope_worker.rpc.dialled_link import dial_bare
from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.memory_link import create_link_pair
from macroscope_worker.rpc.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.rpc.client import ClientConnection, ClientStream
    from macroscope_worker.rpc.method_policy import Method

pytestmark = pytest.mark.asyncio


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


class TestUnary:
    async def test_answers(self) -> None:
        server, service = serve()
        connection = await bare(server)
        client = connection.client(DiagnosticsServiceClient)
        assert await client.echo(EchoRequest(payload=b"hi"), headers={"x-reason": "test"}) == EchoResponse(
            payload=b"hi"
        )
        [context] = service.contexts
        assert context.request_headers["x-reason"] == "test"
        assert context.role == Role.HOST
        assert 0 < context.timeout_ms <= ECHO.default_deadline_ms

    async def test_many_calls_run_at_a_time(self) -> None:
        server, service = serve()
        connection = await bare(server)
        hanging = asyncio.create_task(connection.call(ECHO, EchoRequest(payload=b"hang")))
        await service.entered.wait()
        await works(connection)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging

    async def test_an_error_of_the_handler_reaches_the_caller(self) -> None:
        server, _ = serve()
        connection = await bare(server)
        error = await fails(connection, b"error")
        assert (error.code, error.message) == (Code.ABORTED, "asked to")
        assert error.details[0].value(EchoResponse) == EchoResponse(payload=b"detail")
        await works(connection)

    async def test_an_error_of_the_domain_is_translated(self) -> None:
        server, _ = serve()
        error = await fails(await bare(server), b"domain")
        assert (error.code, error.message) == (Code.NOT_FOUND, "of the domain")

    async def test_a_bug_is_logged_and_not_leaked(self, caplog: pytest.LogCaptureFixture) -> None:
        server, _ = serve()
        connection = await bare(server)
        with caplog.at_level(logging.ERROR):
            error = await fails(connection, b"bug")
        assert error.code is Code.INTERNAL
        assert "secret" not in error.message
        assert "KeyError" not in error.message
        assert error.details == []
        assert "the secret of the bug" in caplog.text
        await works(connection)

    async def test_an_answer_that_is_too_large_is_an_error(self) -> None:
        server, _ = serve()
        connection = await bare(server)
        error = await fails(connection, b"large")
        assert error.code is Code.RESOURCE_EXHAUSTED
        detail = error.details[0].value(LimitExceeded)
        assert detail is not None
        assert detail.limit == "max_frame_bytes"
        await works(connection)

    async def test_a_cancelled_call_cancels_its_handler(self) -> None:
        server, service = serve()
        connection = await bare(server)
        call = asyncio.create_task(connection.call(ECHO, EchoRequest(payload=b"hang")))
        await service.entered.wait()
        call.cancel()
        await service.left.wait()
        await works(connection)

    async def test_a_call_cancelled_before_its_handler_began_leaves_nothing(self) -> None:
        server, service = serve()
        sent: list[Frame] = []
        core = server.connection(
            1, role=Role.HOST, label="", send=sent.append, congested=lambda: False, on_end=lambda _: None
        )
        client = Connection(Side.CLIENT, CLIENT, now_ns=0)
        [hello] = client.take_frames()
        core.frame_received(hello)
        client.receive(sent.pop(), 0)
        client.cancel_call(client.start_call(ECHO, b"", now_ns=0))
        for frame in client.take_frames():
            core.frame_received(frame)
        while core._tasks:
            await asyncio.gather(*core._tasks.values(), return_exceptions=True)
        assert service.contexts == []
        core.close()

    async def test_a_deadline_stops_the_handler(self) -> None:
        server, service = serve()
        connection = await bare(server)
        with pytest.raises(ConnectError) as caught:
            await connection.call(ECHO, EchoRequest(payload=b"hang"), timeout_ms=20)
        assert caught.value.code is Code.DEADLINE_EXCEEDED
        await service.left.wait()
        await works(connection)


class TestBadInput:
    async def test_an_unknown_method(self) -> None:
        server, _ = serve()
        connection = await bare(server)
        error = await fails(connection, b"", replace(ECHO, path="/macroscope.diagnostics.v1.DiagnosticsService/Gone"))
        assert error.code is Code.UNIMPLEMENTED
        assert "Gone" in error.message
        detail = error.details[0].value(UnknownMethod)
        assert detail is not None
        assert ECHO.path in detail.known
        await works(connection)

    async def test_an_invalid_field(self) -> None:
        server, service = serve()
        connection = await bare(server)
        error = await fails(connection, bytes(65537))
        assert error.code is Code.INVALID_ARGUMENT
        detail = error.details[0].value(InvalidFields)
        assert detail is not None
        assert [violation.field for violation in detail.violations] == ["payload"]
        assert service.contexts == []
        await works(connection)

    async def test_a_role_that_is_too_low(self) -> None:
        server, service = serve()
        server.methods[ECHO.path] = replace(ECHO, needed_role=Role.OPERATOR)
        viewer = await bare(server, role=Role.VIEWER)
        error = await fails(viewer, b"x")
        assert error.code is Code.PERMISSION_DENIED
        assert error.details[0].value(RoleNeeded) == RoleNeeded(
            method=ECHO.path, needed=Role.OPERATOR, given=Role.VIEWER
        )
        assert service.contexts == []
        await works(await bare(server, role=Role.OPERATOR))

    async def test_a_forged_role_is_not_believed(self) -> None:
        server, _ = serve()
        connection = await bare(server, role=Role.VIEWER, greeting=replace(CLIENT, role=Role.HOST))
        assert connection.connection.role == Role.VIEWER

    async def test_a_client_of_another_version(self) -> None:
        server, _ = serve()
        theirs, ours = create_link_pair()
        server.accept_bare(theirs)
        connection = dial_bare(ours, replace(CLIENT, protocol_major=2))
        with pytest.raises(ConnectError) as caught:
            await connection.opened()
        assert caught.value.code is Code.FAILED_PRECONDITION
        assert caught.value.details[0].value(VersionMismatch) is not None
        await works(await bare(server))

    async def test_a_client_of_another_schema_is_accepted(self) -> None:
        server, _ = serve()
        connection = await bare(server, greeting=replace(CLIENT, schema_digest="f" * 64))
        await works(connection)

    async def test_a_malformed_frame_drops_only_its_link(self) -> None:
        server, _ = serve()
        other = await bare(server)
        theirs, ours = create_link_pair()
        server.accept_bare(theirs)
        closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        class Watcher:
            def frame_received(self, frame: Frame) -> None:
                pass

            def link_writable(self) -> None:
                pass

            def link_closed(self, reason: str) -> None:
                closed.set_result(reason)

        ours.start(Watcher())
        theirs.deliver(b"not a frame at all")
        assert "fram" in await closed
        await works(other)

    async def test_a_broken_protocol_ends_only_its_connection(self) -> None:
        server, _ = serve()
        link = dialled(server)
        broken, other = link.open_connection(Role.VIEWER), link.open_connection(Role.VIEWER)
        await broken.opened()
        broken.frame_received(Frame(2, 1, b"\xff\xff"))
        error = await broken.ended()
        assert error.code is Code.INVALID_ARGUMENT
        await works(other)


class TestStreams:
    async def test_streams_to_the_end(self) -> None:
        server, service = serve()
        client = (await bare(server)).client(DiagnosticsServiceClient)
        found = [message async for message in client.flood(FloodRequest(message_bytes=3, messages=20))]
        assert [message.index for message in found] == list(range(20))
        assert all(bytes(message.block) == b"\x01\x01\x01" for message in found)
        assert service.left.is_set()

    async def test_a_slow_client_stops_the_source_of_its_stream(self) -> None:
        server, service = serve()
        connection = await bare(server)
        stream = connection.stream(FLOOD, FloodRequest(message_bytes=1, messages=1000), credit=(3, 1000))
        await anext(stream)
        await works(connection)
        # Three were granted, one more was granted when the first was taken, and one waits to be sent.
        assert service.produced <= 5
        await stream.aclose()
        await service.left.wait()

    async def test_a_stream_that_is_left_closes_its_generator(self) -> None:
        server, service = serve()
        connection = await bare(server)
        async with connection.stream(FLOOD, FloodRequest(message_bytes=1, messages=1000)) as stream:
            await anext(stream)
        await service.left.wait()
        await works(connection)

    async def test_a_bug_in_a_stream_ends_it_after_its_messages(self) -> None:
        server, _ = serve()
        connection = await bare(server)
        stream = connection.stream(FLOOD, FloodRequest(message_bytes=1, messages=999))
        found: list[Any] = []
        with pytest.raises(ConnectError) as caught:
            await collect(stream, found)
        assert len(found) == 999
        assert caught.value.code is Code.INTERNAL

    async def test_latest_wins_counts_what_it_skips(self) -> None:
        class Ticker(ScriptedDiagnostics):
            async def flood(self, request: FloodRequest, ctx: Any, /) -> AsyncIterator[FloodResponse]:
                for index in range(request.messages):
                    yield FloodResponse(index=index)
                self.entered.set()
                await asyncio.Event().wait()

        server, service = serve(Ticker())
        server.methods[FLOOD.path] = latest = replace(FLOOD, delivery=Delivery.LATEST_WINS)
        connection = await bare(server)
        stream = connection.stream(latest, FloodRequest(message_bytes=1, messages=100), credit=(2, 1000))
        await service.entered.wait()
        indices = []
        for _ in range(3):
            message = await anext(stream)
            assert isinstance(message, FloodResponse)
            indices.append(message.index)
        assert indices == [0, 1, 99]
        assert stream.skipped == 97
        await stream.aclose()

    async def test_the_end_of_the_connection_stops_its_streams(self) -> None:
        server, service = serve()
        link = dialled(server)
        connection = link.open_connection(Role.VIEWER)
        await anext(connection.stream(FLOOD, FloodRequest(message_bytes=1, messages=1000)))
        link.close_connection(connection)
        await service.left.wait()
        await works(link.open_connection(Role.VIEWER))


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


class TestRegistration:
    async def test_a_handler_of_the_wrong_kind_is_refused(self) -> None:
        class Wrong(diagnostics_connect.DiagnosticsService):
            def echo(self, request: EchoRequest, ctx: Any, /) -> Any:
                return EchoResponse()

        with pytest.raises(TypeError, match="echo"):
            Server(SERVER, [Wrong()])

    async def test_the_token_of_the_tests_is_long_enough(self) -> None:
        assert len(TOKEN) >= 32
