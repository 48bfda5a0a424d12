from __future__ import annotations

from dataclasses import replace

import pytest

from macroscope_worker.imaging import (
    MOST_REGIONS,
    Region,
    RegionNotFound,
    RegionOutside,
    Regions,
    RegionsFull,
    RegionShape,
)

V1 = Region("a", "V1", RegionShape.RECTANGLE, 10, 10, 20, 20)


def test_a_region_is_added_changed_and_removed() -> None:
    regions = Regions()
    told: list[int] = []
    end = regions.subscribe(lambda: told.append(regions.snapshot.revision))
    first = regions.put(V1, 64, 64)
    second = regions.put(replace(V1, name="V1 left"), 64, 64)
    assert regions.snapshot.regions == (replace(V1, name="V1 left"),)
    third = regions.remove("a")
    assert regions.snapshot.regions == ()
    assert first < second < third
    assert told == [first, second, third]
    end()
    regions.put(V1, 64, 64)
    assert len(told) == 3


def test_the_same_again_is_no_change() -> None:
    regions = Regions()
    assert regions.put(V1, 64, 64) == regions.put(V1, 64, 64)


def test_order_is_that_of_drawing() -> None:
    regions = Regions([V1, replace(V1, id="b")])
    regions.put(replace(V1, x_px=0), 64, 64)
    assert [each.id for each in regions.snapshot.regions] == ["a", "b"]


def test_beyond_the_sensor_is_refused() -> None:
    regions = Regions()
    with pytest.raises(RegionOutside, match="64 x 32"):
        regions.put(replace(V1, y_px=13), 64, 32)
    # Without a camera nobody knows better.
    regions.put(replace(V1, y_px=13), 0, 0)


def test_there_are_sixteen_at_most() -> None:
    regions = Regions()
    for number in range(MOST_REGIONS):
        regions.put(replace(V1, id=f"r{number}"), 64, 64)
    with pytest.raises(RegionsFull):
        regions.put(replace(V1, id="more"), 64, 64)
    regions.put(replace(V1, id="r3", name="still"), 64, 64)


def test_what_is_not_there_is_not_found() -> None:
    with pytest.raises(RegionNotFound):
        Regions().remove("a")
