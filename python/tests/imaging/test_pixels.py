from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from macroscope_worker.acquisition import Placement
from macroscope_worker.imaging import Region, RegionShape
from macroscope_worker.imaging._pixels import MOST_SAMPLED_PX, pixels_of, whole_image

from .frames import random_pixels

SHAPES = st.sampled_from(list(RegionShape))
PLACEMENTS = st.builds(Placement, st.integers(0, 40), st.integers(0, 40), st.integers(1, 5))


def region(shape: RegionShape, x: float, y: float, width: float, height: float) -> Region:
    return Region("r", "R", shape, x, y, width, height)


REGIONS = st.builds(region, SHAPES, st.floats(0, 120), st.floats(0, 120), st.floats(1, 100), st.floats(1, 100))


def has(watched: Region, x_px: float, y_px: float) -> bool:
    """By the definition: the middle of a pixel lies in the rectangle or the ellipse, whose last edges are others'."""
    across, down = (x_px - watched.x_px) / watched.width_px, (y_px - watched.y_px) / watched.height_px
    if not (0 <= across < 1 and 0 <= down < 1):
        return False
    return watched.shape is RegionShape.RECTANGLE or (2 * across - 1) ** 2 + (2 * down - 1) ** 2 <= 1


def meets(watched: Region, placement: Placement, row: int, column: int) -> bool:
    """Whether a pixel of the image and the region's box have a place in common."""
    left, top = placement.x_px + column * placement.binning, placement.y_px + row * placement.binning
    across = left <= watched.x_px + watched.width_px and watched.x_px <= left + placement.binning
    return across and top <= watched.y_px + watched.height_px and watched.y_px <= top + placement.binning


@given(REGIONS, PLACEMENTS)
@example(region(RegionShape.RECTANGLE, 0, 0, 1, 4), Placement(0, 0, 2))
@example(region(RegionShape.ELLIPSE, 0, 0, 1, 1.5), Placement(0, 0, 1))
def test_a_pixel_belongs_to_a_region_when_its_middle_does(watched: Region, placement: Placement) -> None:
    width_px, height_px = 30, 20
    middles = [
        (row, column)
        for row in range(height_px)
        for column in range(width_px)
        if has(
            watched,
            placement.x_px + (column + 0.5) * placement.binning,
            placement.y_px + (row + 0.5) * placement.binning,
        )
    ]
    choice = pixels_of(watched, placement, width_px, height_px)
    pixels = np.arange(width_px * height_px).reshape(height_px, width_px)
    if not middles:
        # A line between the middles of two columns or rows, or nothing that the image shows.
        chosen = [] if choice is None else [divmod(int(pixel), width_px) for pixel in choice.of(pixels).ravel()]
        assert len({row for row, _ in chosen}) <= 1 or len({column for _, column in chosen}) <= 1
        assert all(meets(watched, placement, row, column) for row, column in chosen)
        return
    assert choice is not None
    assert sorted(choice.of(pixels).ravel()) == [row * width_px + column for row, column in middles]


@given(SHAPES, st.floats(0, 59), st.floats(0, 39), st.integers(1, 10))
def test_binning_makes_no_region_vanish(shape: RegionShape, x: float, y: float, binning: int) -> None:
    tiny = region(shape, x, y, 1, 1)
    width_px, height_px = -(-61 // binning), -(-41 // binning)
    choice = pixels_of(tiny, Placement(0, 0, binning), width_px, height_px)
    assert choice is not None
    assert choice.of(np.zeros((height_px, width_px))).size >= 1


def test_what_lies_beside_the_image_has_no_pixels() -> None:
    beside = region(RegionShape.ELLIPSE, 0, 0, 20, 20)
    assert pixels_of(beside, Placement(100, 0, 1), 50, 50) is None


@given(st.integers(0, 1000), st.integers(1, 4))
def test_a_region_keeps_its_mean_when_the_image_is_binned_and_cut(seed: int, binning: int) -> None:
    sensor = random_pixels(seed, 48, 48).astype(float)
    watched = region(RegionShape.RECTANGLE, 24, 12, 12, 24)
    cut = sensor[0:48, 12:48]
    image = cut.reshape(48 // binning, binning, 36 // binning, binning).mean(axis=(1, 3))
    choice = pixels_of(watched, Placement(12, 0, binning), image.shape[1], image.shape[0])
    assert choice is not None
    if 12 % binning == 0:
        assert choice.of(image).mean() == pytest.approx(sensor[12:36, 24:36].mean())


def test_large_images_and_regions_are_sampled_evenly() -> None:
    choice = whole_image(2048, 2048)
    assert choice.of(np.zeros((2048, 2048))).size <= MOST_SAMPLED_PX
    pixels = random_pixels(1, 2048, 2048)
    assert choice.of(pixels).mean() == pytest.approx(pixels.mean(), rel=0.01)
    round_one = pixels_of(region(RegionShape.ELLIPSE, 0, 0, 2048, 2048), Placement(), 2048, 2048)
    assert round_one is not None
    assert 0.7 * MOST_SAMPLED_PX < round_one.of(pixels).size < 0.8 * MOST_SAMPLED_PX
