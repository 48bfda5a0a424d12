"""Batches of flips as they come: each flip is taken once, whatever comes twice, late, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from macroscope.stimulus.v1.stimulus_pb import FlipBatch

MOST_HOLES: Final = 64
"""Holes that a late batch may still fill. Of more, the oldest stay lost."""

_LISTS: Final = (
    "presented_ns",
    "page_ns",
    "scene_number",
    "showing",
    "angle_deg",
    "missed_refreshes",
    "square_bright",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was new of a batch."""

    batches: tuple[FlipBatch, ...]
    """Parts that were not there before, by rising index."""
    lost: tuple[int, int] | None
    """Flips that this batch shows to be missing: the first one's index, and how many. None: none."""


class FlipIntake:
    """The flips of one attachment, by index from 0. Keeps no flips."""

    def __init__(self) -> None:
        self.next_index = 0
        """Behind the highest flip that came."""
        self._holes: list[tuple[int, int]] = []
        self._taken = 0

    @property
    def flips(self) -> int:
        """How many different ones were taken."""
        return self._taken

    @property
    def lost(self) -> int:
        """How many before `next_index` never came."""
        return self.next_index - self._taken

    def take(self, batch: FlipBatch) -> Taken:
        """Take what is new of a batch."""
        first, end = batch.first_index, batch.first_index + len(batch.presented_ns)
        if end == first:
            return Taken((), None)
        parts: list[FlipBatch] = []
        holes: list[tuple[int, int]] = []
        for start, stop in self._holes:
            low, high = max(start, first), min(stop, end)
            if low >= high:
                holes.append((start, stop))
                continue
            parts.append(part_of(batch, low, high))
            holes += [hole for hole in ((start, low), (high, stop)) if hole[0] < hole[1]]
        lost = None
        if end > self.next_index:
            if first > self.next_index:
                lost = (self.next_index, first - self.next_index)
                holes.append((self.next_index, first))
            parts.append(part_of(batch, max(first, self.next_index), end))
            self.next_index = end
        self._holes = holes[-MOST_HOLES:]
        self._taken += sum(len(part.presented_ns) for part in parts)
        return Taken(tuple(parts), lost)


def part_of(batch: FlipBatch, start: int, stop: int) -> FlipBatch:
    """The flips with the indices from `start` to before `stop`."""
    first = batch.first_index
    if start == first and stop == first + len(batch.presented_ns):
        return batch
    cut = slice(start - first, stop - first)
    lists = {name: getattr(batch, name)[cut] for name in _LISTS}
    return FlipBatch(first_index=start, direction=batch.direction, clock=batch.clock, **lists)
