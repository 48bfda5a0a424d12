"""A server with a service whose handlers the test controls, and clients of it over an in-memory link."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1 import diagnostics_connect
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, EchoResponse, FloodRequest, FloodResponse
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.pair import CLIENT, SERVER

from macroscope_worker.rpc.dialled_link import DialledLink, dial_bare
from macroscope_worker.rpc.memory_link import create_link_pair
from macroscope_worker.rpc.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.rpc.client import ClientConnection
    from macroscope_worker.rpc.greeting import Greeting

TOKEN = "k" * 32


class ScriptedDiagnostics(diagnostics_connect.DiagnosticsService):
    """Echo does what its payload says; Flood tells when it was left."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.left = asyncio.Event()
        self.produced = 0
        self.contexts: list[Any] = []

    async def echo(self, request: EchoRequest, ctx: Any, /) -> EchoResponse:
        self.contexts.append(ctx)
        match bytes(request.payload):
            case b"bug":
                msg = "the secret of the bug"
                raise KeyError(msg)
            case b"error":
                raise ConnectError(Code.ABORTED, "asked to", [EchoResponse(payload=b"detail")])
            case b"domain":
                raise LookupError("domain")
            case b"hang":
                self.entered.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    self.left.set()
            case b"large":
                return EchoResponse(payload=bytes(17 << 20))
        return EchoResponse(payload=request.payload)

    async def flood(self, request: FloodRequest, ctx: Any, /) -> AsyncIterator[FloodResponse]:
        self.contexts.append(ctx)
        block = b"\x01" * request.message_bytes
        try:
            self.entered.set()
            for index in range(request.messages):
                self.produced += 1
                yield FloodResponse(index=index, block=block)
            if request.messages == 999:
                msg = "bug in a stream"
                raise KeyError(msg)
        finally:
            self.left.set()


def translate(error: Exception) -> ConnectError | None:
    """The domain's errors of these tests."""
    return (
        ConnectError(Code.NOT_FOUND, "of the domain")
        if isinstance(error, LookupError) and not isinstance(error, KeyError)
        else None
    )


def serve(service: Any = None) -> tuple[Server, Any]:
    service = service or ScriptedDiagnostics()
    return Server(SERVER, [service], translate=translate), service


async def bare(server: Server, *, role: Role = Role.HOST, greeting: Greeting = CLIENT) -> ClientConnection:
    """A client on a link that is one connection."""
    theirs, ours = create_link_pair()
    server.accept_bare(theirs, role=role)
    connection = dial_bare(ours, greeting)
    await connection.opened()
    return connection


def dialled(server: Server, *, token: str = TOKEN, role: Role = Role.HOST) -> DialledLink:
    """A link that carries many connections."""
    theirs, ours = create_link_pair()
    server.accept(theirs, token=TOKEN, role=role)
    return DialledLink(ours, token=token)
