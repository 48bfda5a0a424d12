from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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
    assert clock.best is None
    for round_trip in (10, 500, 300):
        clock.add(sent_ns=0, their_received_ns=0, their_sent_ns=0, now_ns=round_trip)
    assert clock.best is not None
    assert clock.best.round_trip_ns == 300
