"""The ends of sweeps."""

from __future__ import annotations

import pytest
from macroscope.configuration.v1.acquisition_pb import SweepOrder as Theirs
from macroscope.configuration.v1.stimulus_pb import Direction as TheirDirection

from macroscope_worker.stimulus import (
    Direction,
    FieldOfView,
    SweepLimits,
    SweepOrder,
    SweepRange,
    SweepRanges,
    sweep_ranges,
)

FIELD = FieldOfView(-90, 30, -15, 55, 0.1)


def test_without_limits_the_bar_starts_and_ends_unseen() -> None:
    ranges = sweep_ranges(FIELD, 20, SweepLimits())
    assert ranges == SweepRanges(SweepRange(-100, 40), SweepRange(-25, 65))


def test_a_limit_that_is_set_replaces_that_end_alone() -> None:
    ranges = sweep_ranges(FIELD, 20, SweepLimits(azimuth_to_deg=10, altitude_from_deg=0))
    assert ranges == SweepRanges(SweepRange(-100, 10), SweepRange(0, 65))


@pytest.mark.parametrize(
    ("direction", "ends"),
    [
        (Direction.LEFT_TO_RIGHT, (-100, 40)),
        (Direction.RIGHT_TO_LEFT, (40, -100)),
        (Direction.TOP_TO_BOTTOM, (65, -25)),
        (Direction.BOTTOM_TO_TOP, (-25, 65)),
    ],
)
def test_each_direction_starts_where_it_says(direction: Direction, ends: tuple[float, float]) -> None:
    assert sweep_ranges(FIELD, 20, SweepLimits()).ends(direction) == ends


def test_the_numbers_are_those_of_the_contract() -> None:
    assert {each.name: int(each) for each in TheirDirection if each} == {each.name: int(each) for each in Direction}
    assert {each.name: int(each) for each in Theirs if each} == {each.name: int(each) for each in SweepOrder}


def test_ends_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="from 10° to -10°"):
        sweep_ranges(FIELD, 20, SweepLimits(azimuth_from_deg=10, azimuth_to_deg=-10))


def test_length() -> None:
    assert SweepRange(-100, 40).length_deg == 140
