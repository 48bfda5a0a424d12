from __future__ import annotations

from macroscope.diagnostics.v1.diagnostics_pb import CallSide
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role

from macroscope_worker.rpc.clock import ClockReport
from macroscope_worker.rpc.connection_report import ConnectionReport
from macroscope_worker.rpc.connection_state import ConnectionState, Side
from macroscope_worker.rpc.latency import Latency
from macroscope_worker.rpc.receivers import Receiver
from macroscope_worker.rpc.traffic import MethodCounts
from macroscope_worker.services.traffic_translation import connection_to_proto, method_to_proto, receiver_to_proto


def test_a_method_with_all_its_counts() -> None:
    message = method_to_proto(
        MethodCounts(
            method="/s/M",
            side=Side.CLIENT,
            calls=9,
            open_calls=1,
            errors={14: 2, 5: 1},
            messages_sent=3,
            messages_received=4,
            bytes_sent=5,
            bytes_received=6,
            skipped=7,
            latency=Latency(8, 1.5, 2.5, 3.5, 4.5),
        )
    )
    assert (message.method, message.side, message.calls, message.open_calls) == ("/s/M", CallSide.CLIENT, 9, 1)
    assert [(error.code, error.calls) for error in message.errors] == [(Code.NOT_FOUND, 1), (Code.UNAVAILABLE, 2)]
    assert (message.messages_sent, message.messages_received) == (3, 4)
    assert (message.bytes_sent, message.bytes_received, message.skipped) == (5, 6, 7)
    latency = message.latency
    assert latency is not None
    assert (latency.count, latency.mean_ms, latency.p50_ms, latency.p99_ms, latency.max_ms) == (8, 1.5, 2.5, 3.5, 4.5)


def report(clock: ClockReport | None) -> ConnectionReport:
    return ConnectionReport(
        label="window 1",
        build="b",
        side=Side.SERVER,
        role=Role.OPERATOR,
        state=ConnectionState.DRAINING,
        connected_ms=1500,
        open_calls=2,
        bytes_in_flight=-3,
        silence_ms=4.5,
        clock=clock,
    )


def test_a_connection_with_its_clock() -> None:
    message = connection_to_proto(report(ClockReport(-1, 2, 3, 4)))
    assert (message.label, message.build, message.side) == ("window 1", "b", CallSide.SERVER)
    assert (message.role, message.state, message.connected_s) == (Role.OPERATOR, "draining", 1.5)
    assert (message.open_calls, message.bytes_in_flight, message.silence_ms) == (2, -3, 4.5)
    clock = message.clock
    assert clock is not None
    assert (clock.offset_ns, clock.error_ns, clock.residual_ns, clock.round_trip_ns) == (-1, 2, 3, 4)


def test_a_connection_without_a_measured_clock() -> None:
    assert connection_to_proto(report(None)).clock is None


def test_a_receiver() -> None:
    message = receiver_to_proto(Receiver("window 1", "/s/W", 5, 4, 1200.5, 3, ended=True, reason="silence"))
    assert (message.label, message.method, message.sent_revision, message.acknowledged_revision) == (
        "window 1",
        "/s/W",
        5,
        4,
    )
    assert (message.behind_ms, message.skipped, message.ended, message.reason) == (1200.5, 3, True, "silence")
