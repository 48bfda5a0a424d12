"""The scheduler of a link's sender: a more urgent lane first, strictly; in a lane, the connections in turn."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from .frame import FIRST_LANE, LAST_LANE
from .protocol import LINK_CONNECTION

if TYPE_CHECKING:
    from .frame import Frame


class _Lane:
    """The frames of one lane: those of a connection in order, and of the connections one each in turn.

    Connection 0 goes first: it says that a connection is there, before the first frame of that connection.
    """

    __slots__ = ("by_connection", "turns")

    def __init__(self) -> None:
        self.by_connection: dict[int, deque[Frame]] = {}
        self.turns: deque[deque[Frame]] = deque()

    def push(self, frame: Frame) -> None:
        frames = self.by_connection.get(frame.connection)
        if frames is None:
            frames = self.by_connection[frame.connection] = deque()
            if frame.connection == LINK_CONNECTION:
                self.turns.appendleft(frames)
            else:
                self.turns.append(frames)
        frames.append(frame)

    def pop(self) -> Frame:
        frames = self.turns[0]
        frame = frames.popleft()
        if not frames:
            self.turns.popleft()
            del self.by_connection[frame.connection]
        elif len(self.turns) > 1 and frame.connection != LINK_CONNECTION:
            self.turns.rotate(-1)
        return frame

    def forget(self, connection: int) -> int:
        """Drop the connection's frames; how many bytes they were."""
        frames = self.by_connection.pop(connection, None)
        if frames is None:
            return 0
        # By identity: two connections may have equal frames.
        self.turns = deque(other for other in self.turns if other is not frames)
        return sum(frame.nbytes for frame in frames)


class LaneQueue:
    """Frames that wait to be written. Holds no more than what credits allow the connections of the link."""

    def __init__(self) -> None:
        self._lanes: tuple[_Lane, ...] = tuple(_Lane() for _ in range(FIRST_LANE, LAST_LANE + 1))
        self._nbytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes that wait."""
        return self._nbytes

    def __bool__(self) -> bool:
        return self._nbytes > 0

    def push(self, frame: Frame) -> None:
        """Put a frame behind the others of its lane and connection."""
        self._lanes[frame.lane - FIRST_LANE].push(frame)
        self._nbytes += frame.nbytes

    def pop(self) -> Frame | None:
        """Take the most urgent frame; None when nothing waits."""
        for lane in self._lanes:
            if lane.turns:
                frame = lane.pop()
                self._nbytes -= frame.nbytes
                return frame
        return None

    def forget(self, connection: int) -> None:
        """Drop what waits of a connection that was closed."""
        for lane in self._lanes:
            self._nbytes -= lane.forget(connection)

    def clear(self) -> None:
        """Forget everything."""
        self._lanes = tuple(_Lane() for _ in self._lanes)
        self._nbytes = 0
