"""Which call numbers a client has used. Calls of a more urgent lane overtake others, so numbers arrive out of order."""

from __future__ import annotations

from typing import Final

WINDOW: Final = 65_536
"""How far ahead of the used ones a number may be, which bounds what is remembered."""


class CallNumbers:
    """Every number up to `_all_up_to` is used, and those in `_beyond`."""

    def __init__(self) -> None:
        self._all_up_to = 0
        self._beyond: set[int] = set()

    def used(self, number: int) -> bool:
        """The number has begun a call."""
        return 0 < number <= self._all_up_to or number in self._beyond

    def use(self, number: int) -> bool:
        """Take note of a number. False when it was used before, or is none."""
        if number <= self._all_up_to or number > self._all_up_to + WINDOW or number in self._beyond:
            return False
        self._beyond.add(number)
        while self._all_up_to + 1 in self._beyond:
            self._all_up_to += 1
            self._beyond.remove(self._all_up_to)
        return True
