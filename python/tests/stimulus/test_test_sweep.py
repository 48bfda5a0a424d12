from __future__ import annotations

import pytest
from macroscope.configuration.v1.stimulus_pb import Direction

from macroscope_worker.stimulus import TestRefused
from macroscope_worker.stimulus._test_sweep import make_test_sweep

from .made_settings import geometry, stimulus


@pytest.mark.parametrize(
    ("direction", "from_deg", "to_deg"),
    [
        # 25 cm to each side, 25 cm away: 45 degrees, and half a bar beyond.
        (Direction.LEFT_TO_RIGHT, -55, 55),
        (Direction.RIGHT_TO_LEFT, 55, -55),
        (Direction.BOTTOM_TO_TOP, -55, 55),
        (Direction.TOP_TO_BOTTOM, 55, -55),
    ],
)
def test_goes_from_where_the_bar_is_not_seen_to_where_it_is_not(
    direction: Direction, from_deg: float, to_deg: float
) -> None:
    sweep = make_test_sweep(geometry(), stimulus(), direction, 1_000)
    assert (sweep.from_deg, sweep.to_deg) == (pytest.approx(from_deg), pytest.approx(to_deg))
    assert sweep.ended_ns - sweep.started_ns == pytest.approx(11e9)
    assert (sweep.started_ns, sweep.direction, sweep.has_field("showing")) == (1_000, direction, False)


def test_limits_that_are_set_hold_zero_among_them() -> None:
    settings = stimulus(azimuth_from_deg=0.0, azimuth_to_deg=30.0)
    sweep = make_test_sweep(geometry(), settings, Direction.LEFT_TO_RIGHT, 0)
    assert (sweep.from_deg, sweep.to_deg, sweep.ended_ns) == (0.0, 30.0, 3_000_000_000)


def test_without_settings_there_is_none() -> None:
    with pytest.raises(TestRefused, match="configured"):
        make_test_sweep(None, stimulus(), Direction.LEFT_TO_RIGHT, 0)
    with pytest.raises(TestRefused, match="configured"):
        make_test_sweep(geometry(), None, Direction.LEFT_TO_RIGHT, 0)


@pytest.mark.parametrize(
    ("screen", "bar"),
    [
        ({"distance_cm": 0.0}, {}),
        ({}, {"drift_speed_deg_per_s": 0.0}),
        ({}, {"azimuth_from_deg": 30.0, "azimuth_to_deg": 30.0}),
    ],
)
def test_settings_that_give_none_say_why(screen: dict[str, float], bar: dict[str, float]) -> None:
    with pytest.raises(TestRefused, match="give no sweep"):
        make_test_sweep(geometry(**screen), stimulus(**bar), Direction.LEFT_TO_RIGHT, 0)
