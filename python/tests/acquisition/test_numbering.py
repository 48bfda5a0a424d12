from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.acquisition._numbering import FrameNumbering, Numbered


def test_numbers_of_a_good_camera_stay_as_they_are() -> None:
    numbering = FrameNumbering()
    assert [numbering.number(n) for n in (7, 8, 11)] == [Numbered(7, 0), Numbered(8, 0), Numbered(11, 2)]


def test_a_new_sequence_goes_on_from_the_last() -> None:
    numbering = FrameNumbering()
    numbering.number(4)
    numbering.restart()
    assert [numbering.number(n) for n in (0, 1, 3)] == [Numbered(5, 0), Numbered(6, 0), Numbered(8, 1)]


def test_a_number_that_comes_twice_is_given_the_next_and_marked() -> None:
    numbering = FrameNumbering()
    numbers = [numbering.number(n) for n in (0, 0, 1, 2)]
    assert [n.frame_id for n in numbers] == [0, 1, 2, 3]
    assert [n.renumbered for n in numbers] == [False, True, False, False]


@given(st.lists(st.integers(0, 2**63) | st.none()))
def test_every_number_up_to_the_last_is_given_once_or_missing_once(script: list[int | None]) -> None:
    numbering = FrameNumbering()
    covered: list[tuple[int, int]] = []
    for step in script:
        if step is None:
            numbering.restart()
            continue
        numbered = numbering.number(step)
        covered.append((numbered.frame_id - numbered.missing, numbered.frame_id + 1))
    assert all(end == start for (_, end), (start, _) in itertools.pairwise(covered))
