"""Counts and figures of flips: of the attachment, of the run, of each showing, and of the last seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from macroscope.stimulus.v1.stimulus_pb import FlipFigures

if TYPE_CHECKING:
    from macroscope.stimulus.v1.stimulus_pb import ClockFit, FlipBatch

WINDOW_NS: Final = 5_000_000_000
"""What the live figures are of."""
KEPT_NS: Final = 10_000_000_000
"""Stamps older than this are forgotten."""
MOST_STAMPS: Final = 10_000
"""However fast a display says that it is."""
MOST_SHOWINGS: Final = 8192
"""The longest run there is has 4 directions of 1000 sweeps, and some are shown again."""
FEWEST_INTERVALS: Final = 10
"""Of fewer, no rate is told."""
MOST_MISSED: Final = 7
"""A flip that came later than this says little of the display's rate."""


@dataclass(frozen=True, slots=True)
class ShowingFigures:
    """The flips of one showing of a sweep. `longest_gap_ms` is between two flips next to each other."""

    flips: int = 0
    missed_refreshes: int = 0
    first_presented_ns: int = 0
    last_presented_ns: int = 0
    longest_gap_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class _Stamp:
    presented_ns: int
    interval_ns: int
    """Since the flip with the index before; 0: that one is not known, or the times do not rise."""
    missed_refreshes: int


class FlipTally:
    """What is kept of flips. Its size does not grow with time."""

    def __init__(self) -> None:
        self._stamps: deque[_Stamp] = deque(maxlen=MOST_STAMPS)
        self._flips = self._missed = 0
        self._run_flips = self._run_missed = 0
        self._run_begun_ns: int | None = None
        self._showings: dict[int, ShowingFigures] = {}
        self._clock: ClockFit | None = None
        self._last_batch_ns: int | None = None
        self._last: tuple[int, int, int] | None = None
        """Index, time and showing of the newest flip."""

    def begin_attachment(self) -> None:
        """Another display: nothing of the one before counts, but what a run has of it."""
        self._stamps.clear()
        self._flips = self._missed = 0
        self._clock = None
        self._last_batch_ns = self._last = None

    def begin_run(self, now_ns: int) -> None:
        """Flips from now on count for a run; of its showings none has any yet."""
        self._run_flips = self._run_missed = 0
        self._run_begun_ns = now_ns
        self._showings.clear()

    def end_run(self) -> None:
        """No run goes on. Its showings can be asked for until the next one."""
        self._run_begun_ns = None

    def add(self, batch: FlipBatch, now_ns: int) -> None:
        """Count flips that were not counted before."""
        self._last_batch_ns = now_ns
        if batch.clock is not None:
            self._clock = batch.clock
        index = batch.first_index
        for presented_ns, showing, missed in zip(
            batch.presented_ns, batch.showing, batch.missed_refreshes, strict=True
        ):
            self._add_flip(index, presented_ns, showing, missed)
            index += 1
        while self._stamps and self._stamps[-1].presented_ns - self._stamps[0].presented_ns > KEPT_NS:
            self._stamps.popleft()

    def showing(self, showing: int) -> ShowingFigures:
        """The flips of a showing of this run, or of the last one; zeros where there are none."""
        return self._showings.get(showing + 1, ShowingFigures())

    def figures(self, now_ns: int) -> FlipFigures:
        """The live figures. They are of the last seconds, and zero when nothing has come for so long."""
        age_ns = None if self._last_batch_ns is None else max(0, now_ns - self._last_batch_ns)
        figures = FlipFigures(
            flips=self._flips,
            missed_refreshes=self._missed,
            clock=self._clock,
            last_batch_age_ms=None if age_ns is None else age_ns / 1e6,
        )
        if self._run_begun_ns is not None:
            figures.run_flips, figures.run_missed_refreshes = self._run_flips, self._run_missed
        if age_ns is None or age_ns > WINDOW_NS:
            return figures
        since_ns = self._stamps[-1].presented_ns - WINDOW_NS
        recent = [stamp for stamp in self._stamps if stamp.presented_ns > since_ns and stamp.interval_ns > 0]
        figures.longest_ms = max((stamp.interval_ns for stamp in recent), default=0) / 1e6
        near = [stamp for stamp in recent if stamp.missed_refreshes <= MOST_MISSED]
        if len(near) >= FEWEST_INTERVALS:
            intervals_ns = np.array([stamp.interval_ns for stamp in near], float)
            refreshes = np.array([stamp.missed_refreshes + 1 for stamp in near], float)
            # A display that misses every second refresh has its rate all the same.
            refresh_ns = float(intervals_ns.sum() / refreshes.sum())
            figures.refresh_rate_hz = 1e9 / refresh_ns
            figures.jitter_ms = float(np.std(intervals_ns - refreshes * refresh_ns)) / 1e6
        return figures

    def _add_flip(self, index: int, presented_ns: int, showing: int, missed: int) -> None:
        self._flips += 1
        self._missed += missed
        if self._run_begun_ns is not None and presented_ns >= self._run_begun_ns:
            self._run_flips += 1
            self._run_missed += missed
        before = self._last
        follows = before is not None and before[0] + 1 == index
        interval_ns = presented_ns - before[1] if before is not None and follows else 0
        if showing and self._run_begun_ns is not None:
            gap_ns = interval_ns if before is not None and before[2] == showing else 0
            self._add_to_showing(showing, presented_ns, missed, gap_ns)
        # What came late and fills a hole is counted, but it is not the newest.
        if before is None or index > before[0]:
            self._stamps.append(_Stamp(presented_ns, max(0, interval_ns), missed))
            self._last = (index, presented_ns, showing)

    def _add_to_showing(self, showing: int, presented_ns: int, missed: int, gap_ns: int) -> None:
        known = self._showings.get(showing)
        if known is None:
            if len(self._showings) >= MOST_SHOWINGS:
                del self._showings[next(iter(self._showings))]
            self._showings[showing] = ShowingFigures(1, missed, presented_ns, presented_ns)
            return
        self._showings[showing] = ShowingFigures(
            flips=known.flips + 1,
            missed_refreshes=known.missed_refreshes + missed,
            first_presented_ns=min(known.first_presented_ns, presented_ns),
            last_presented_ns=max(known.last_presented_ns, presented_ns),
            longest_gap_ms=max(known.longest_gap_ms, gap_ns / 1e6),
        )
