"""When a worker that nobody needs ends by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer(Protocol):
    """What `call_later` returns."""

    def cancel(self) -> None:
        """Do not call."""


class Lingering:
    """Calls `on_over` when for `linger_s` there was no life-line, no client and no recording."""

    def __init__(
        self, linger_s: float, call_later: Callable[[float, Callable[[], None]], Timer], on_over: Callable[[], None]
    ) -> None:
        self._linger_s = linger_s
        self._call_later = call_later
        self._on_over = on_over
        self._timer: Timer | None = None

    def update(self, *, life_line: bool, links: int, recording: bool) -> None:
        """Take note of how things are."""
        needed = life_line or links > 0 or recording
        if needed and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        elif not needed and self._timer is None:
            self._timer = self._call_later(self._linger_s, self._on_over)
