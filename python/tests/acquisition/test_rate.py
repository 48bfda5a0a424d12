from __future__ import annotations

import pytest

from macroscope_worker.acquisition._rate import RateMeter

SECOND = 1_000_000_000


def test_measures_the_last_two_seconds() -> None:
    meter = RateMeter()
    for i in range(100):
        meter.add(SECOND + i * SECOND // 10)
    for i in range(300):
        meter.add(11 * SECOND + i * SECOND // 100)
    assert meter.hz(14 * SECOND) == pytest.approx(100, rel=0.02)


def test_measures_a_camera_slower_than_that() -> None:
    meter = RateMeter()
    for i in range(4):
        meter.add(SECOND * (1 + 5 * i))
    assert meter.hz(17 * SECOND) == pytest.approx(0.2)


def test_falls_to_zero_when_frames_stay_away() -> None:
    meter = RateMeter()
    for i in range(100):
        meter.add(SECOND + i * SECOND // 50)
    assert meter.hz(meter.last_ns + SECOND) == pytest.approx(50)
    assert meter.hz(meter.last_ns + 3 * SECOND) == 0


def test_knows_nothing_before_two_frames() -> None:
    meter = RateMeter()
    assert meter.hz(SECOND) == 0
    meter.add(SECOND)
    assert meter.hz(SECOND) == 0
