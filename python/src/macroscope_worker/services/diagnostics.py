"""What travels, counted; and traffic without meaning, to measure and to test a link with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from macroscope.diagnostics.v1 import diagnostics_connect
from macroscope.diagnostics.v1.diagnostics_pb import (
    EchoRequest,
    EchoResponse,
    FloodRequest,
    FloodResponse,
    GetTrafficRequest,
    GetTrafficResponse,
    ProbeStopRequest,
    ProbeStopResponse,
    ProcessTraffic,
    ReportTrafficRequest,
    ReportTrafficResponse,
)

from macroscope_worker.clock import clock_ns
from macroscope_worker.rpc.server_connection import CallContext

from .traffic_reports import TrafficReports
from .traffic_translation import process_to_proto

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from .traffic_translation import TrafficSource


_MOST_FLOOD_BYTES: Final = 8 * 1024 * 1024
"""The schema lets nobody ask for more."""


@cache
def flood_block() -> memoryview:
    """What all floods send pieces of: many that nobody reads hold no more memory than one."""
    return memoryview(b"\xa5" * _MOST_FLOOD_BYTES)


class DiagnosticsService(diagnostics_connect.DiagnosticsService):
    """Serves what every server has. `source` is asked for this process's counts; without one there are none."""

    def __init__(self, process: str = "worker", source: TrafficSource | None = None) -> None:
        self._process = process
        self._source = source
        self._reports = TrafficReports()
        self._reporters: set[object] = set()

    async def echo(self, request: EchoRequest, ctx: RequestContext[Any, Any], /) -> EchoResponse:
        """Answer with the payload."""
        del ctx
        return EchoResponse(payload=request.payload)

    async def flood(self, request: FloodRequest, ctx: RequestContext[Any, Any], /) -> AsyncIterator[FloodResponse]:
        """Send the same block again and again, numbered; every byte of it is 165."""
        del ctx
        # A field that travels as a tail may be any view of bytes.
        block = cast("bytes", flood_block()[: request.message_bytes])
        for index in range(request.messages):
            yield FloodResponse(index=index, block=block)

    async def probe_stop(self, request: ProbeStopRequest, ctx: RequestContext[Any, Any], /) -> ProbeStopResponse:
        """Answer with the time at which this ran."""
        del request, ctx
        return ProbeStopResponse(handled_ns=clock_ns())

    async def get_traffic(self, request: GetTrafficRequest, ctx: RequestContext[Any, Any], /) -> GetTrafficResponse:
        """Answer with what this process has counted, and what others have reported to it."""
        del request, ctx
        own = process_to_proto(self._process, self._source) if self._source else ProcessTraffic(process=self._process)
        return GetTrafficResponse(processes=[own, *self._reports.newest()])

    async def report_traffic(
        self, request: ReportTrafficRequest, ctx: RequestContext[Any, Any], /
    ) -> ReportTrafficResponse:
        """Take the counts of another process, until its connection ends."""
        assert request.process is not None  # The schema requires it.
        if isinstance(ctx, CallContext):
            self._reports.put(ctx.label, request.process, ctx.connection)
            self._watch(ctx)
        else:
            self._reports.put("", request.process)
        return ReportTrafficResponse()

    def _watch(self, ctx: CallContext) -> None:
        """Have the end of a connection forget its reports: by one listener, however often it reports."""
        reporter = ctx.connection
        if reporter in self._reporters:
            return
        self._reporters.add(reporter)

        def gone() -> None:
            self._reporters.discard(reporter)
            self._reports.forget(reporter)

        ctx.on_connection_end(gone)
