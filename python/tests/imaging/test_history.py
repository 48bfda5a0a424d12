from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.imaging import History, Region, RegionShape

V1 = Region("a", "V1", RegionShape.RECTANGLE, 10, 10, 20, 20)
LM = replace(V1, id="b", name="LM")


def test_samples_come_back_in_order_of_time_with_a_column_for_each_region() -> None:
    history = History(8)
    history.keep([V1, LM])
    history.add(100, 1, {"a": 1.5, "b": 2.5})
    history.add(200, 2, {"a": 3.5})
    courses = history.read(0, 10)
    assert courses.region_ids == ("a", "b")
    assert list(courses.received_ns) == [100, 200]
    assert list(courses.frame_ids) == [1, 2]
    assert np.array_equal(courses.means, np.array([[1.5, 2.5], [3.5, np.nan]], np.float32), equal_nan=True)


@given(st.integers(0, 60), st.integers(1, 20), st.integers(1, 9))
def test_however_it_is_read_nothing_kept_is_missing_or_told_twice(samples: int, room: int, most: int) -> None:
    history = History(room)
    history.keep([V1])
    for number in range(samples):
        history.add(number, number, {"a": float(number)})
    index, seen = 0, list[int]()
    while True:
        courses = history.read(index, most)
        index = courses.next_index
        if len(courses.received_ns) == 0:
            break
        assert len(courses.received_ns) <= most
        seen += [int(frame_id) for frame_id in courses.frame_ids]
        assert np.array_equal(courses.means[:, 0], courses.received_ns.astype(np.float32))
    assert seen == list(range(max(0, samples - room), samples))


@given(st.integers(0, 30), st.integers(-1, 400))
def test_the_past_begins_after_a_time(samples: int, after: int) -> None:
    history = History(10)
    for number in range(samples):
        history.add(10 * number, number, {})
    courses = history.read(history.first_after(max(0, after)), 100)
    kept = range(max(0, samples - 10), samples)
    assert list(courses.frame_ids) == [number for number in kept if 10 * number > max(0, after)]


def test_a_region_that_moves_has_no_past_and_one_that_is_renamed_has() -> None:
    history = History(4)
    history.keep([V1, LM])
    history.add(1, 1, {"a": 1.0, "b": 2.0})
    history.keep([replace(V1, x_px=11), replace(LM, name="other", colour=3)])
    assert np.isnan(history.read(0, 4).means[0, 0])
    assert history.read(0, 4).means[0, 1] == 2.0


def test_a_region_that_takes_the_place_of_another_does_not_take_its_past() -> None:
    history = History(4)
    history.keep([V1])
    history.add(1, 1, {"a": 1.0})
    history.keep([LM])
    courses = history.read(0, 4)
    assert courses.region_ids == ("b",)
    assert np.isnan(courses.means).all()
    history.add(2, 2, {"a": 5.0, "b": 6.0})
    assert history.read(1, 4).means.tolist() == [[6.0]]


def test_all_sixteen_change_places_at_once() -> None:
    history = History(4)
    before = [replace(V1, id=f"r{number}") for number in range(16)]
    history.keep(before)
    after = [replace(V1, id=f"s{number}") for number in range(16)]
    history.keep(after)
    history.add(1, 1, {region.id: float(number) for number, region in enumerate(after)})
    courses = history.read(0, 1)
    assert dict(zip(courses.region_ids, courses.means[0], strict=True)) == {f"s{n}": float(n) for n in range(16)}
