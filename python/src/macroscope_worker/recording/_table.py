"""`frames.table`: one record a frame, appended as frames are written or lost. The header says how to read it.

A record is whole or not: its last field is the CRC32C of the bytes before. Records never change once written.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from enum import IntFlag
from typing import TYPE_CHECKING, Any

import numpy as np

from macroscope_worker.recording._checksum import crc32c, crc32c_of_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from macroscope_worker.recording._layout import RunPaths

MAGIC = b"MSFRAMES"
VERSION = 1
HEADER_BYTES = 4096
_HEADER = struct.Struct("<8sIII")  # magic, version, length of the JSON text, its CRC32C; then the text, then zeros

NO_SLOT = 2**64 - 1

_CHECKED_AT_ONCE = 16_384

RECORD = np.dtype(
    [
        ("frame_id", "<u8"),
        ("count", "<u8"),
        ("slot", "<u8"),
        ("camera_ns", "<u8"),
        ("received_ns", "<u8"),
        ("pixel_crc32c", "<u4"),
        ("outcome", "u1"),
        ("flags", "u1"),
        ("reserved", "V14"),
        ("record_crc32c", "<u4"),
    ]
)
_BODY = struct.Struct("<QQQQQIBB14x")
_CRC = struct.Struct("<I")
RECORD_BYTES = RECORD.itemsize

OUTCOME_WRITTEN = 0
"""Other outcomes are the numbers of DropReason."""

_MEANINGS = {
    "frame_id": "number of the frame, or of the first of a lost range",
    "count": "1 for a written frame; how many numbers, from frame_id on, a loss covers",
    "slot": "index of the frame in the Zarr array; 2^64-1 when lost",
    "camera_ns": "camera's own clock, valid with flag 1",
    "received_ns": "worker's monotonic clock when the frame had arrived, or the loss was seen",
    "pixel_crc32c": "CRC32C of the frame's pixels as they lie in the file",
    "outcome": "0 written, 1 camera gap, 2 ring full, 3 write failed, 4 camera error",
    "flags": "1 camera_ns is valid, 2 the number was given by the program because the camera's did not rise",
    "reserved": "zeros",
    "record_crc32c": "CRC32C of the record's bytes before this field",
}


class RecordFlag(IntFlag):
    """Bits of `flags`."""

    CAMERA_TIME = 1
    RENUMBERED = 2


@dataclass(frozen=True, slots=True)
class FrameTable:
    """What could be read of a table."""

    records: npt.NDArray[Any]
    """The good records, in the order they were written."""
    damaged: tuple[int, ...]
    """Positions of records with a wrong checksum, before the last good one."""
    torn_bytes: int
    """Bytes behind the last good record that make no good one: a write that was cut off."""


def table_header() -> bytes:
    """The first 4096 bytes."""
    text = _header_text()
    return (_HEADER.pack(MAGIC, VERSION, len(text), crc32c(text)) + text).ljust(HEADER_BYTES, b"\0")


def _header_text() -> bytes:
    fields = [
        {
            "name": name,
            "offset": int(RECORD.fields[name][1]),
            "type": RECORD.fields[name][0].str,
            "meaning": _MEANINGS[name],
        }
        for name in RECORD.names or ()
        if RECORD.fields is not None
    ]
    return json.dumps(
        {"header_bytes": HEADER_BYTES, "record_bytes": RECORD_BYTES, "byte_order": "little", "fields": fields}
    ).encode()


def _layout_of(text: bytes) -> object:
    """What of a header's text decides where the numbers are; None when it cannot be told."""
    try:
        header = json.loads(text)
        fields = [(field["name"], field["offset"], field["type"]) for field in header["fields"]]
        return header["header_bytes"], header["record_bytes"], header["byte_order"], fields
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def encode_record(
    *,
    frame_id: int,
    received_ns: int,
    count: int = 1,
    slot: int = NO_SLOT,
    camera_ns: int | None = None,
    pixel_crc32c: int = 0,
    outcome: int = OUTCOME_WRITTEN,
    renumbered: bool = False,
) -> bytes:
    """One record. Raises struct.error for numbers outside 64 bits."""
    flags = (RecordFlag.CAMERA_TIME if camera_ns is not None else 0) | (RecordFlag.RENUMBERED if renumbered else 0)
    body = _BODY.pack(frame_id, count, slot, (camera_ns or 0) & NO_SLOT, received_ns, pixel_crc32c, outcome, flags)
    return body + _CRC.pack(crc32c(body))


def recorded_frames(paths: RunPaths) -> int:
    """How many records a run's table has, by its length alone: a range of losses is one. 0 without a table."""
    try:
        nbytes = paths.table.stat().st_size
    except OSError:
        return 0
    return max(0, nbytes - HEADER_BYTES) // RECORD_BYTES


def parse_table(data: bytes) -> FrameTable:
    """Read a table, whole or cut off anywhere behind its header.

    Raises
    ------
    ValueError
        The header is not one of ours; the message says what is wrong.
    """
    if len(data) < HEADER_BYTES:
        raise ValueError("its header is cut short")
    magic, version, text_bytes, text_crc = _HEADER.unpack_from(data)
    if magic != MAGIC:
        raise ValueError("it does not start as a frame table")
    if version != VERSION:
        raise ValueError(f"it is of version {version}, and this program reads version {VERSION}")
    text = data[_HEADER.size : _HEADER.size + text_bytes]
    padding = data[_HEADER.size + len(text) : HEADER_BYTES]
    if len(text) != text_bytes or crc32c(text) != text_crc or padding.strip(b"\0"):
        raise ValueError("its header is damaged")
    # Not the whole text: another version may word the meanings differently.
    if _layout_of(text) != _layout_of(_header_text()):
        raise ValueError("its header describes records of another layout")
    body = memoryview(data)[HEADER_BYTES:]
    whole = len(body) // RECORD_BYTES
    records = np.frombuffer(body, RECORD, whole)
    good = _good_records(body, whole)
    last = int(np.flatnonzero(good)[-1]) + 1 if good.any() else 0
    return FrameTable(
        records=records if good.all() else records[good],
        damaged=tuple(int(i) for i in np.flatnonzero(~good[:last])),
        torn_bytes=len(body) - last * RECORD_BYTES,
    )


def _good_records(body: memoryview, whole: int) -> npt.NDArray[np.bool_]:
    """Which records have their checksum. Many at a time: a loop over a million would hold up a capture beside it."""
    good = np.zeros(whole, np.bool_)
    for first in range(0, whole, _CHECKED_AT_ONCE):
        count = min(_CHECKED_AT_ONCE, whole - first)
        rows = np.frombuffer(body, np.uint8, count * RECORD_BYTES, first * RECORD_BYTES).reshape(count, RECORD_BYTES)
        stored = np.frombuffer(body, RECORD, count, first * RECORD_BYTES)["record_crc32c"]
        good[first : first + count] = crc32c_of_rows(rows[:, : _BODY.size]) == stored
    return good
