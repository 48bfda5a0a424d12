from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, EchoResponse, FloodRequest, FloodResponse
from macroscope.rpc.v1.errors_pb import LimitExceeded
from macroscope.rpc.v1.frame_pb import Code as WireCode
from macroscope.rpc.v1.frame_pb import Credit, Envelope, Message, Open, Status
from macroscope.rpc.v1.options_pb import Delivery, Role
from protobuf import Oneof
from tests.rpc.pair import CLIENT, ECHO, FLOOD
from tests.rpc.serving import ScriptedDiagnostics, bare, dialled, serve

from macroscope_worker.rpc.connection import Connection
from macroscope_worker.rpc.connection_state import Side
from macroscope_worker.rpc.frame import Frame

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

from tests.rpc.calling import collect, fails, works

pytestmark = pytest.mark.asyncio


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

    async def test_knows_who_calls(self) -> None:
        server, service = serve()
        await works(await bare(server))
        link = dialled(server)
        await link.authenticated()
        await works(link.open_connection(Role.OPERATOR, label="left window"))
        own_words, given = service.contexts
        assert (own_words.label, own_words.caller) == ("", CLIENT.label), "nobody else names it"
        assert (given.label, given.caller) == ("left window", "left window")
        link.close()

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
        for frame in sent:
            client.receive(frame, 0)
        client.cancel_call(client.start_call(ECHO, None, now_ns=0))
        for frame in client.take_frames():
            core.frame_received(frame)
        assert service.contexts == []
        assert core._waiting == core._tasks == {}
        core.close()

    async def test_a_second_request_ends_the_call_and_its_handler(self) -> None:
        server, service = serve()
        core = server.connection(
            1, role=Role.HOST, label="", send=lambda _: None, congested=lambda: False, on_end=lambda _: None
        )
        core.frame_received(Connection(Side.CLIENT, CLIENT, now_ns=0).take_frames()[0])
        request = EchoRequest(payload=b"hang").to_binary()
        opening: Any = Oneof("open", Open(call=1, method=ECHO.path, message=request, has_message=True))
        core.frame_received(Frame(2, 1, Envelope(kind=opening).to_binary()))
        assert service.entered.is_set()
        second: Any = Oneof("message", Message(call=1, message=request))
        core.frame_received(Frame(2, 1, Envelope(kind=second).to_binary()))
        async with asyncio.timeout(5):
            await service.left.wait()
        core.close()

    @pytest.mark.parametrize("how", ["not to be encoded", "not to be translated"])
    async def test_an_error_that_cannot_be_told_ends_the_call_too(
        self, how: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        server, _ = serve()

        def translate(error: Exception) -> ConnectError:
            if how == "not to be translated":
                raise ZeroDivisionError
            return ConnectError(Code.NOT_FOUND, f"No text: \udcff {error}")

        server.translate = translate
        connection = await bare(server)
        with caplog.at_level(logging.ERROR):
            error = await fails(connection, b"domain")
        assert error.code is Code.INTERNAL
        assert "domain" in caplog.text
        await works(connection)

    async def test_a_call_without_a_request_is_told_so(self) -> None:
        server, service = serve()
        sent: list[Frame] = []
        core = server.connection(
            1, role=Role.HOST, label="", send=sent.append, congested=lambda: False, on_end=lambda _: None
        )
        client = Connection(Side.CLIENT, CLIENT, now_ns=0)
        core.frame_received(client.take_frames()[0])
        kind: Any = Oneof("open", Open(call=1, method=ECHO.path, half_close=True))
        core.frame_received(Frame(2, 1, Envelope(kind=kind).to_binary()))
        answer = Envelope.from_binary(sent[-1].envelope).kind
        assert answer is not None
        assert isinstance(answer.value, Status)
        assert answer.value.code == WireCode.INVALID_ARGUMENT
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

    async def test_streams_that_cannot_send_make_no_messages(self) -> None:
        server, service = serve()
        sent: list[Frame] = []
        core = server.connection(
            1, role=Role.HOST, label="", send=sent.append, congested=lambda: False, on_end=lambda _: None
        )
        client = Connection(Side.CLIENT, CLIENT, now_ns=0)
        core.frame_received(client.take_frames()[0])
        request = FloodRequest(message_bytes=1 << 20, messages=10).to_binary()
        for call in range(1, 21):
            kind: Any = Oneof("open", Open(call=call, method=FLOOD.path, message=request, has_message=True))
            core.frame_received(Frame(4, 1, Envelope(kind=kind).to_binary()))
        for _ in range(100):  # Turns of the event loop.
            await asyncio.sleep(0)
        assert service.produced == 6, "as many as the connection's credit takes, and none in hand"
        kind = Oneof("credit", Credit(bytes=2 << 20))
        core.frame_received(Frame(2, 1, Envelope(kind=kind).to_binary()))
        for _ in range(100):
            await asyncio.sleep(0)
        assert service.produced == 8
        core.close()

    async def test_a_stream_that_is_left_closes_its_generator(self) -> None:
        server, service = serve()
        connection = await bare(server)
        async with connection.stream(FLOOD, FloodRequest(message_bytes=1, messages=1000)) as stream:
            await anext(stream)
        await service.left.wait()
        await works(connection)

    async def test_a_stream_that_never_waits_lets_others_have_their_turn(self) -> None:
        server, service = serve()
        core = server.connection(
            1, role=Role.HOST, label="", send=lambda _: None, congested=lambda: False, on_end=lambda _: None
        )
        core.frame_received(Connection(Side.CLIENT, CLIENT, now_ns=0).take_frames()[0])
        endless = Credit(messages=2**32 - 1, bytes=2**32 - 1)
        request = FloodRequest(message_bytes=1, messages=50_000).to_binary()
        opening: Any = Oneof(
            "open", Open(call=1, method=FLOOD.path, message=request, has_message=True, half_close=True, credit=endless)
        )
        core.frame_received(Frame(4, 1, Envelope(kind=opening).to_binary()))
        assert 0 < service.produced < 50_000
        core.close()
        async with asyncio.timeout(5):
            await service.left.wait()

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


class TestContext:
    async def test_tells_of_the_end_of_its_connection(self) -> None:
        server, service = serve()
        link = dialled(server)
        connection = link.open_connection(Role.VIEWER)
        await works(connection)
        [context] = service.contexts
        told: list[str] = []
        context.on_connection_end(lambda: told.append("listened before"))
        ended = asyncio.Event()
        context.on_connection_end(ended.set)
        assert told == []
        link.close_connection(connection)
        await ended.wait()
        context.on_connection_end(lambda: told.append("listened after"))
        assert told == ["listened before", "listened after"]
