from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.acquisition import Placement, SensorPart
from macroscope_worker.cameras import NumberRange, Parameter


def parameters(**values: float) -> dict[str, Parameter]:
    names = {"x": "region_of_interest.x_px", "y": "region_of_interest.y_px", "binning": "binning"}
    return {names[key]: Parameter(names[key], value, NumberRange(0, 4096)) for key, value in values.items()}


def test_a_region_of_interest_is_in_image_pixels_and_a_placement_in_sensor_pixels() -> None:
    assert Placement.of(parameters(x=16, y=8, binning=4)) == Placement(64, 32, 4)


def test_a_camera_without_these_settings_shows_its_whole_sensor() -> None:
    assert Placement.of({}) == Placement(0, 0, 1)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (SensorPart(64, 32, 4, 4), (slice(0, 1), slice(0, 1))),
        (SensorPart(66, 35, 4, 4), (slice(0, 2), slice(0, 2))),
        (SensorPart(0, 0, 65535, 65535), (slice(0, 10), slice(0, 20))),
        (SensorPart(0, 0, 64, 65535), None),
        (SensorPart(64 + 80, 0, 10, 65535), None),
    ],
)
def test_a_part_is_the_image_pixels_that_it_touches(part: SensorPart, expected: tuple[slice, slice] | None) -> None:
    assert Placement(64, 32, 4).image_part(part, 20, 10) == expected


@given(
    st.builds(Placement, st.integers(0, 100), st.integers(0, 100), st.integers(1, 8)),
    st.builds(SensorPart, st.integers(0, 200), st.integers(0, 200), st.integers(1, 80), st.integers(1, 80)),
)
def test_a_pixel_is_in_the_part_when_they_share_a_sensor_pixel(placement: Placement, part: SensorPart) -> None:
    width_px, height_px = 12, 9
    taken = np.zeros((height_px, width_px), bool)
    place = placement.image_part(part, width_px, height_px)
    if place is not None:
        taken[place] = True
    for row in range(height_px):
        for column in range(width_px):
            left, top = placement.x_px + column * placement.binning, placement.y_px + row * placement.binning
            shares = (
                left < part.x_px + part.width_px
                and left + placement.binning > part.x_px
                and top < part.y_px + part.height_px
                and top + placement.binning > part.y_px
            )
            assert taken[row, column] == shares
