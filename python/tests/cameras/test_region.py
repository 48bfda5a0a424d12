from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.cameras import NumberRange
from macroscope_worker.cameras._region import HEIGHT, WIDTH, Region, RegionLimits, X, Y

_PX = st.integers(0, 5000)
_REGIONS = st.builds(Region, _PX, _PX, _PX, _PX)
_LIMITS = st.builds(
    RegionLimits,
    max_width_px=st.integers(64, 4096),
    max_height_px=st.integers(64, 4096),
    min_width_px=st.sampled_from([1, 16, 64]),
    min_height_px=st.sampled_from([1, 2, 64]),
    width_step_px=st.sampled_from([1, 4, 16]),
    height_step_px=st.sampled_from([1, 2]),
    x_step_px=st.sampled_from([1, 2, 8]),
    y_step_px=st.sampled_from([1, 2]),
)


@given(limits=_LIMITS, wanted=_REGIONS)
def test_nearest_is_within_the_limits(limits: RegionLimits, wanted: Region) -> None:
    region = limits.nearest(wanted)
    for name, parameter in limits.parameters(region).items():
        assert parameter.range is not None
        assert parameter.value in parameter.range, name


@given(limits=_LIMITS, wanted=_REGIONS)
def test_what_is_within_the_limits_is_nearest_to_itself(limits: RegionLimits, wanted: Region) -> None:
    region = limits.nearest(wanted)
    assert limits.nearest(region) == region


def test_the_whole_sensor_leaves_no_room() -> None:
    limits = RegionLimits(512, 256)
    parameters = limits.parameters(limits.whole())
    assert parameters[X].range == NumberRange(0, 0, 1)
    assert parameters[WIDTH].value == 512
    assert parameters[HEIGHT].value == 256


def test_what_is_no_number_leaves_a_region_as_it_is() -> None:
    region = Region(1, 2, 3, 4)
    assert region.changed({X: math.nan, Y: math.inf}) == region
    assert region.changed({X: 7.0, WIDTH: 30.0}) == Region(7, 2, 30, 4)


def test_rebinning_keeps_the_field_of_view() -> None:
    assert Region(100, 40, 200, 80).rebinned(1, 2) == Region(50, 20, 100, 40)
    assert Region(50, 20, 100, 40).rebinned(2, 1) == Region(100, 40, 200, 80)
