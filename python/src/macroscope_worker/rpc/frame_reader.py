"""Cuts a byte stream into frames.

Small frames pass through one scratch buffer, a large one is read into memory of its exact size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .frame import HEADER_BYTES, decode_body, decode_header
from .protocol import PROTOCOL

if TYPE_CHECKING:
    from .frame import Frame, FrameHeader

SCRATCH_BYTES: Final = 64 * 1024


class FrameReader:
    """Fill `buffer()`, then say with `filled` how much of it is new.

    Memory for a frame is taken after its header was checked.
    """

    def __init__(self, *, max_frame_bytes: int = PROTOCOL.max_frame_bytes, scratch_bytes: int = SCRATCH_BYTES) -> None:
        self._max_frame_bytes = max_frame_bytes
        self._scratch = memoryview(bytearray(max(scratch_bytes, HEADER_BYTES)))
        self._scratch_used = 0
        self._header: FrameHeader | None = None
        self._large: memoryview | None = None
        self._large_used = 0

    @property
    def idle(self) -> bool:
        """No frame has begun: the stream may end here."""
        return self._scratch_used == 0 and self._large is None

    def buffer(self) -> memoryview:
        """Where the next bytes belong; never empty."""
        if self._large is not None:
            return self._large[self._large_used :]
        return self._scratch[self._scratch_used :]

    def filled(self, nbytes: int) -> list[Frame]:
        """Take in the first `nbytes` of the buffer; the frames that are whole now. Raises FrameError."""
        if self._large is not None:
            return self._filled_large(nbytes)
        self._scratch_used += nbytes
        return self._cut()

    def _filled_large(self, nbytes: int) -> list[Frame]:
        large, header = self._large, self._header
        assert large is not None  # The caller has looked.
        assert header is not None
        self._large_used += nbytes
        if self._large_used < len(large):
            return []
        self._large = self._header = None
        return [decode_body(header, large[HEADER_BYTES:])]

    def _cut(self) -> list[Frame]:
        frames: list[Frame] = []
        start, end = 0, self._scratch_used
        while end - start >= HEADER_BYTES:
            header = decode_header(self._scratch, start, max_frame_bytes=self._max_frame_bytes)
            nbytes = header.frame_bytes
            if end - start >= nbytes:
                body = bytes(self._scratch[start + HEADER_BYTES : start + nbytes])
                frames.append(decode_body(header, memoryview(body)))
                start += nbytes
                continue
            if nbytes > len(self._scratch):
                self._header = header
                self._large = memoryview(bytearray(nbytes))
                self._large_used = end - start
                self._large[: self._large_used] = self._scratch[start:end]
                start = end
            break
        rest = end - start
        if rest and start:
            self._scratch[:rest] = bytes(self._scratch[start:end])
        self._scratch_used = rest
        return frames
