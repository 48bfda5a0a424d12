from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stimulus.made_flips import REFRESH_NS, flips, presented_ns_of

from macroscope_worker.journal._flip_check import FlipCheck, Flips


def checked(*batches: object) -> tuple[Flips, list[str]]:
    check, problems = FlipCheck(), []  # type: ignore[var-annotated]
    for batch in batches:
        if isinstance(batch, str):
            check.display(batch)
        else:
            check.add(batch)  # type: ignore[arg-type]
    return check.finish(problems.append), problems


def test_flips_in_order_are_good() -> None:
    found, problems = checked("a", flips(0, 10), flips(10, 5, showing=2))
    assert problems == []
    assert found.presented_ns.tolist() == [presented_ns_of(index) for index in range(15)]
    assert found.showing.tolist() == [0] * 10 + [2] * 5
    assert (found.refresh_ns, found.clock_error_ns) == (REFRESH_NS, 6)


def test_no_flips_are_no_problem() -> None:
    found, problems = checked("a")
    assert problems == []
    assert len(found.presented_ns) == 0


def test_a_recording_that_began_in_the_middle_has_no_first_flips() -> None:
    assert checked("a", flips(700, 10))[1] == []


def test_what_came_late_is_put_in_its_place() -> None:
    found, problems = checked("a", flips(0, 5), flips(10, 5), flips(5, 5))
    assert problems == []
    assert found.presented_ns.tolist() == sorted(found.presented_ns.tolist())


def test_gaps_and_repetitions_are_told() -> None:
    assert checked("a", flips(0, 5), flips(8, 5))[1] == ["3 flips were shown and never reported, from number 5 on."]
    assert checked("a", flips(0, 5), flips(3, 5))[1] == ["2 flips are there twice, the first one is number 3."]


def test_times_that_do_not_rise_are_told() -> None:
    times = [presented_ns_of(index) for index in (0, 1, 1, 3, 2)]
    assert checked("a", flips(0, 5, presented_ns=times))[1] == ["The times of flips do not rise, at 2 places."]


def test_another_display_counts_anew_and_the_same_one_goes_on() -> None:
    later = [presented_ns_of(index) for index in range(100, 110)]
    found, problems = checked("a", flips(0, 10), "b", flips(0, 10, presented_ns=later), "b", flips(10, 1))
    assert len(found.presented_ns) == 21
    assert problems == ["The times of flips do not rise, at 1 places."]  # 10 follows 110.
    assert checked("a", flips(0, 10), "a", flips(10, 10))[1] == []


@given(st.sets(st.integers(0, 80)), st.randoms())
def test_what_is_missing_is_counted_whatever_the_order(there: set[int], chance: object) -> None:
    singles = [flips(index, 1) for index in there]
    chance.shuffle(singles)  # type: ignore[attr-defined]
    found, problems = checked("a", *singles)
    missing = max(there) - min(there) + 1 - len(there) if there else 0
    assert [problem.split()[0] for problem in problems] == ([str(missing)] if missing else [])
    assert np.all(np.diff(found.presented_ns) > 0)


@pytest.mark.parametrize(
    "changes", [{"first": 1 << 63}, {"presented_ns": [1 << 63, 5]}, {"missed_refreshes": [1]}, {"showing": []}]
)
def test_what_no_flips_can_be_is_refused(changes: dict[str, Any]) -> None:
    first = changes.pop("first", 0)
    with pytest.raises(ValueError, match=r"flips|inhomogeneous"):
        FlipCheck().add(flips(first, 2, **changes))
