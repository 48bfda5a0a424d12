from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1 import diagnostics_connect
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, EchoResponse
from macroscope.rpc.v1.errors_pb import InvalidFields, RoleNeeded, UnknownMethod, VersionMismatch
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.calling import fails, works
from tests.rpc.pair import CLIENT, ECHO, SERVER
from tests.rpc.serving import TOKEN, ScriptedDiagnostics, bare, dialled, serve

from macroscope_worker.rpc.connection_state import Side
from macroscope_worker.rpc.dialled_link import dial_bare
from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.memory_link import create_link_pair
from macroscope_worker.rpc.server import Server

if TYPE_CHECKING:
    from macroscope_worker.rpc.call_ledger import CallRecord

pytestmark = pytest.mark.asyncio


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


class TestRegistration:
    async def test_a_handler_of_the_wrong_kind_is_refused(self) -> None:
        class Wrong(diagnostics_connect.DiagnosticsService):
            def echo(self, request: EchoRequest, ctx: Any, /) -> Any:
                return EchoResponse()

        with pytest.raises(TypeError, match="echo"):
            Server(SERVER, [Wrong()])

    async def test_the_token_of_the_tests_is_long_enough(self) -> None:
        assert len(TOKEN) >= 32


class TestReports:
    async def test_counts_calls_and_tells_of_each(self) -> None:
        records: list[CallRecord] = []
        server = Server(SERVER, [ScriptedDiagnostics()], on_call=records.append)
        connection = await bare(server)
        await works(connection)
        await fails(connection, b"error")
        [counts] = server.traffic.snapshot()
        assert (counts.method, counts.side, counts.calls, counts.open_calls) == (ECHO.path, Side.SERVER, 2, 0)
        assert counts.errors == {10: 1}
        assert [(record.peer, record.code) for record in records] == [("test", 0), ("test", 10)]
        assert records[0].messages_received == records[0].messages_sent == 1

    async def test_reports_the_connections_that_are_there(self) -> None:
        server, _ = serve()
        assert server.connection_reports() == []
        await bare(server, role=Role.OPERATOR)
        [report] = server.connection_reports()
        assert (report.label, report.build, report.role, report.state) == ("test", "client 1", Role.OPERATOR, "open")
        assert (report.open_calls, report.bytes_in_flight) == (0, 0)
        server.close()
        assert server.connection_reports() == []
