from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from macroscope.rpc.v1.frame_pb import Code

from macroscope_worker.rpc.call_ledger import CallRecord
from macroscope_worker.rpc.connection_state import Side
from macroscope_worker.rpc.receivers import Receiver
from macroscope_worker.services.call_log import LINES_IN_WINDOW, MOST_KINDS, WINDOW_S, CallLog

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = CallRecord(
    side=Side.SERVER,
    method="/s/Unary",
    peer="window 1",
    code=0,
    duration_ms=1.23456,
    messages_sent=1,
    messages_received=1,
    bytes_sent=10,
    bytes_received=10,
    skipped=0,
)
FAILED = replace(GOOD, code=int(Code.NOT_FOUND))
SLOW = replace(GOOD, duration_ms=1500.0)


class Later:
    """Runs what was put off when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        self.waiting.append((delay, callback))
        return None

    def run(self) -> None:
        waiting, self.waiting = self.waiting, []
        for _, callback in waiting:
            callback()


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def log(later: Later, caplog: pytest.LogCaptureFixture) -> CallLog:
    caplog.set_level(logging.INFO)
    return CallLog(later.call_later, is_stream=lambda method: method == "/s/Stream")


def test_a_failure_is_told_with_what_is_needed_to_find_it(log: CallLog, caplog: pytest.LogCaptureFixture) -> None:
    log.on_call(FAILED)
    [record] = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.WARNING, "call failed")
    fields = vars(record)
    assert (fields["method"], fields["peer"], fields["code"]) == ("/s/Unary", "window 1", "NOT_FOUND")
    assert fields["duration_ms"] == 1.235


@pytest.mark.parametrize(
    "record",
    [
        GOOD,
        replace(GOOD, code=int(Code.CANCELED)),
        replace(SLOW, method="/s/Stream"),
        replace(SLOW, code=int(Code.CANCELED)),
    ],
)
def test_what_is_as_it_should_be_is_not_told(
    log: CallLog, later: Later, caplog: pytest.LogCaptureFixture, record: CallRecord
) -> None:
    log.on_call(record)
    assert caplog.records == []
    assert later.waiting == []


def test_a_slow_call_is_told_quietly(log: CallLog, caplog: pytest.LogCaptureFixture) -> None:
    log.on_call(SLOW)
    [record] = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.INFO, "slow call")


def test_a_stream_that_fails_is_told(log: CallLog, caplog: pytest.LogCaptureFixture) -> None:
    log.on_call(replace(FAILED, method="/s/Stream"))
    assert [record.getMessage() for record in caplog.records] == ["call failed"]


def test_a_client_that_fails_in_a_loop_is_counted_and_summed_up(
    log: CallLog, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(1000):
        log.on_call(FAILED)
    log.on_call(replace(FAILED, code=int(Code.INTERNAL)))
    assert len(caplog.records) == LINES_IN_WINDOW
    assert [delay for delay, _ in later.waiting] == [WINDOW_S]
    later.run()
    assert len(caplog.records) == LINES_IN_WINDOW + 1
    assert vars(caplog.records[-1])["calls"] == [
        {"method": "/s/Unary", "code": "NOT_FOUND", "calls": 1000 - LINES_IN_WINDOW},
        {"method": "/s/Unary", "code": "INTERNAL", "calls": 1},
    ]
    # The next window begins anew, and one with nothing left to tell tells nothing.
    log.on_call(FAILED)
    later.run()
    assert len(caplog.records) == LINES_IN_WINDOW + 2


def test_calls_of_ever_new_names_are_counted_in_bounded_memory(
    log: CallLog, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(10_000):
        log.on_call(replace(FAILED, method=f"/s/{number}"))
    later.run()
    counts = vars(caplog.records[-1])["calls"]
    assert len(counts) <= MOST_KINDS + 1
    assert sum(entry["calls"] for entry in counts) == 10_000 - LINES_IN_WINDOW


def test_a_receiver_that_is_behind(log: CallLog, caplog: pytest.LogCaptureFixture) -> None:
    log.on_behind(Receiver("window 1", "/s/W", 5, 4, 1200.4, 0, ended=False, reason=""))
    [record] = caplog.records
    assert (record.getMessage(), vars(record)["peer"], vars(record)["behind_ms"]) == (
        "receiver behind",
        "window 1",
        1200,
    )
