from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.stimulus._flips import MOST_SHOWINGS, MOST_STAMPS, FlipTally, ShowingFigures

from .made_flips import BEGAN_NS, REFRESH_NS, flips, presented_ns_of


def tally_of(*batches: object) -> FlipTally:
    tally = FlipTally()
    for batch in batches:
        tally.add(batch, presented_ns_of(1000))  # type: ignore[arg-type]
    return tally


def test_a_steady_display_has_its_rate_and_no_jitter() -> None:
    figures = tally_of(flips(0, 120), flips(120, 120)).figures(presented_ns_of(1000))
    assert figures.refresh_rate_hz == pytest.approx(60, rel=1e-6)
    assert figures.jitter_ms == pytest.approx(0, abs=1e-6)
    assert figures.longest_ms == pytest.approx(REFRESH_NS / 1e6)
    assert (figures.flips, figures.missed_refreshes, figures.run_flips) == (240, 0, 0)
    assert figures.clock is not None
    assert figures.clock.error_ns == 6


def test_jitter_is_what_missed_refreshes_do_not_explain_and_the_longest_is_of_all() -> None:
    chance = random.Random(4)
    wobble = [chance.gauss(0, 400_000) for _ in range(200)]
    times = [presented_ns_of(index) + round(wobble[index]) for index in range(200)]
    times[100:] = [time + 2 * REFRESH_NS for time in times[100:]]
    missed = [2 if index == 100 else 0 for index in range(200)]
    figures = tally_of(flips(0, 200, presented_ns=times, missed_refreshes=missed)).figures(presented_ns_of(1000))
    steps = [later - before for before, later in pairwise(times)]
    refresh_ns = sum(steps) / (len(steps) + 2)
    rest = [step - refresh_ns * (3 if number == 99 else 1) for number, step in enumerate(steps)]
    spread = (sum(one**2 for one in rest) / len(rest) - (sum(rest) / len(rest)) ** 2) ** 0.5
    assert figures.jitter_ms == pytest.approx(spread / 1e6)
    assert figures.jitter_ms == pytest.approx(0.4 * 2**0.5, rel=0.2)
    assert figures.refresh_rate_hz == pytest.approx(60, rel=0.001)
    assert figures.longest_ms == pytest.approx(steps[99] / 1e6)
    assert figures.missed_refreshes == 2


def test_a_display_of_which_every_second_refresh_is_missed_has_its_rate() -> None:
    times = [BEGAN_NS + index * 2 * REFRESH_NS for index in range(100)]
    figures = tally_of(flips(0, 100, presented_ns=times, missed_refreshes=[1] * 100)).figures(presented_ns_of(1000))
    assert figures.refresh_rate_hz == pytest.approx(60, rel=1e-6)
    assert figures.jitter_ms == pytest.approx(0, abs=1e-6)


def test_a_long_stand_still_is_no_refresh() -> None:
    times = [presented_ns_of(index) + (900_000_000 if index >= 50 else 0) for index in range(100)]
    missed = [53 if index == 50 else 0 for index in range(100)]
    figures = tally_of(flips(0, 100, presented_ns=times, missed_refreshes=missed)).figures(presented_ns_of(1000))
    assert figures.refresh_rate_hz == pytest.approx(60, rel=1e-6)
    assert figures.longest_ms > 900


def test_only_the_last_five_seconds_count_for_what_is_live() -> None:
    slow = [BEGAN_NS + index * 2 * REFRESH_NS for index in range(60)]
    fast = [slow[-1] + (index + 1) * REFRESH_NS for index in range(400)]
    tally = tally_of(flips(0, 60, presented_ns=slow), flips(60, 400, presented_ns=fast))
    figures = tally.figures(presented_ns_of(1000))
    assert figures.refresh_rate_hz == pytest.approx(60, rel=1e-6)
    assert figures.longest_ms == pytest.approx(REFRESH_NS / 1e6)
    assert figures.flips == 460


def test_few_flips_and_old_ones_make_no_rate() -> None:
    tally = FlipTally()
    assert not tally.figures(5).has_field("last_batch_age_ms")
    tally.add(flips(0, 5), BEGAN_NS)
    assert tally.figures(BEGAN_NS).refresh_rate_hz == 0
    tally.add(flips(5, 100), BEGAN_NS)
    assert tally.figures(BEGAN_NS + 1_000_000_000).refresh_rate_hz > 0
    stale = tally.figures(BEGAN_NS + 6_000_000_000)
    assert (stale.refresh_rate_hz, stale.longest_ms, stale.last_batch_age_ms) == (0, 0, 6000)
    assert stale.flips == 105


def test_a_hole_is_no_interval() -> None:
    figures = tally_of(flips(0, 50), flips(100, 50)).figures(presented_ns_of(1000))
    assert figures.longest_ms == pytest.approx(REFRESH_NS / 1e6)
    assert figures.jitter_ms == pytest.approx(0, abs=1e-6)


def test_flips_of_each_showing_are_summed_up() -> None:
    tally = FlipTally()
    tally.begin_run(BEGAN_NS)
    late = [presented_ns_of(index) + (3 * REFRESH_NS if index >= 25 else 0) for index in range(20, 40)]
    missed = [3 if index == 25 else 0 for index in range(20, 40)]
    for batch in (
        flips(0, 10),
        flips(10, 10, showing=1),
        flips(20, 20, showing=2, presented_ns=late, missed_refreshes=missed),
        flips(40, 5, presented_ns=[late[-1] + (index + 1) * REFRESH_NS for index in range(5)]),
    ):
        tally.add(batch, presented_ns_of(50))
    assert tally.showing(0) == ShowingFigures(10, 0, presented_ns_of(10), presented_ns_of(19), REFRESH_NS / 1e6)
    assert tally.showing(1) == ShowingFigures(20, 3, late[0], late[-1], 4 * REFRESH_NS / 1e6)
    assert tally.showing(2) == ShowingFigures()
    figures = tally.figures(presented_ns_of(50))
    assert (figures.run_flips, figures.run_missed_refreshes) == (45, 3)


def test_a_run_counts_only_what_is_its_own() -> None:
    tally = tally_of(flips(0, 10))
    tally.begin_run(presented_ns_of(15))
    tally.add(flips(10, 10, showing=1), presented_ns_of(30))
    assert tally.figures(presented_ns_of(30)).run_flips == 5
    tally.end_run()
    assert tally.figures(presented_ns_of(30)).run_flips == 0
    # What a run has shown is asked for after its end, until the next one begins.
    assert tally.showing(0).flips == 10
    tally.add(flips(20, 5, showing=1), presented_ns_of(30))
    assert tally.showing(0).flips == 10
    tally.begin_run(presented_ns_of(40))
    assert tally.showing(0).flips == 0


def test_another_display_begins_anew() -> None:
    tally = tally_of(flips(0, 50))
    tally.begin_attachment()
    figures = tally.figures(presented_ns_of(1000))
    assert (figures.flips, figures.clock, figures.has_field("last_batch_age_ms")) == (0, None, False)


def test_nothing_grows_in_an_hour() -> None:
    tally = FlipTally()
    tally.begin_run(0)
    for number in range(MOST_SHOWINGS + 100):
        tally.add(flips(30 * number, 30, showing=number + 1), presented_ns_of(30 * number + 30))
    assert len(tally._stamps) <= 10 * 60 + 31
    assert len(tally._showings) == MOST_SHOWINGS
    # Even where a window's times stand still.
    tally.add(flips(1_000_000, 3 * MOST_STAMPS, presented_ns=[5] * (3 * MOST_STAMPS)), presented_ns_of(0))
    assert len(tally._stamps) <= MOST_STAMPS


@given(st.lists(st.integers(0, 50_000_000), min_size=2, max_size=300))
def test_no_times_break_the_figures(steps: list[int]) -> None:
    times, now_ns = [], BEGAN_NS
    for step in steps:
        now_ns += step - 10_000_000
        times.append(now_ns)
    tally = FlipTally()
    tally.add(flips(0, len(times), presented_ns=times), now_ns)
    figures = tally.figures(now_ns)
    assert figures.refresh_rate_hz >= 0
    assert figures.jitter_ms >= 0
    assert figures.longest_ms <= 40.0 + 1e-9
