"""`events.mcap` while it is written: an MCAP file without chunks, so that it can be read however it was cut off.

The format is https://mcap.dev/spec. Records are appended and never changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mcap.writer import IndexType, Writer

from ._schema import descriptor_set
from ._topics import TOPICS

if TYPE_CHECKING:
    from pathlib import Path

    from protobuf import Message

    from macroscope_worker.recording import Moment, Storage

CLOCK_RECORD: Final = "macroscope.clock"
LAST_RECORD: Final = "macroscope.last"
PROFILE: Final = "macroscope"


class EventsFile:
    """A file being written, for one thread. Owned until `finish` or `abandon`; every method may raise OSError.

    After an error of the disk nothing more may be written: part of a record may be there.
    """

    def __init__(self, path: Path, *, run_id: str, started: Moment, library: str, storage: Storage) -> None:
        self._storage = storage
        self._started = started
        self._file, _ = storage.create(path)
        self._stream = _AppendedFile(self._file, storage)
        self._writer = Writer(
            self._stream,  # type: ignore[arg-type] # It asks for no more than write, tell and flush.
            use_chunking=False,
            index_types=IndexType.ALL,
            enable_data_crcs=True,
        )
        self._channels: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._unsynced = False
        self.messages = 0
        try:
            self._writer.start(PROFILE, library)
            clock = {
                "run_id": run_id,
                "started_unix_ns": str(started.unix_ns),
                "started_monotonic_ns": str(started.monotonic_ns),
            }
            self._writer.add_metadata(CLOCK_RECORD, clock)
            for topic, message_type in TOPICS.items():
                self._declare(topic, message_type)
            self.flush()
            self.sync()
        except BaseException:
            self.abandon()
            raise

    def add(self, topic: str, message_type: type[Message[Any]], data: bytes, *, at_ns: int, sequence: int) -> None:
        """Append a message of a moment on the worker's clock; `flush` hands it to the operating system."""
        channel = self._channels.get(topic)
        if channel is None:
            channel = self._declare(topic, message_type)
        unix_ns = max(0, self._started.unix_ns + at_ns - self._started.monotonic_ns)
        self._last[topic] = self._stream.tell()
        self._writer.add_message(channel, unix_ns, data, unix_ns, sequence & 0xFFFFFFFF)
        self.messages += 1
        self._unsynced = True

    def flush(self) -> None:
        """Hand what was added to the operating system: after this, only a loss of power loses it."""
        self._writer.flush()  # type: ignore[no-untyped-call]

    def sync(self) -> None:
        """Make what was flushed durable."""
        if self._unsynced:
            self._unsynced = False
            self._storage.sync(self._file)

    def finish(self) -> None:
        """End the file by its summary and make it durable."""
        self._writer.add_metadata(LAST_RECORD, {topic: str(offset) for topic, offset in self._last.items()})
        self._writer.finish()  # type: ignore[no-untyped-call]
        self._stream.flush()
        self._unsynced = True
        self.sync()
        self.abandon()

    def abandon(self) -> None:
        """Close the file as it is. Does nothing when it is closed."""
        if self._file >= 0:
            file, self._file = self._file, -1
            self._storage.close(file)

    def _declare(self, topic: str, message_type: type[Message[Any]]) -> int:
        schema = self._writer.register_schema(message_type.desc().type_name, "protobuf", descriptor_set(message_type))
        channel = self._writer.register_channel(topic, "protobuf", schema)
        # Else the offset of the message behind it would be that of the channel.
        self._writer.flush()  # type: ignore[no-untyped-call]
        self._channels[topic] = channel
        self._unsynced = True
        return channel


class _AppendedFile:
    """What the writer takes for a stream: bytes wait in memory until they are flushed."""

    def __init__(self, file: int, storage: Storage) -> None:
        self._file = file
        self._storage = storage
        self._waiting = bytearray()
        self._flushed = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def tell(self) -> int:
        return self._flushed + len(self._waiting)

    def flush(self) -> None:
        if self._waiting:
            data, self._waiting = bytes(self._waiting), bytearray()
            self._storage.append(self._file, data)
            self._flushed += len(data)
