from __future__ import annotations

import time

from macroscope_worker.clock import clock_ns


def test_it_never_goes_back_and_tells_moments_apart() -> None:
    readings = [clock_ns() for _ in range(10_000)]
    assert readings == sorted(readings)
    # Fine enough to tell when a frame came: steps far below a millisecond on every system.
    assert time.get_clock_info("perf_counter").resolution < 1e-4
