"""Watches what a link is given and what it writes: a more urgent frame goes first, and none is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macroscope_worker.rpc.frame import HEADER_BYTES, decode_header

if TYPE_CHECKING:
    from collections.abc import Callable


class WrittenFrames:
    """Lane, connection and length of each frame that waits."""

    def __init__(self, name: str, objects: Callable[[str], None]) -> None:
        self._name = name
        self._objects = objects
        self._waiting: list[tuple[int, int, int]] = []
        self._dropped: list[tuple[int, int, int]] = []
        self._header = bytearray()
        self._rest = 0

    def given(self, frame: Any) -> None:
        """The link was given a frame."""
        self._waiting.append((frame.lane, frame.connection, frame.nbytes))

    def dropped(self, connection: int) -> None:
        """What waits of a connection may be dropped; a frame of which a part has left is not."""
        self._dropped += [entry for entry in self._waiting if entry[1] == connection]
        self._waiting = [entry for entry in self._waiting if entry[1] != connection]

    def bulk_waiting(self) -> int:
        """Bytes on the lanes of states and frames that wait."""
        return sum(nbytes for lane, _, nbytes in self._waiting if lane >= 3)

    def wrote(self, data: Any) -> None:
        """The link has written these bytes."""
        view = memoryview(data).cast("B")
        while view:
            if self._rest:
                part = min(self._rest, len(view))
                self._rest -= part
                view = view[part:]
                continue
            part = min(HEADER_BYTES - len(self._header), len(view))
            self._header += view[:part]
            view = view[part:]
            if len(self._header) == HEADER_BYTES:
                header = decode_header(bytes(self._header))
                self._header.clear()
                self._rest = header.frame_bytes - HEADER_BYTES
                self._begun(header.lane, header.connection, header.frame_bytes)

    def _begun(self, lane: int, connection: int, nbytes: int) -> None:
        entry = (lane, connection, nbytes)
        if entry in self._waiting:
            same = next(other for other in self._waiting if other[:2] == entry[:2])
            if same != entry:
                self._objects(f"{self._name} wrote {nbytes} bytes of lane {lane} where {same[2]} came first.")
            self._waiting.remove(entry)
        elif entry in self._dropped:
            self._dropped.remove(entry)
        else:
            self._objects(f"{self._name} wrote a frame of lane {lane}, connection {connection}, that nobody gave it.")
        urgent = [other for other in self._waiting if other[0] < lane]
        if urgent:
            self._objects(f"{self._name} wrote a frame of lane {lane} while one of lane {urgent[0][0]} waited.")
