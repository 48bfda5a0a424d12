"""What happened in a simulation, in order: a hash of all of it, and the last lines to read."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING
from zlib import adler32, crc32

if TYPE_CHECKING:
    from collections.abc import Callable


class Trace:
    """Lines with the time they were written at."""

    def __init__(self, now_ns: Callable[[], int], *, show: Callable[[str], None] | None = None) -> None:
        self._now_ns = now_ns
        self._show = show
        self._crc = 0
        self._adler = 1
        self.lines = 0
        self.last: deque[str] = deque(maxlen=60)
        self.counts: Counter[str] = Counter()
        self.objections: list[str] = []

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits."""
        return f"{self._crc:08x}{self._adler:08x}"

    def add(self, line: str) -> None:
        """Write a line."""
        whole = f"{self._now_ns() / 1e6:.3f} {line}"
        data = whole.encode()
        self._crc = crc32(data, self._crc)
        self._adler = adler32(data, self._adler)
        self.lines += 1
        self.last.append(whole)
        if self._show is not None:
            self._show(whole)

    def object(self, sentence: str) -> None:
        """Something must not be."""
        self.add(f"OBJECTION: {sentence}")
        self.objections.append(sentence)
