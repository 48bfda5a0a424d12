"""The scheduler of a link's sender: a more urgent lane first, strictly; in a lane, first come first served."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from .frame import FIRST_LANE, LAST_LANE

if TYPE_CHECKING:
    from .frame import Frame


class LaneQueue:
    """Frames that wait to be written. Holds no more than what credits allow the connections of the link."""

    def __init__(self) -> None:
        self._lanes: tuple[deque[Frame], ...] = tuple(deque() for _ in range(FIRST_LANE, LAST_LANE + 1))
        self._nbytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes that wait."""
        return self._nbytes

    def __bool__(self) -> bool:
        return self._nbytes > 0

    def push(self, frame: Frame) -> None:
        """Put a frame behind the others of its lane."""
        self._lanes[frame.lane - FIRST_LANE].append(frame)
        self._nbytes += frame.nbytes

    def pop(self) -> Frame | None:
        """Take the most urgent frame; None when nothing waits."""
        for lane in self._lanes:
            if lane:
                frame = lane.popleft()
                self._nbytes -= frame.nbytes
                return frame
        return None

    def clear(self) -> None:
        """Forget everything."""
        for lane in self._lanes:
            lane.clear()
        self._nbytes = 0
