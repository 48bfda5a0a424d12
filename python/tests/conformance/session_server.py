"""The server of the recorded sessions: python -m tests.conformance.session_server PATH. Serves what 1.0 had already."""

from __future__ import annotations

import asyncio
import sys

from macroscope.rpc.v1.options_pb import Role
from tests.conformance.sockets import TOKEN, listen_at

from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.server import Server
from macroscope_worker.services.diagnostics import DiagnosticsService


async def serve(path: str) -> None:
    """Serve at a path until the process ends."""
    greeting = Greeting(build="conformance-python 1", session="conformance", epoch=7, role=Role.HOST)
    server = Server(greeting, [DiagnosticsService()])
    await listen_at(path, lambda link: server.accept(link, token=TOKEN, role=Role.HOST))


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
