"""Frames: a header of 16 bytes, the envelope, zeros up to the next multiple of 16, and the tail.

Nothing here knows what an envelope says; see frame.proto for the layout.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from .protocol import PROTOCOL

Bytes: TypeAlias = bytes | bytearray | memoryview
"""Anything that holds bytes without gaps."""

HEADER_BYTES: Final = 16
ALIGNMENT: Final = 16
MAGIC: Final = b"MS"
LAYOUT: Final = 1
FIRST_LANE: Final = 1
LAST_LANE: Final = 4

_HEADER = struct.Struct("<2sBBIII")
_ZEROS = bytes(ALIGNMENT)


class FrameFault(StrEnum):
    """What is wrong with the bytes of a frame."""

    MAGIC = "magic"
    LAYOUT = "layout"
    LANE = "lane"
    TOO_LARGE = "too-large"
    TRUNCATED = "truncated"
    TRAILING = "trailing"
    PADDING = "padding"


class FrameError(Exception):
    """The peer breaks framing; its link cannot be used any more. `fault` says how."""

    def __init__(self, fault: FrameFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(slots=True)
class Frame:
    """One frame. `tail` is a view of the sender's memory until the frame has left, and empty when there is none."""

    lane: int
    connection: int
    envelope: Bytes
    tail: Bytes = b""

    @property
    def nbytes(self) -> int:
        """Bytes on the wire: header, envelope, padding and tail."""
        head_bytes = HEADER_BYTES + len(self.envelope)
        tail_bytes = len(self.tail)
        return head_bytes + -head_bytes % ALIGNMENT + tail_bytes if tail_bytes else head_bytes


@dataclass(slots=True)
class FrameHeader:
    """What the first 16 bytes say."""

    lane: int
    connection: int
    envelope_bytes: int
    tail_bytes: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of the whole frame."""
        return frame_bytes(self.envelope_bytes, self.tail_bytes)


def padding_bytes(envelope_bytes: int, tail_bytes: int) -> int:
    """Zeros between envelope and tail: up to the next multiple of 16, none without a tail."""
    return -(HEADER_BYTES + envelope_bytes) % ALIGNMENT if tail_bytes else 0


def frame_bytes(envelope_bytes: int, tail_bytes: int) -> int:
    """Bytes of a frame with parts of these sizes."""
    return HEADER_BYTES + envelope_bytes + padding_bytes(envelope_bytes, tail_bytes) + tail_bytes


def encode_head(frame: Frame) -> bytes:
    """Everything before the tail: header, envelope and padding."""
    envelope, tail = frame.envelope, frame.tail
    header = _HEADER.pack(MAGIC, LAYOUT, frame.lane, frame.connection, len(envelope), len(tail))
    if tail:
        return b"".join((header, envelope, _ZEROS[: padding_bytes(len(envelope), len(tail))]))
    return b"".join((header, envelope))


def encode_frame(frame: Frame) -> bytes:
    """The frame as one message. Copies the tail; a byte stream writes `encode_head` and the tail instead."""
    return b"".join((encode_head(frame), frame.tail))


def decode_header(data: Bytes, offset: int = 0, *, max_frame_bytes: int = PROTOCOL.max_frame_bytes) -> FrameHeader:
    """Read and check the header at `offset`.

    Raises FrameError on anything that no honest peer sends, before memory is taken for the frame.
    """
    if len(data) - offset < HEADER_BYTES:
        raise FrameError(FrameFault.TRUNCATED, f"A frame starts with {HEADER_BYTES} bytes; {len(data) - offset} came.")
    magic, layout, lane, connection, envelope_bytes, tail_bytes = _HEADER.unpack_from(data, offset)
    if magic != MAGIC:
        raise FrameError(FrameFault.MAGIC, f"A frame starts with {MAGIC!r}, not {bytes(magic)!r}.")
    if layout != LAYOUT:
        raise FrameError(FrameFault.LAYOUT, f"Frames of layout {layout} are not known here, only of layout {LAYOUT}.")
    if not FIRST_LANE <= lane <= LAST_LANE:
        raise FrameError(FrameFault.LANE, f"There is no lane {lane}.")
    header = FrameHeader(lane, connection, envelope_bytes, tail_bytes)
    if header.frame_bytes > max_frame_bytes:
        raise FrameError(
            FrameFault.TOO_LARGE, f"A frame of {header.frame_bytes} bytes was announced; {max_frame_bytes} is the most."
        )
    return header


def decode_body(header: FrameHeader, body: memoryview) -> Frame:
    """The frame whose bytes behind the header are exactly `body`. Envelope and tail are views of it."""
    envelope_end = header.envelope_bytes
    tail_start = envelope_end + padding_bytes(header.envelope_bytes, header.tail_bytes)
    if tail_start > envelope_end and body[envelope_end:tail_start] != _ZEROS[: tail_start - envelope_end]:
        raise FrameError(FrameFault.PADDING, "The bytes between envelope and tail are not zero.")
    return Frame(header.lane, header.connection, body[:envelope_end], body[tail_start:])


def decode_frame(data: Bytes, *, max_frame_bytes: int = PROTOCOL.max_frame_bytes) -> Frame:
    """The frame that is the whole of `data`, as views of it. Raises FrameError."""
    header = decode_header(data, max_frame_bytes=max_frame_bytes)
    if len(data) < header.frame_bytes:
        raise FrameError(
            FrameFault.TRUNCATED, f"The frame has {header.frame_bytes} bytes by its header; {len(data)} came."
        )
    if len(data) > header.frame_bytes:
        raise FrameError(
            FrameFault.TRAILING, f"The frame has {header.frame_bytes} bytes by its header; {len(data)} came."
        )
    return decode_body(header, memoryview(data)[HEADER_BYTES:])
