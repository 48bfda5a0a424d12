from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.rpc.call_numbers import WINDOW, CallNumbers


@given(st.lists(st.integers(0, 300)))
def test_every_number_is_used_once(numbers: list[int]) -> None:
    calls = CallNumbers()
    seen: set[int] = set()
    for number in numbers:
        assert calls.used(number) == (number in seen)
        assert calls.use(number) == (number > 0 and number not in seen)
        if number > 0:
            seen.add(number)


def test_a_number_far_ahead_is_none() -> None:
    calls = CallNumbers()
    assert calls.use(WINDOW)
    assert not calls.use(WINDOW + 1)
    assert calls.use(1)
    assert calls.use(WINDOW + 1)
