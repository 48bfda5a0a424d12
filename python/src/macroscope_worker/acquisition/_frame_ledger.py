"""When the frames of a recording were received, and what becomes of them: counted by that time, not by the disk's."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

MOST_KEPT: Final = 1 << 22
"""Of each kind: 14 hours at 80 Hz, in 32 MiB."""


@dataclass(frozen=True, slots=True)
class FrameTally:
    """The frames of a recording that belong to a time."""

    captured: int = 0
    """They arrived, whatever became of them."""
    written: int = 0
    """They are on the disk, or wait for it."""
    missing: int = 0
    """The camera's numbers say that they were, and they never arrived."""
    newest_ns: int = 0
    """When the newest of the recording arrived. Behind that time, more may come."""


class FrameLedger:
    """Of one recording. Whoever adds does so in the order of arrival; anybody may count, and waits for nobody.

    It does not grow for ever: of more than `most` frames the older half is forgotten.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._taken = array("q")
        self._dropped = array("q")
        # Of each gap: the arrivals before and behind it, and how many numbers are missing.
        self._gap_from = array("q")
        self._gap_to = array("q")
        self._gap_count = array("q")
        self._newest_ns = 0
        self._unwritten_from_ns: int | None = None

    def take(self, received_ns: int) -> None:
        """A frame arrived, and waits for the disk."""
        with self._lock:
            self._add(self._taken, received_ns)
            self._newest_ns = received_ns

    def drop(self, received_ns: int) -> None:
        """A frame arrived, and will not be written."""
        with self._lock:
            self._add(self._dropped, received_ns)
            self._newest_ns = received_ns

    def skip(self, received_ns: int, count: int) -> None:
        """Numbers are missing before the frame that arrives now."""
        with self._lock:
            self._add(self._gap_from, self._newest_ns or received_ns)
            self._add(self._gap_to, received_ns)
            self._add(self._gap_count, count)

    def stop_writing(self, received_ns: int) -> None:
        """From the frame on that arrived then, none is written."""
        with self._lock:
            before_ns = self._unwritten_from_ns
            self._unwritten_from_ns = received_ns if before_ns is None else min(received_ns, before_ns)

    def between(self, from_ns: int, to_ns: int) -> FrameTally:
        """Frames received at `from_ns` or later, and before `to_ns`. Missing ones lie evenly in their gap."""
        with self._lock:
            taken = _count(self._taken, from_ns, to_ns)
            until_ns = to_ns if self._unwritten_from_ns is None else min(to_ns, self._unwritten_from_ns)
            return FrameTally(
                captured=taken + _count(self._dropped, from_ns, to_ns),
                written=_count(self._taken, from_ns, until_ns),
                missing=self._missing(from_ns, to_ns),
                newest_ns=self._newest_ns,
            )

    def _add(self, kept: array[int], value: int) -> None:
        if len(kept) >= self._most:
            del kept[: self._most // 2]
        kept.append(value)

    def _missing(self, from_ns: int, to_ns: int) -> int:
        missing = 0
        for place in range(bisect_left(self._gap_to, from_ns), len(self._gap_to)):
            begins_ns, ends_ns, count = self._gap_from[place], self._gap_to[place], self._gap_count[place]
            if begins_ns >= to_ns:
                break
            missing += _before(to_ns, begins_ns, ends_ns, count) - _before(from_ns, begins_ns, ends_ns, count)
        return missing


def _count(times: array[int], from_ns: int, to_ns: int) -> int:
    return max(bisect_left(times, to_ns) - bisect_left(times, from_ns), 0)


def _before(at_ns: int, begins_ns: int, ends_ns: int, count: int) -> int:
    """How many of a gap's frames, evenly between two arrivals, lie before a moment."""
    if at_ns <= begins_ns:
        return 0
    if at_ns > ends_ns:
        return count
    # The frame k of the gap, from 1, lies at begins + k * span / (count + 1).
    return min(((at_ns - begins_ns) * (count + 1) - 1) // (ends_ns - begins_ns), count)
