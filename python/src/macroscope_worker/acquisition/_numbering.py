"""Frame numbers that rise by one, with every gap counted, whatever the camera's own counter does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbered:
    """A frame's number, and how many numbers before it are missing."""

    frame_id: int
    missing: int
    renumbered: bool = False


class FrameNumbering:
    """Turns a camera's numbers into unique, rising ones.

    A camera counts from anew when its sequence restarts, and some count twice or wrap around. No frame is thrown away
    for that: numbers go on from the last one, and the frame is marked.
    """

    def __init__(self) -> None:
        self._next = 0
        self._shift: int | None = None

    def restart(self) -> None:
        """The sequence starts again: the next number goes on from the last."""
        self._shift = None

    def number(self, camera_number: int) -> Numbered:
        """Number the next frame."""
        if self._shift is None:
            # The first frame of the first sequence keeps the camera's number; later ones go on from the last.
            self._shift = self._next - camera_number if self._next else 0
        frame_id = camera_number + self._shift
        renumbered = frame_id < self._next
        if renumbered:
            self._shift += self._next - frame_id
            frame_id = self._next
        missing = frame_id - self._next if self._next else 0
        self._next = frame_id + 1
        return Numbered(frame_id, missing, renumbered)
