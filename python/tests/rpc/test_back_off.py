from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.rpc.back_off import BackOff


def test_doubles_up_to_the_longest() -> None:
    back_off = BackOff(100, 1000, chance=lambda: 1.0)
    assert [back_off.delay_ms(attempt) for attempt in range(7)] == [100, 100, 200, 400, 800, 1000, 1000]


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_varies_between_half_and_all(attempt: int, chance: float) -> None:
    full_ms = BackOff(chance=lambda: 1.0).delay_ms(attempt)
    assert full_ms / 2 <= BackOff(chance=lambda: chance).delay_ms(attempt) <= full_ms <= 5_000
