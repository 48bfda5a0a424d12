"""What a process has counted, from the protocol's plain data to the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from macroscope.diagnostics.v1 import diagnostics_pb
from macroscope.diagnostics.v1.diagnostics_pb import (
    CallSide,
    ClockComparison,
    CodeCount,
    ConnectionTraffic,
    MethodTraffic,
    ProcessTraffic,
)
from macroscope.rpc.v1.frame_pb import Code

from macroscope_worker.rpc.connection_state import Side

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macroscope_worker.rpc.connection_report import ConnectionReport
    from macroscope_worker.rpc.receivers import Receiver
    from macroscope_worker.rpc.traffic import MethodCounts, Traffic

MOST_ITEMS: Final = 1000
"""Of each list, as the schema limits them."""

_SIDES = {Side.CLIENT: CallSide.CLIENT, Side.SERVER: CallSide.SERVER}


class TrafficSource(Protocol):
    """What is asked for counts; a `Server` is one."""

    @property
    def traffic(self) -> Traffic:
        """The counts of methods."""

    def connection_reports(self) -> list[ConnectionReport]:
        """The connections that are there."""

    def receivers(self) -> list[Receiver]:
        """Who holds a broadcast open, or did."""


def process_to_proto(process: str, source: TrafficSource) -> ProcessTraffic:
    """All that a process has counted, as of now."""
    return ProcessTraffic(
        process=process,
        counted_s=source.traffic.counted_ms / 1e3,
        methods=[method_to_proto(counts) for counts in source.traffic.snapshot()[:MOST_ITEMS]],
        connections=[connection_to_proto(report) for report in source.connection_reports()[:MOST_ITEMS]],
        receivers=[receiver_to_proto(receiver) for receiver in source.receivers()[:MOST_ITEMS]],
    )


def method_to_proto(counts: MethodCounts) -> MethodTraffic:
    """The calls of one method at one side."""
    latency = counts.latency
    return MethodTraffic(
        method=counts.method,
        side=_SIDES[counts.side],
        calls=counts.calls,
        open_calls=counts.open_calls,
        errors=_errors(counts.errors.items()),
        messages_sent=counts.messages_sent,
        messages_received=counts.messages_received,
        bytes_sent=counts.bytes_sent,
        bytes_received=counts.bytes_received,
        skipped=counts.skipped,
        latency=diagnostics_pb.Latency(
            count=latency.count,
            mean_ms=latency.mean_ms,
            p50_ms=latency.p50_ms,
            p99_ms=latency.p99_ms,
            max_ms=latency.max_ms,
        ),
    )


def connection_to_proto(report: ConnectionReport) -> ConnectionTraffic:
    """One connection as its server sees it."""
    message = ConnectionTraffic(
        label=report.label,
        build=report.build,
        side=_SIDES[report.side],
        role=report.role,
        state=report.state.value,
        connected_s=report.connected_ms / 1e3,
        open_calls=report.open_calls,
        bytes_in_flight=report.bytes_in_flight,
        silence_ms=report.silence_ms,
    )
    if report.clock is not None:
        message.clock = ClockComparison(
            offset_ns=report.clock.offset_ns,
            error_ns=report.clock.error_ns,
            residual_ns=report.clock.residual_ns,
            round_trip_ns=report.clock.round_trip_ns,
        )
    return message


def receiver_to_proto(receiver: Receiver) -> diagnostics_pb.Receiver:
    """How far one receiver of a broadcast is."""
    return diagnostics_pb.Receiver(
        label=receiver.label,
        method=receiver.method,
        sent_revision=receiver.sent_revision,
        acknowledged_revision=receiver.acknowledged_revision,
        behind_ms=receiver.behind_ms,
        skipped=receiver.skipped,
        ended=receiver.ended,
        reason=receiver.reason,
    )


def _errors(errors: Iterable[tuple[int, int]]) -> list[CodeCount]:
    return [CodeCount(code=Code(code), calls=calls) for code, calls in sorted(errors)]
