"""The Python server of the conformance tests: python -m tests.conformance.server PATH."""

from __future__ import annotations

import asyncio
import logging
import sys

from macroscope.rpc.v1.options_pb import Role
from tests.conformance.conformance_service import ConformanceService
from tests.conformance.sockets import TOKEN, listen_at

from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.server import Server
from macroscope_worker.services.diagnostics import DiagnosticsService


async def serve(path: str) -> None:
    """Serve at a path until the process ends."""
    greeting = Greeting(build="conformance-python 1", session="conformance", epoch=7, role=Role.HOST)
    server = Server(greeting, [ConformanceService(), DiagnosticsService()])
    await listen_at(path, lambda link: server.accept(link, token=TOKEN, role=Role.HOST))


if __name__ == "__main__":
    logging.disable()  # Handlers that break down on purpose would fill it.
    asyncio.run(serve(sys.argv[1]))
