"""Changes that can be taken back, and who has changed what lately."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macroscope.configuration.v1.settings_pb import Configuration

MOST_UNDO: Final = 100
MOST_LOGGED: Final = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What an operator did: the values of some paths, before and after. `label` is for people."""

    label: str
    paths: tuple[str, ...]
    before: Configuration
    after: Configuration


class UndoStack:
    """The last changes, and those that were taken back."""

    def __init__(self, most: int = MOST_UNDO) -> None:
        self._done: deque[Change] = deque(maxlen=most)
        self._undone: list[Change] = []

    @property
    def undo(self) -> Change | None:
        """What undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def redo(self) -> Change | None:
        """What redo would make again."""
        return self._undone[-1] if self._undone else None

    def did(self, change: Change) -> None:
        """A new change: what was taken back before it is gone."""
        self._done.append(change)
        self._undone.clear()

    def undid(self) -> None:
        """The last change was taken back."""
        self._undone.append(self._done.pop())

    def redid(self) -> None:
        """The change that was taken back last was made again."""
        self._done.append(self._undone.pop())


class ChangeLog:
    """Which paths the last revisions changed. Older ones are forgotten."""

    def __init__(self, most: int = MOST_LOGGED) -> None:
        self._entries: deque[tuple[int, tuple[str, ...], str]] = deque(maxlen=most)
        self._forgotten: int | None = None
        """The newest revision that is no longer known."""

    def note(self, revision: int, paths: Sequence[str], by: str) -> None:
        """A revision changed paths."""
        if len(self._entries) == self._entries.maxlen:
            self._forgotten = self._entries[0][0]
        self._entries.append((revision, tuple(paths), by))

    @property
    def last(self) -> tuple[int, str]:
        """The last revision that changed a path, and who made it; 0 and nobody before the first."""
        return (self._entries[-1][0], self._entries[-1][2]) if self._entries else (0, "")

    def since(self, revision: int) -> tuple[str, ...]:
        """The paths that later revisions changed; empty when that is not known any more."""
        if self._forgotten is not None and revision < self._forgotten:
            return ()
        paths = (path for number, changed, _ in self._entries if number > revision for path in changed)
        return tuple(dict.fromkeys(paths))
