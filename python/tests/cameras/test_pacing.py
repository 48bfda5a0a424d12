from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from .virtual_time import VirtualTime


@given(rate_hz=st.floats(1, 300))
def test_a_reader_in_time_gets_every_frame_without_drift(rate_hz: float) -> None:
    clock = VirtualTime()
    pacer = clock.pacer(rate_hz)
    start = clock.now
    assert [pacer.wait(2.0) for _ in range(1000)] == list(range(1000))
    assert abs(clock.now - start - 999e9 / rate_hz) < 2


def test_no_frame_before_it_is_due() -> None:
    clock = VirtualTime()
    pacer = clock.pacer(10)
    assert pacer.wait(0) == 0
    assert pacer.wait(0.05) is None
    assert pacer.wait(0.06) == 1


def test_a_late_reader_gets_what_was_buffered() -> None:
    clock = VirtualTime()
    pacer = clock.pacer(100, buffered=4)
    assert pacer.wait(1) == 0
    clock.now += 35_000_000
    before = clock.now
    assert [pacer.wait(1) for _ in range(3)] == [1, 2, 3]
    assert clock.now == before


def test_beyond_the_buffers_numbers_are_skipped() -> None:
    clock = VirtualTime()
    pacer = clock.pacer(100, buffered=4)
    assert pacer.wait(1) == 0
    clock.now += 1_000_000_000
    taken = [pacer.wait(1) for _ in range(5)]
    assert taken == [97, 98, 99, 100, 101]


def test_a_new_rate_goes_on_counting_and_timing() -> None:
    clock = VirtualTime()
    pacer = clock.pacer(10)
    assert [pacer.wait(1) for _ in range(3)] == [0, 1, 2]
    pacer.set_rate(100)
    assert [pacer.wait(1) for _ in range(3)] == [3, 4, 5]
    assert pacer.elapsed_ns(3) == 300_000_000
    assert pacer.elapsed_ns(5) == 320_000_000
    pacer.set_rate(1)
    assert pacer.wait(2) == 6
    assert pacer.elapsed_ns(6) == 330_000_000
