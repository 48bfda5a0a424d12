from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.rpc.latency import STEPS, LatencyHistogram, step_of

MS = 1_000_000


def test_nothing_counted_is_all_zero() -> None:
    summary = LatencyHistogram().summary()
    assert (summary.count, summary.mean_ms, summary.p50_ms, summary.p99_ms, summary.max_ms) == (0, 0, 0, 0, 0)


def test_mean_and_longest_are_exact() -> None:
    histogram = LatencyHistogram()
    for duration_ns in (1 * MS, 2 * MS, 6 * MS):
        histogram.add(duration_ns)
    summary = histogram.summary()
    assert (summary.count, summary.mean_ms, summary.max_ms) == (3, 3.0, 6.0)


@given(st.lists(st.integers(1_000, 10**12), min_size=1, max_size=200))
def test_percentiles_are_off_by_a_tenth_at_the_most(durations_ns: list[int]) -> None:
    histogram = LatencyHistogram()
    for duration_ns in durations_ns:
        histogram.add(duration_ns)
    ordered = sorted(durations_ns)
    summary = histogram.summary()
    for found_ms, part in ((summary.p50_ms, 0.5), (summary.p99_ms, 0.99)):
        true_ms = ordered[max(0, -int(-part * len(ordered) // 1) - 1)] / MS
        assert found_ms == pytest.approx(true_ms, rel=0.1)


def test_what_is_out_of_the_range_counts_at_its_ends() -> None:
    assert step_of(0) == step_of(1_000) == 0
    assert step_of(10**18) == STEPS - 1
