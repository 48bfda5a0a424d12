from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.rpc.v1.frame_pb import Pong

from macroscope_worker.rpc.clock import ClockEstimate

spans = st.integers(0, 10**9)


@given(offset=st.integers(-(10**15), 10**15), there=spans, held=spans, back=spans)
def test_the_true_offset_lies_within_the_error(offset: int, there: int, held: int, back: int) -> None:
    clock = ClockEstimate()
    received = 1000 + there + offset
    reading = clock.add(
        sent_ns=1000, their_received_ns=received, their_sent_ns=received + held, now_ns=1000 + there + held + back
    )
    assert reading.round_trip_ns == there + back
    assert abs(reading.offset_ns - offset) <= reading.error_ns


def test_the_shortest_way_is_the_best_and_old_ones_go() -> None:
    clock = ClockEstimate(kept=2)
    assert clock.report(0) is None
    for round_trip in (10, 500, 300):
        clock.add(sent_ns=0, their_received_ns=0, their_sent_ns=0, now_ns=round_trip)
    report = clock.report(300)
    assert report is not None
    assert (report.error_ns, report.round_trip_ns) == (150, 300)


@pytest.mark.parametrize(
    "pong",
    [
        Pong(ping_sent_ns=5, received_ns=10, sent_ns=10),
        Pong(ping_sent_ns=1000, received_ns=20, sent_ns=10),
        Pong(ping_sent_ns=1000, received_ns=0, sent_ns=500),
    ],
    ids=["to no ping", "sent before received", "held for longer than it took"],
)
def test_a_pong_that_cannot_be_is_ignored(pong: Pong) -> None:
    clock = ClockEstimate()
    clock.pinged(1000)
    clock.pong(pong, 1400)
    assert clock.report(1400) is None


def test_a_ping_is_answered_once() -> None:
    clock = ClockEstimate()
    clock.pinged(1000)
    for now_ns in (1400, 9000):
        clock.pong(Pong(ping_sent_ns=1000, received_ns=1200, sent_ns=1200), now_ns)
    report = clock.report(1400)
    assert report is not None
    assert (report.offset_ns, report.round_trip_ns) == (0, 400)


def test_the_error_of_a_reading_grows_with_its_age() -> None:
    clock = ClockEstimate()
    clock.add(sent_ns=0, their_received_ns=0, their_sent_ns=0, now_ns=1000)
    a_minute_ns = 60 * 10**9
    clock.add(sent_ns=a_minute_ns, their_received_ns=a_minute_ns, their_sent_ns=a_minute_ns, now_ns=a_minute_ns + 9000)
    report = clock.report(a_minute_ns + 9000)
    assert report is not None
    assert report.error_ns == 4500, "500 ns and 50 millionths of a minute is more"
    sooner = clock.report(1000)
    assert sooner is not None
    assert sooner.error_ns == 500


def test_the_residual_is_the_root_mean_square_from_the_best() -> None:
    clock = ClockEstimate()
    for late in (0, 0, 600, 800):
        clock.add(sent_ns=0, their_received_ns=10 + late, their_sent_ns=10 + late, now_ns=20 + late)
    report = clock.report(1000)
    assert report is not None
    assert (report.offset_ns, report.error_ns) == (0, 10)
    assert report.residual_ns == 250  # Offsets 0, 0, 300 and 400.
