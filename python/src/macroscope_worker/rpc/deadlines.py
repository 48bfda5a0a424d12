"""When the calls of a connection have to have ended."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEPT_ANYWAY: Final = 64


class Deadlines:
    """Deadlines by call, the earliest first. Those of calls that have ended go when they are more than the others."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def next_ns(self) -> int | None:
        """When to look at the clock again."""
        return self._heap[0][0] if self._heap else None

    def add(self, call: int, due_ns: int, open_calls: Mapping[int, object]) -> None:
        """A call has to have ended by then."""
        if len(self._heap) > 2 * len(open_calls) + _KEPT_ANYWAY:
            self._heap = [entry for entry in self._heap if entry[1] in open_calls]
            heapq.heapify(self._heap)
        heapq.heappush(self._heap, (due_ns, call))

    def take_due(self, now_ns: int) -> list[int]:
        """The calls whose time is over, also such as have ended."""
        due = []
        while self._heap and self._heap[0][0] <= now_ns:
            due.append(heapq.heappop(self._heap)[1])
        return due

    def clear(self) -> None:
        """Forget all."""
        self._heap.clear()
