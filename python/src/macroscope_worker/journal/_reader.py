"""Reading `events.mcap` back: whole, cut off in the middle, or damaged. Nothing is repaired, and nothing is written."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from ._events_file import CLOCK_RECORD, LAST_RECORD
from ._mcap_records import (
    MAGIC,
    TAIL_BYTES,
    Channel,
    Opcode,
    Schema,
    parse_channel,
    parse_data_end,
    parse_message,
    parse_metadata,
    parse_metadata_index,
    parse_schema,
    records,
    summary_start,
)
from ._tail import first_record_of_tail
from ._topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from protobuf import Message

    from ._mcap_records import Record

_TAIL_WINDOWS = (1 << 18, 1 << 21, 1 << 24)
_TYPES = {message_type.desc().type_name: message_type for message_type in TOPICS.values()}


class EventsUnreadable(ValueError):
    """The file is no journal; the message says why."""


@dataclass(frozen=True, slots=True)
class Event:
    """A message of the journal. `at_ns` is on the worker's clock, as frames are; `sequence` counts within its topic."""

    topic: str
    type_name: str
    at_ns: int
    unix_ns: int
    sequence: int
    data: bytes

    def message(self) -> Message[Any]:
        """The message itself. Raises ValueError when it is of no type this version knows, or is damaged."""
        message_type = _TYPES.get(self.type_name)
        if message_type is None:
            msg = f"{self.type_name or 'a message without a type'} is unknown to this version"
            raise ValueError(msg)
        try:
            return message_type.from_binary(self.data)
        except Exception as error:
            # Whatever the decoder says of bytes that are none of its own.
            msg = f"a {self.type_name} cannot be decoded ({error})"
            raise ValueError(msg) from error


@dataclass(frozen=True, slots=True)
class EventsEnd:
    """How a file ends."""

    whole: bool
    """It ends as an MCAP file does."""
    torn_bytes: int
    """Bytes behind the last record that make none."""
    checksum_good: bool | None
    """Everything before the end is what was written; None: a file that is not whole has no checksum."""
    damaged_records: int
    """Records that are there and cannot be used."""


class EventsReader:
    """A journal, opened for reading. Owned by whoever opened it: `close`, or `with`.

    `end` is known when `events` has been read to the end.

    Raises
    ------
    EventsUnreadable
        The file does not begin as one of ours.
    OSError
        It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run_id = ""
        self.started_unix_ns = self.started_monotonic_ns = 0
        self.end: EventsEnd | None = None
        self._channels: dict[int, Channel] = {}
        self._schemas: dict[int, Schema] = {}
        self._file: BinaryIO = path.open("rb")
        try:
            self._size = self._file.seek(0, 2)
            self._read_head()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def topics(self) -> list[str]:
        """Those that are declared, in the file's order; all of them when `events` has been read."""
        return [channel.topic for channel in self._channels.values()]

    def events(self) -> Iterator[Event]:
        """Every message that can be read, in the order they were written."""
        self._file.seek(len(MAGIC))
        checksum, stated, damaged = zlib.crc32(MAGIC), 0, 0
        good_end, whole, data_ended = len(MAGIC), False, False
        for record in records(self._file, self._size):
            good_end = record.end
            try:
                if record.opcode == Opcode.DATA_END:
                    stated, data_ended = parse_data_end(record.content), True
                elif record.opcode == Opcode.FOOTER:
                    whole = self._file.read(len(MAGIC) + 1) == MAGIC
                    good_end += len(MAGIC) if whole else 0
                    break
                event = self._take(record)
            except ValueError:
                damaged, event = damaged + 1, None
            if not data_ended:
                checksum = zlib.crc32(record.raw, checksum)
            if event is not None:
                yield event
        self.end = EventsEnd(
            whole=whole and data_ended,
            torn_bytes=self._size - good_end,
            checksum_good=checksum == stated if whole and data_ended and stated else None,
            damaged_records=damaged,
        )

    def last(self, topic: str) -> Event | None:
        """The last message of a topic, read from the file's end; None where it cannot be found cheaply."""
        self._file.seek(max(0, self._size - TAIL_BYTES))
        start = summary_start(self._file.read(TAIL_BYTES))
        try:
            if start is not None:
                return self._last_by_summary(start, topic)
        except ValueError:
            pass
        return self._last_by_tail(topic)

    def _read_head(self) -> None:
        """What stands before the first message: the run's clock, and the topics."""
        if self._size < len(MAGIC):
            raise EventsUnreadable("it is cut short in its first bytes")
        self._file.seek(0)
        if self._file.read(len(MAGIC)) != MAGIC:
            raise EventsUnreadable("it does not start as an MCAP file")
        for record in records(self._file, self._size):
            if record.opcode in {Opcode.MESSAGE, Opcode.DATA_END}:
                break
            try:
                if record.opcode == Opcode.METADATA:
                    self._take_clock(*parse_metadata(record.content))
                else:
                    self._take(record)
            except ValueError as error:
                msg = f"its head is damaged: {error}"
                raise EventsUnreadable(msg) from error
        if not self.run_id:
            raise EventsUnreadable("its head does not name a run; it is damaged, or of another program")

    def _take_clock(self, name: str, entries: dict[str, str]) -> None:
        if name != CLOCK_RECORD:
            return
        try:
            self.started_unix_ns = int(entries["started_unix_ns"])
            self.started_monotonic_ns = int(entries["started_monotonic_ns"])
            self.run_id = entries["run_id"]
        except KeyError as error:
            msg = f"its clock does not say {error}"
            raise ValueError(msg) from error

    def _take(self, record: Record) -> Event | None:
        if record.opcode == Opcode.SCHEMA:
            schema = parse_schema(record.content)
            self._schemas[schema.number] = schema
        elif record.opcode == Opcode.CHANNEL:
            channel = parse_channel(record.content)
            self._channels[channel.number] = channel
        elif record.opcode == Opcode.MESSAGE:
            return self._event(record)
        return None

    def _event(self, record: Record) -> Event:
        raw = parse_message(record.content)
        channel = self._channels.get(raw.channel)
        if channel is None:
            msg = f"a message is of channel {raw.channel}, which there is not"
            raise ValueError(msg)
        schema = self._schemas.get(channel.schema)
        return Event(
            topic=channel.topic,
            type_name="" if schema is None else schema.name,
            at_ns=raw.log_ns - self.started_unix_ns + self.started_monotonic_ns,
            unix_ns=raw.log_ns,
            sequence=raw.sequence,
            data=raw.data,
        )

    def _last_by_summary(self, start: int, topic: str) -> Event | None:
        for record in self._records_from(start):
            if record.opcode == Opcode.METADATA_INDEX:
                name, offset = parse_metadata_index(record.content)
                if name == LAST_RECORD:
                    _, offsets = parse_metadata(self._record_at(offset, Opcode.METADATA).content)
                    if topic not in offsets:
                        return None
                    event = self._event(self._record_at(int(offsets[topic]), Opcode.MESSAGE))
                    if event.topic != topic:
                        raise ValueError("its summary points to another topic's message")
                    return event
        raise ValueError("its summary does not say")

    def _last_by_tail(self, topic: str) -> Event | None:
        """Without a summary: find where records begin, some way before the end, and read on from there."""
        for window in _TAIL_WINDOWS:
            start = max(len(MAGIC), self._size - window)
            self._file.seek(start)
            tail = self._file.read(window)
            at = 0 if start == len(MAGIC) else first_record_of_tail(tail, set(self._channels), self.started_unix_ns)
            found = None
            for record in self._records_from(start + at) if at is not None else ():
                try:
                    event = self._event(record) if record.opcode == Opcode.MESSAGE else None
                except ValueError:
                    continue
                found = event if event is not None and event.topic == topic else found
            if found is not None or start == len(MAGIC):
                return found
        return None

    def _records_from(self, offset: int) -> Iterator[Record]:
        if offset >= self._size:
            raise ValueError("a place outside of the file is named")
        self._file.seek(offset)
        return records(self._file, self._size)

    def _record_at(self, offset: int, opcode: Opcode) -> Record:
        record = next(self._records_from(offset), None)
        if record is None or record.opcode != opcode:
            raise ValueError("there is no such record where its summary says")
        return record
