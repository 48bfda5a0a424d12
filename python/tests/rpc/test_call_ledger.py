from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from macroscope.rpc.v1.frame_pb import Code
from tests.rpc.pair import ECHO

from macroscope_worker.rpc.call_ledger import CallLedger, CallRecord
from macroscope_worker.rpc.connection_state import Side
from macroscope_worker.rpc.traffic import Traffic

if TYPE_CHECKING:
    import pytest


def test_a_call_is_counted_as_it_goes_and_told_of_once() -> None:
    now = [0]
    records: list[CallRecord] = []
    traffic = Traffic(clock=lambda: now[0])
    ledger = CallLedger(Side.SERVER, traffic, records.append, peer="a window")
    call = ledger.begin(ECHO)
    call.received(10)
    call.sent(20)
    call.sent(30)
    call.skip(4)
    call.skip(3)
    [counts] = traffic.snapshot()
    assert (counts.calls, counts.open_calls, counts.latency.count) == (1, 1, 0)
    assert (counts.messages_received, counts.bytes_received, counts.messages_sent, counts.bytes_sent) == (1, 10, 2, 50)
    assert (counts.skipped, call.skipped) == (4, 4)
    now[0] = 5_000_000
    call.ended(Code.ABORTED)
    call.ended(Code.INTERNAL)
    [counts] = traffic.snapshot()
    assert (counts.open_calls, counts.errors, counts.latency.count) == (0, {10: 1}, 1)
    assert records == [
        CallRecord(
            side=Side.SERVER,
            method=ECHO.path,
            peer="a window",
            code=10,
            duration_ms=5.0,
            messages_sent=2,
            messages_received=1,
            bytes_sent=50,
            bytes_received=10,
            skipped=4,
        )
    ]


def test_a_listener_that_fails_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_record: CallRecord) -> None:
        msg = "broken listener"
        raise ValueError(msg)

    ledger = CallLedger(Side.CLIENT, on_call=fail)
    with caplog.at_level(logging.ERROR):
        ledger.begin(ECHO).ended(0)
    assert "broken listener" in caplog.text
    [counts] = ledger.traffic.snapshot()
    assert (counts.open_calls, counts.errors) == (0, {})
