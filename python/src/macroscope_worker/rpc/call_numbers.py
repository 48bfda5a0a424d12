"""Which call numbers a client has used. Calls of a more urgent lane overtake others, so numbers arrive out of order."""

from __future__ import annotations

from typing import Final

_REMEMBERED: Final = 4096


class CallNumbers:
    """Every number up to `_floor` is used, and those in `_above`. Bounded: very old gaps count as used."""

    def __init__(self) -> None:
        self._floor = 0
        self._above: set[int] = set()

    def used(self, call: int) -> bool:
        """The number has begun a call."""
        return call <= self._floor or call in self._above

    def use(self, call: int) -> None:
        """Take note of a number that was not used."""
        self._above.add(call)
        if len(self._above) > _REMEMBERED:
            self._floor = min(self._above)
        while self._floor + 1 in self._above:
            self._floor += 1
            self._above.remove(self._floor)
        self._above.discard(self._floor)
