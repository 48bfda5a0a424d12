"""What a server does with the frames of a sequence."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from connectrpc.errors import ConnectError
from macroscope.conformance.v1 import conformance_connect
from macroscope.conformance.v1 import conformance_pb as pb
from macroscope.rpc.v1.options_pb import Role
from tests.conformance.pattern import pattern
from tests.fuzz.told import LAST, Told, in_order, told_of_frame

from macroscope_worker.rpc.frame import decode_frame
from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.server import Server
from macroscope_worker.rpc.status import code_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.rpc.frame import Frame
    from macroscope_worker.rpc.link import LinkReceiver

MOST_ANSWERS = 50


class EarLink:
    """A link that keeps what is sent."""

    congested = False

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.closed = False
        self.receiver: LinkReceiver | None = None

    def start(self, receiver: LinkReceiver) -> None:
        self.receiver = receiver

    def send(self, frame: Frame) -> None:
        if not self.closed:
            self.told += told_of_frame(frame)

    def forget(self, connection: int) -> None:
        pass

    def close(self, reason: str = "") -> None:
        if not self.closed:
            self.closed = True
            self.told.append(Told(LAST, "closed"))
            assert self.receiver is not None
            self.receiver.link_closed(reason)

    def abort(self, reason: str) -> None:
        self.close(reason)


async def heard_by_server(frames: list[bytes]) -> str:
    """A part for each frame: what the server sends, and whether it closes."""
    server = Server(Greeting(build="fuzzed", role=Role.HOST, session="s", epoch=1), [_Handlers()])
    link = EarLink()
    server.accept_bare(link, role=Role.OPERATOR)
    parts = []
    for data in frames:
        if not link.closed:
            assert link.receiver is not None
            link.receiver.frame_received(decode_frame(data))
            await settled()
        parts.append(in_order(link.told))
        link.told = []
    server.close()
    await settled()
    return " | ".join(parts)


async def settled() -> None:
    """Let everything happen that needs no time."""
    loop: Any = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:  # noqa: ASYNC110 - no event tells that nothing is left to do
        await asyncio.sleep(0)


class _Handlers(conformance_connect.ConformanceService):
    """What takes time never happens."""

    async def call(self, request: pb.CallRequest, ctx: Any, /) -> pb.CallResponse:
        return pb.CallResponse(answer=await _unary(request))

    async def call_again(self, request: pb.CallAgainRequest, ctx: Any, /) -> pb.CallAgainResponse:
        return pb.CallAgainResponse(answer=await _unary(request))

    async def call_as_operator(self, request: pb.CallAsOperatorRequest, ctx: Any, /) -> pb.CallAsOperatorResponse:
        return pb.CallAsOperatorResponse(answer=await _unary(request))

    async def call_as_host(self, request: pb.CallAsHostRequest, ctx: Any, /) -> pb.CallAsHostResponse:
        return pb.CallAsHostResponse(answer=await _unary(request))

    async def call_urgently(self, request: pb.CallUrgentlyRequest, ctx: Any, /) -> pb.CallUrgentlyResponse:
        return pb.CallUrgentlyResponse(answer=await _unary(request))

    async def call_briefly(self, request: pb.CallBrieflyRequest, ctx: Any, /) -> pb.CallBrieflyResponse:
        return pb.CallBrieflyResponse(answer=await _unary(request))

    async def stream(self, request: pb.StreamRequest, ctx: Any, /) -> AsyncIterator[pb.StreamResponse]:
        async for index, tail in _stream(request):
            yield pb.StreamResponse(answer=pb.Answer(index=index), block=pb.Block(pixels=tail))

    async def stream_as_operator(
        self, request: pb.StreamAsOperatorRequest, ctx: Any, /
    ) -> AsyncIterator[pb.StreamAsOperatorResponse]:
        async for index, _ in _stream(request):
            yield pb.StreamAsOperatorResponse(answer=pb.Answer(index=index))

    async def watch(self, request: pb.WatchRequest, ctx: Any, /) -> AsyncIterator[pb.WatchResponse]:
        async for index, _ in _stream(request):
            yield pb.WatchResponse(answer=pb.Answer(index=index), revision=index + 1)

    async def report(self, request: pb.ReportRequest, ctx: Any, /) -> pb.ReportResponse:
        return pb.ReportResponse()


async def _unary(request: Any) -> pb.Answer:
    await _finish(request.instructions)
    return pb.Answer(payload=pattern(request.instructions.payload_bytes, 0))


async def _stream(request: Any) -> AsyncIterator[tuple[int, bytes]]:
    for index in range(min(request.instructions.answers, MOST_ANSWERS)):
        yield index, pattern(request.instructions.tail_bytes, index)
    await _finish(request.instructions)


async def _finish(instructions: Any) -> None:
    if instructions.delay_ms or instructions.wait_for_end:
        await asyncio.Event().wait()
    if instructions.break_down:
        raise RuntimeError("as asked")
    if instructions.failure is not None and instructions.failure.code:
        raise ConnectError(code_of(instructions.failure.code), instructions.failure.message)
