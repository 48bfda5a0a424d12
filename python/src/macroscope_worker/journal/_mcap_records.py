"""The records of an MCAP file, one after the other, however the file was cut off or damaged.

The format is https://mcap.dev/spec. The `mcap` package reads files that are whole and raises in the middle of others.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"\x89MCAP0\r\n"
HEAD: Final = struct.Struct("<BQ")  # opcode, length of what follows
MOST_RECORD_BYTES: Final = 64 << 20
"""No record of ours is longer."""

_MESSAGE: Final = struct.Struct("<HIQQ")  # channel, sequence, log time, publish time
_FOOTER: Final = struct.Struct("<QQI")  # start of the summary, start of the summary offsets, CRC-32 of the summary
TAIL_BYTES: Final = HEAD.size + _FOOTER.size + len(MAGIC)
"""The end of a whole file: its footer and the magic."""


class Opcode(IntEnum):
    """The kinds of records that our files have and their reading needs."""

    HEADER = 0x01
    FOOTER = 0x02
    SCHEMA = 0x03
    CHANNEL = 0x04
    MESSAGE = 0x05
    METADATA = 0x0C
    METADATA_INDEX = 0x0D
    DATA_END = 0x0F


LAST_OPCODE: Final = 0x0F
"""Of the specification; those from 0x80 on are private, and none of ours."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it lies in the file, `offset` bytes behind the file's start."""

    opcode: int
    offset: int
    content: bytes

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.offset + HEAD.size + len(self.content)

    @property
    def raw(self) -> bytes:
        """All bytes of it."""
        return HEAD.pack(self.opcode, len(self.content)) + self.content


@dataclass(frozen=True, slots=True)
class Schema:
    """The type of a channel's messages."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A topic."""

    number: int
    schema: int
    topic: str


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message of a channel; `log_ns` is Unix time."""

    channel: int
    sequence: int
    log_ns: int
    data: bytes


def records(file: BinaryIO, size: int) -> Iterator[Record]:
    """The records from the file's position on, which is that of a record, until one is none or is not all there."""
    offset = file.tell()
    while offset + HEAD.size <= size:
        head = file.read(HEAD.size)
        if len(head) < HEAD.size:
            return
        opcode, length = HEAD.unpack(head)
        if not 0 < opcode <= LAST_OPCODE or length > min(MOST_RECORD_BYTES, size - offset - HEAD.size):
            return
        content = file.read(length)
        if len(content) < length:
            return
        record = Record(opcode, offset, content)
        yield record
        offset = record.end


def parse_message(content: bytes) -> RawMessage:
    """A MESSAGE. Raises ValueError."""
    if len(content) < _MESSAGE.size:
        raise ValueError("a message is cut short")
    channel, sequence, log_ns, _ = _MESSAGE.unpack_from(content)
    return RawMessage(channel, sequence, log_ns, content[_MESSAGE.size :])


def parse_schema(content: bytes) -> Schema:
    """A SCHEMA. Raises ValueError."""
    fields = _Fields(content)
    return Schema(fields.number(2), fields.text())


def parse_channel(content: bytes) -> Channel:
    """A CHANNEL. Raises ValueError."""
    fields = _Fields(content)
    number, schema = fields.number(2), fields.number(2)
    return Channel(number, schema, fields.text())


def parse_metadata(content: bytes) -> tuple[str, dict[str, str]]:
    """The name and the entries of METADATA. Raises ValueError."""
    fields = _Fields(content)
    name = fields.text()
    entries = _Fields(fields.block())
    found: dict[str, str] = {}
    while entries.left:
        key = entries.text()
        found[key] = entries.text()
    return name, found


def parse_metadata_index(content: bytes) -> tuple[str, int]:
    """The name of METADATA, and where it lies. Raises ValueError."""
    fields = _Fields(content)
    offset, _ = fields.number(8), fields.number(8)
    return fields.text(), offset


def parse_data_end(content: bytes) -> int:
    """The CRC-32 of everything before DATA_END; 0 is none. Raises ValueError."""
    return _Fields(content).number(4)


def summary_start(tail: bytes) -> int | None:
    """Where the summary of a whole file begins, by its last `TAIL_BYTES`; None when the file does not end as one."""
    if len(tail) < TAIL_BYTES or not tail.endswith(MAGIC):
        return None
    opcode, length = HEAD.unpack_from(tail, len(tail) - TAIL_BYTES)
    if opcode != Opcode.FOOTER or length != _FOOTER.size:
        return None
    start, _, _ = _FOOTER.unpack_from(tail, len(tail) - TAIL_BYTES + HEAD.size)
    return int(start)


class _Fields:
    """The fields of a record, one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def number(self, nbytes: int) -> int:
        return int.from_bytes(self._take(nbytes), "little")

    def block(self) -> bytes:
        return self._take(self.number(4))

    def text(self) -> str:
        # UnicodeDecodeError is a ValueError.
        return self.block().decode()

    def _take(self, nbytes: int) -> bytes:
        if nbytes > self.left:
            raise ValueError("a record is cut short")
        taken = self._content[self._at : self._at + nbytes]
        self._at += nbytes
        return taken
