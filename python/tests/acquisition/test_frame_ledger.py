from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.acquisition import FrameTally
from macroscope_worker.acquisition._frame_ledger import FrameLedger

ARRIVALS = st.lists(
    st.tuples(st.integers(1, 50), st.sampled_from(["take", "drop"]), st.integers(0, 4)),
    max_size=60,
)


@given(ARRIVALS, st.integers(0, 1500), st.integers(0, 1500), st.one_of(st.none(), st.integers(0, 1500)))
def test_counts_what_one_would_count_by_hand(
    arrivals: list[tuple[int, str, int]], one_ns: int, other_ns: int, unwritten_from_ns: int | None
) -> None:
    from_ns, to_ns = min(one_ns, other_ns), max(one_ns, other_ns)
    ledger = FrameLedger()
    now_ns = newest_ns = captured = written = 0
    missing = 0
    for after_ns, kind, gap in arrivals:
        now_ns += after_ns
        inside = from_ns <= now_ns < to_ns
        if gap:
            ledger.skip(now_ns, gap)
            begins_ns = newest_ns or now_ns
            times = [begins_ns + number * (now_ns - begins_ns) / (gap + 1) for number in range(1, gap + 1)]
            missing += sum(from_ns <= at_ns < to_ns for at_ns in times) if begins_ns < now_ns else 0
        getattr(ledger, kind)(now_ns)
        newest_ns = now_ns
        captured += inside
        written += inside and kind == "take" and (unwritten_from_ns is None or now_ns < unwritten_from_ns)
    if unwritten_from_ns is not None:
        ledger.stop_writing(unwritten_from_ns + 7)
        ledger.stop_writing(unwritten_from_ns)
        ledger.stop_writing(unwritten_from_ns + 3)
    found = ledger.between(from_ns, to_ns)
    assert (found.captured, found.written, found.newest_ns) == (captured, written, newest_ns)
    # A gap before the very first frame has no beginning: it is told at that frame.
    first_gap = arrivals[0][2] if arrivals else 0
    assert found.missing - missing in {0, first_gap}
    assert ledger.between(0, 10**9).missing == sum(gap for _, _, gap in arrivals)


@given(ARRIVALS, st.lists(st.integers(0, 1500), max_size=5))
def test_pieces_of_a_time_have_together_what_it_has(arrivals: list[tuple[int, str, int]], cuts: list[int]) -> None:
    ledger = FrameLedger()
    now_ns = 0
    for after_ns, kind, gap in arrivals:
        now_ns += after_ns
        if gap:
            ledger.skip(now_ns, gap)
        getattr(ledger, kind)(now_ns)
    bounds = [0, *sorted(cuts), 10**6]
    pieces = [ledger.between(begin, end) for begin, end in pairwise(bounds)]
    whole = ledger.between(0, 10**6)
    assert sum(piece.captured for piece in pieces) == whole.captured
    assert sum(piece.missing for piece in pieces) == whole.missing


def test_it_does_not_grow_for_ever_and_keeps_the_newest() -> None:
    ledger = FrameLedger(most=100)
    for number in range(1, 1001):
        ledger.skip(10 * number, 1)
        ledger.take(10 * number)
        ledger.drop(10 * number + 1)
    assert ledger.between(9601, 10_001) == FrameTally(captured=80, written=40, missing=40, newest_ns=10_001)
    assert 50 <= ledger.between(0, 9_000_000).written <= 100


def test_nothing_was_received() -> None:
    assert FrameLedger().between(0, 10) == FrameTally()
