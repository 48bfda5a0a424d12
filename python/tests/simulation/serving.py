"""The simulated server program: handlers that do what their requests say and note it in the ledger."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from connectrpc.errors import ConnectError
from macroscope.conformance.v1 import conformance_connect
from macroscope.conformance.v1 import conformance_pb as pb
from macroscope.rpc.v1.options_pb import Role
from tests.conformance.pattern import pattern

from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.server import Server
from macroscope_worker.rpc.status import code_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.simulation.ledger import Ledger, Run

_METHODS = ("call", "call_again", "call_urgently")


class ServerProgram:
    """One life of a server."""

    def __init__(self, epoch: int, ledger: Ledger) -> None:
        self.epoch = epoch
        self.name = f"server{epoch}"
        self.revision = 1
        self.alive = True
        self.running: set[int] = set()
        self.ledger = ledger
        self._changed = asyncio.Event()
        greeting = Greeting(build=self.name, role=Role.HOST, session=self.name, epoch=epoch)
        self.server = Server(greeting, [_Handlers(self)])

    def change(self) -> None:
        """The state that everybody watches changes."""
        self.revision += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def changed(self) -> None:
        """Wait for the next change."""
        await self._changed.wait()

    def begin(self, label: str) -> Run:
        run = self.ledger.run(label, self.name)
        self.running.add(id(run))
        return run

    def end(self, label: str, run: Run) -> None:
        self.ledger.end_run(label, run)
        self.running.discard(id(run))


class _Handlers(conformance_connect.ConformanceService):
    def __init__(self, program: ServerProgram) -> None:
        self._program = program

    async def call(self, request: pb.CallRequest, ctx: Any, /) -> pb.CallResponse:
        return pb.CallResponse(answer=await self._one(request))

    async def call_again(self, request: pb.CallAgainRequest, ctx: Any, /) -> pb.CallAgainResponse:
        return pb.CallAgainResponse(answer=await self._one(request))

    async def call_urgently(self, request: pb.CallUrgentlyRequest, ctx: Any, /) -> pb.CallUrgentlyResponse:
        return pb.CallUrgentlyResponse(answer=await self._one(request))

    async def call_as_operator(self, request: Any, ctx: Any, /) -> Any:
        raise NotImplementedError

    async def call_as_host(self, request: Any, ctx: Any, /) -> Any:
        raise NotImplementedError

    async def call_briefly(self, request: Any, ctx: Any, /) -> Any:
        raise NotImplementedError

    async def report(self, request: Any, ctx: Any, /) -> Any:
        raise NotImplementedError

    async def stream_as_operator(self, request: Any, ctx: Any, /) -> AsyncIterator[Any]:
        raise NotImplementedError
        yield

    async def stream(self, request: pb.StreamRequest, ctx: Any, /) -> AsyncIterator[pb.StreamResponse]:
        wanted: Any = request.instructions
        run = self._program.begin(wanted.label)
        try:
            for index in range(wanted.answers):
                if wanted.pause_ms:
                    await asyncio.sleep(wanted.pause_ms / 1000)
                run.made += 1
                block = pb.Block(pixels=pattern(wanted.tail_bytes, index))
                yield pb.StreamResponse(answer=pb.Answer(index=index), block=block)
            _fail(wanted)
            run.answered = True
        finally:
            self._program.end(wanted.label, run)

    async def watch(self, request: pb.WatchRequest, ctx: Any, /) -> AsyncIterator[pb.WatchResponse]:
        wanted: Any = request.instructions
        run = self._program.begin(wanted.label)
        try:
            while True:
                changed = asyncio.ensure_future(self._program.changed())
                try:
                    answer = pb.Answer(index=run.made, payload=pattern(wanted.payload_bytes, run.made))
                    run.made += 1
                    yield pb.WatchResponse(answer=answer, revision=self._program.revision)
                    await changed
                finally:
                    changed.cancel()
        finally:
            self._program.end(wanted.label, run)

    async def _one(self, request: Any) -> pb.Answer:
        wanted = request.instructions
        run = self._program.begin(wanted.label)
        try:
            if wanted.delay_ms:
                await asyncio.sleep(wanted.delay_ms / 1000)
            _fail(wanted)
            run.answered = True
            return pb.Answer(payload=pattern(wanted.payload_bytes, 0))
        finally:
            self._program.end(wanted.label, run)


def _fail(wanted: Any) -> None:
    if wanted.failure is not None:
        raise ConnectError(code_of(wanted.failure.code), wanted.failure.message)
