"""What can go wrong with notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope_worker.errors import MacroscopeError

if TYPE_CHECKING:
    from collections.abc import Sequence


class NotificationNotFound(MacroscopeError):
    """None of them is kept: they never were, or newer ones have taken their place."""

    def __init__(self, ids: Sequence[int]) -> None:
        named = ", ".join(str(number) for number in ids)
        super().__init__(f"There is no notification {named} any more. The list has those that are there.")
        self.ids = tuple(ids)
