"""Frames that are too long to travel whole: cut into pieces by a server, put together by a client."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from macroscope.rpc.v1.frame_pb import Part

from .frame import Frame, FrameError, decode_frame, encode_head
from .outbox import ProtocolBreak
from .protocol import BARE_CONNECTION, PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Iterator


class CutFrame:
    """A long frame while it leaves. Pieces are views of its head and of its tail: nothing is copied.

    No piece spans the end of the head, so the first one is short.
    """

    __slots__ = ("_call", "_left", "_nbytes", "_offset")

    def __init__(self, call: int, frame: Frame) -> None:
        self._call = call
        self._nbytes = frame.nbytes
        self._offset = 0
        head = encode_head(Frame(frame.lane, BARE_CONNECTION, frame.envelope, frame.tail))
        self._left: deque[memoryview] = deque()
        for block in (memoryview(head), memoryview(frame.tail).cast("B")):
            self._left.extend(_pieces(block))

    @property
    def nbytes(self) -> int:
        """Bytes of the frame that have not left."""
        return self._nbytes - self._offset

    @property
    def begun(self) -> bool:
        """A piece has left."""
        return self._offset > 0

    def take(self) -> tuple[Part, memoryview]:
        """The next piece. To be called while `nbytes` is not 0."""
        piece = self._left.popleft()
        part = Part(call=self._call, frame_bytes=self._nbytes, offset=self._offset)
        self._offset += len(piece)
        return part, piece


class Assembly:
    """A long frame while it arrives."""

    __slots__ = ("_buffer", "_filled", "lane")

    def __init__(self, part: Part, lane: int) -> None:
        if part.frame_bytes > PROTOCOL.max_frame_bytes:
            msg = f"a frame of {part.frame_bytes} bytes was announced in parts; {PROTOCOL.max_frame_bytes} is the most."
            raise ProtocolBreak(msg)
        self.lane = lane
        self._buffer = bytearray(part.frame_bytes)
        self._filled = 0

    def add(self, part: Part, frame: Frame) -> Frame | None:
        """Take in a piece; the whole frame with the last one. Raises ProtocolBreak on a piece that is out of line."""
        piece, total = frame.tail, len(self._buffer)
        end = part.offset + len(piece)
        if part.frame_bytes != total or part.offset != self._filled or end > total or not piece:
            msg = (
                f"a part of call {part.call} is out of line: {len(piece)} bytes at {part.offset} "
                f"of {part.frame_bytes}, where {self._filled} of {total} have come."
            )
            raise ProtocolBreak(msg)
        if frame.lane != self.lane:
            msg = f"the parts of call {part.call} travel on the lanes {self.lane} and {frame.lane}."
            raise ProtocolBreak(msg)
        self._buffer[self._filled : end] = piece
        self._filled = end
        if end < total:
            return None
        try:
            whole = decode_frame(self._buffer)
        except FrameError as error:
            msg = f"the parts of call {part.call} are no frame: {error}"
            raise ProtocolBreak(msg) from error
        if whole.lane != self.lane:
            msg = f"the parts of call {part.call} travel on lane {self.lane}, and are a frame of lane {whole.lane}."
            raise ProtocolBreak(msg)
        return whole


def _pieces(block: memoryview) -> Iterator[memoryview]:
    for start in range(0, len(block), PROTOCOL.part_bytes):
        yield block[start : start + PROTOCOL.part_bytes]
