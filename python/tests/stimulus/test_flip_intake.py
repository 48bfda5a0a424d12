from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.stimulus._flip_intake import MOST_HOLES, FlipIntake

from .made_flips import flips

if TYPE_CHECKING:
    from macroscope.stimulus.v1.stimulus_pb import FlipBatch


def indices(batches: tuple[FlipBatch, ...]) -> list[int]:
    """Of the flips; their angles are their indices."""
    found = []
    for batch in batches:
        own = list(range(batch.first_index, batch.first_index + len(batch.presented_ns)))
        assert own == [int(angle) for angle in batch.angle_deg]
        assert len({len(getattr(batch, name)) for name in ("page_ns", "scene_number", "showing", "square_bright")}) == 1
        found += own
    return found


def test_batches_in_a_row_are_taken_as_they_are() -> None:
    intake = FlipIntake()
    first = flips(0, 5)
    assert intake.take(first).batches == (first,)
    assert indices(intake.take(flips(5, 3)).batches) == [5, 6, 7]
    assert (intake.next_index, intake.flips, intake.lost) == (8, 8, 0)


def test_a_batch_that_came_twice_is_taken_once() -> None:
    intake = FlipIntake()
    intake.take(flips(0, 5))
    assert intake.take(flips(0, 5)).batches == ()
    assert indices(intake.take(flips(3, 4)).batches) == [5, 6]
    assert (intake.next_index, intake.flips) == (7, 7)


def test_a_hole_is_told_once_and_can_still_be_filled() -> None:
    intake = FlipIntake()
    intake.take(flips(0, 2))
    taken = intake.take(flips(5, 2))
    assert taken.lost == (2, 3)
    assert intake.lost == 3
    assert intake.take(flips(7, 1)).lost is None
    late = intake.take(flips(1, 5))
    assert (indices(late.batches), late.lost) == ([2, 3, 4], None)
    assert (intake.next_index, intake.flips, intake.lost) == (8, 8, 0)


def test_an_empty_batch_says_nothing() -> None:
    intake = FlipIntake()
    assert intake.take(flips(900, 0)).batches == ()
    assert intake.next_index == 0


def test_what_is_kept_of_holes_does_not_grow() -> None:
    intake = FlipIntake()
    for number in range(1, 5 * MOST_HOLES):
        intake.take(flips(2 * number, 1))
    assert len(intake._holes) == MOST_HOLES
    # The oldest stay lost.
    assert intake.take(flips(1, 1)).batches == ()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12)), max_size=40))
def test_whatever_comes_in_whatever_order_each_flip_is_taken_once(batches: list[tuple[int, int]]) -> None:
    intake = FlipIntake()
    taken: list[int] = []
    lost = 0
    for first, count in batches:
        result = intake.take(flips(first, count))
        found = indices(result.batches)
        assert found == sorted(found)
        taken += found
        lost += result.lost[1] if result.lost else 0
    sent = {index for first, count in batches for index in range(first, first + count)}
    assert sorted(taken) == sorted(sent)
    assert intake.flips == len(sent)
    assert intake.next_index == max(sent, default=-1) + 1
    assert intake.lost == intake.next_index - len(sent)
    assert lost >= intake.lost
