"""Whether flips' times can be true: the window computes them by its own fit of its clock to the worker's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from macroscope.stimulus.v1.stimulus_pb import FlipBatch

AHEAD_NS: Final = 2_000_000_000
"""A flip is told of after it was made: no time lies in the future, but for the error of a fit that has just begun."""
BEHIND_NS: Final = 120_000_000_000
"""A window keeps flips for a minute when its connection is broken."""


class ClockCheck:
    """Looks at the times of one attachment's flips. What comes late, with lower indices, is looked at by itself."""

    def __init__(self) -> None:
        self._last_ns = self._next_index = 0

    def problem(self, batch: FlipBatch, now_ns: int) -> str:
        """A sentence on what cannot be true of a batch's times; empty where all of it can."""
        end_index = batch.first_index + len(batch.presented_ns)
        newest = end_index > self._next_index
        last_ns, falls_by_ns = self._last_ns if newest else 0, 0
        for presented_ns in batch.presented_ns:
            falls_by_ns = max(falls_by_ns, last_ns - presented_ns)
            last_ns = presented_ns
        if newest and batch.presented_ns:
            self._last_ns, self._next_index = last_ns, end_index
        ahead_ns = max(batch.presented_ns, default=now_ns) - now_ns
        behind_ns = now_ns - min(batch.presented_ns, default=now_ns)
        if ahead_ns > AHEAD_NS:
            return f"Flips came that are said to be shown {ahead_ns / 1e9:.1f} s from now."
        if behind_ns > BEHIND_NS:
            return f"Flips came that are said to have been shown {behind_ns / 1e9:.0f} s ago."
        if falls_by_ns > 0:
            return f"Flips came whose times go back by {falls_by_ns / 1e6:.1f} ms."
        return ""
