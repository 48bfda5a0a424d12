"""The conformance service: does what its requests say."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.conformance.v1 import conformance_connect
from macroscope.conformance.v1 import conformance_pb as pb
from tests.conformance.call_reports import CallReports
from tests.conformance.pattern import pattern

from macroscope_worker.rpc.status import code_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

CLOSE_TO_DEADLINE_S = 0.02
"""A handler that is stopped so close to its deadline was stopped by it. A task is not told why it is cancelled."""


@dataclass
class Made:
    """What a handler made, before it is put into the answer of its method."""

    answer: pb.Answer
    tail: bytes


class ConformanceService(conformance_connect.ConformanceService):
    """Keeps what its handlers saw."""

    def __init__(self) -> None:
        self._reports = CallReports()

    async def call(self, request: pb.CallRequest, ctx: Any, /) -> pb.CallResponse:
        made = await self._one(request, ctx)
        return pb.CallResponse(answer=made.answer, tail=made.tail)

    async def call_again(self, request: pb.CallAgainRequest, ctx: Any, /) -> pb.CallAgainResponse:
        return pb.CallAgainResponse(answer=(await self._one(request, ctx)).answer)

    async def call_as_operator(self, request: pb.CallAsOperatorRequest, ctx: Any, /) -> pb.CallAsOperatorResponse:
        return pb.CallAsOperatorResponse(answer=(await self._one(request, ctx)).answer)

    async def call_as_host(self, request: pb.CallAsHostRequest, ctx: Any, /) -> pb.CallAsHostResponse:
        return pb.CallAsHostResponse(answer=(await self._one(request, ctx)).answer)

    async def call_urgently(self, request: pb.CallUrgentlyRequest, ctx: Any, /) -> pb.CallUrgentlyResponse:
        return pb.CallUrgentlyResponse(answer=(await self._one(request, ctx)).answer)

    async def call_briefly(self, request: pb.CallBrieflyRequest, ctx: Any, /) -> pb.CallBrieflyResponse:
        return pb.CallBrieflyResponse(answer=(await self._one(request, ctx)).answer)

    async def stream(self, request: pb.StreamRequest, ctx: Any, /) -> AsyncIterator[pb.StreamResponse]:
        async with aclosing(self._follow(request, ctx, _answers(request))) as all_made:
            async for made in all_made:
                yield pb.StreamResponse(answer=made.answer, block=pb.Block(rows=1, pixels=made.tail))

    async def stream_as_operator(
        self, request: pb.StreamAsOperatorRequest, ctx: Any, /
    ) -> AsyncIterator[pb.StreamAsOperatorResponse]:
        async with aclosing(self._follow(request, ctx, _answers(request))) as all_made:
            async for made in all_made:
                yield pb.StreamAsOperatorResponse(answer=made.answer)

    async def watch(self, request: pb.WatchRequest, ctx: Any, /) -> AsyncIterator[pb.WatchResponse]:
        async with aclosing(self._follow(request, ctx, _answers(request))) as all_made:
            async for made in all_made:
                yield pb.WatchResponse(answer=made.answer, revision=made.answer.index + 1)

    async def report(self, request: pb.ReportRequest, ctx: Any, /) -> pb.ReportResponse:
        await self._reports.until(request.label, ended=request.ended, made=request.made)
        calls = [pb.CallReport(end=call.end, made=call.made) for call in self._reports.of(request.label)]
        return pb.ReportResponse(calls=calls)

    async def _one(self, request: Any, ctx: Any) -> Made:
        """The handler of a unary method. It ends before its answer leaves, so that its report is true by then."""
        made: Made | None = None
        async with aclosing(self._follow(request, ctx, 1)) as all_made:
            async for each in all_made:
                made = each
        assert made is not None
        return made

    async def _follow(self, request: Any, ctx: Any, answers: int) -> AsyncGenerator[Made]:
        instructions: pb.Instructions = request.instructions
        report, attempt = self._reports.begin(instructions.label)
        time_left_ms = ctx.timeout_ms
        now_s = asyncio.get_running_loop().time
        ends_by_s = None if time_left_ms is None else now_s() + time_left_ms / 1000
        finished = False
        try:
            if attempt <= instructions.fail_first:
                finished = True
                raise ConnectError(Code.UNAVAILABLE, f"Told to fail the first {instructions.fail_first} calls.")
            await _pause(instructions.delay_ms)
            for index in range(answers):
                if index:
                    await _pause(instructions.pause_ms)
                self._reports.made(report)
                yield Made(
                    _answer(request, ctx, index=index, attempt=attempt, time_left_ms=round(time_left_ms or 0)),
                    pattern(instructions.tail_bytes, index),
                )
            if instructions.wait_for_end:
                await asyncio.Event().wait()
            finished = True
            _fail(instructions)
        finally:
            late = ends_by_s is not None and now_s() > ends_by_s - CLOSE_TO_DEADLINE_S
            stopped = pb.HandlerEnd.DEADLINE if late else pb.HandlerEnd.CANCELED
            self._reports.end(report, pb.HandlerEnd.FINISHED if finished else stopped)


def _answers(request: Any) -> int:
    return int(request.instructions.answers)


def _answer(request: Any, ctx: Any, *, index: int, attempt: int, time_left_ms: int) -> pb.Answer:
    tail = getattr(request, "tail", b"")
    return pb.Answer(
        index=index,
        payload=pattern(request.instructions.payload_bytes, index),
        attempt=attempt,
        metadata={name: value for name, value in ctx.request_headers.items() if name.startswith("x-")},
        time_left_ms=time_left_ms,
        tail_bytes=len(tail),
        tail_sum=sum(tail),
    )


def _fail(instructions: pb.Instructions) -> None:
    if instructions.break_down:
        raise RuntimeError("the secret of the handler")
    failure = instructions.failure
    if failure is not None and failure.code:
        raise ConnectError(code_of(failure.code), failure.message, failure.details)


async def _pause(ms: int) -> None:
    if ms:
        await asyncio.sleep(ms / 1000)
