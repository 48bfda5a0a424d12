from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.rpc.deadlines import Deadlines


@given(st.lists(st.integers(0, 100), max_size=50))
def test_the_earliest_comes_first_and_none_is_lost(due: list[int]) -> None:
    deadlines = Deadlines()
    calls = dict(enumerate(due))
    for call, due_ns in calls.items():
        deadlines.add(call, due_ns, calls)
    assert deadlines.next_ns == (min(due) if due else None)
    taken = []
    for now_ns in range(101):
        for call in deadlines.take_due(now_ns):
            assert calls[call] == now_ns
            taken.append(call)
    assert sorted(taken) == list(calls)
    assert deadlines.next_ns is None


def test_calls_that_have_ended_do_not_gather() -> None:
    deadlines = Deadlines()
    still_open = {7: None}
    deadlines.add(7, 10**18, still_open)
    for call in range(8, 5000):
        deadlines.add(call, 10**18 - call, still_open)
    assert len(deadlines) < 100
    assert 7 in deadlines.take_due(10**18)


def test_forgets_all() -> None:
    deadlines = Deadlines()
    deadlines.add(1, 1, {1: None})
    deadlines.clear()
    assert deadlines.take_due(10) == []
