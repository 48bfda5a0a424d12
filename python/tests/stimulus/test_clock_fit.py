from __future__ import annotations

import pytest

from macroscope_worker.stimulus._clock_fit import AHEAD_NS, BEHIND_NS, ClockCheck

from .made_flips import flips, presented_ns_of

NOW_NS = presented_ns_of(100)


def test_times_just_past_can_be_true() -> None:
    check = ClockCheck()
    assert check.problem(flips(0, 60), NOW_NS) == ""
    assert check.problem(flips(60, 0), NOW_NS) == ""
    assert check.problem(flips(60, 40), NOW_NS) == ""


@pytest.mark.parametrize(
    ("now_ns", "words"),
    [(presented_ns_of(59) - AHEAD_NS - 1, "from now"), (presented_ns_of(0) + BEHIND_NS + 1, "ago")],
)
def test_times_far_from_the_workers_cannot(now_ns: int, words: str) -> None:
    assert words in ClockCheck().problem(flips(0, 60), now_ns)


def test_a_window_that_was_cut_off_for_a_minute_may_tell_late() -> None:
    assert ClockCheck().problem(flips(0, 60), presented_ns_of(0) + 60_000_000_000) == ""


def test_times_that_go_back_are_told_within_a_batch_and_between_two() -> None:
    check = ClockCheck()
    times = [presented_ns_of(index) for index in (0, 1, 0, 3)]
    assert "go back by 16.7 ms" in check.problem(flips(0, 4, presented_ns=times), NOW_NS)
    assert check.problem(flips(4, 4), NOW_NS) == ""
    assert "go back" in check.problem(flips(8, 2, presented_ns=[presented_ns_of(2), presented_ns_of(9)]), NOW_NS)


def test_flips_that_fill_a_hole_late_do_not_go_back() -> None:
    check = ClockCheck()
    assert check.problem(flips(50, 10), NOW_NS) == ""
    assert check.problem(flips(20, 10), NOW_NS) == ""
    assert check.problem(flips(60, 10), NOW_NS) == ""
