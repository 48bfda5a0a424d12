"""The thread that writes the journal of one run, and the queue before it."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from macroscope.acquisition.v1.journal_pb import JournalGap

from macroscope_worker.recording import EventsInfo, Fault, RunPaths, disk_fault, software_version

from ._events_file import EventsFile
from ._topics import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from protobuf import Message

    from macroscope_worker.recording import Moment, Storage

log = logging.getLogger(__name__)

_TELL_LOSS_EVERY_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Event:
    topic: str
    message_type: type[Message[Any]]
    data: bytes
    at_ns: int
    sequence: int


@dataclass(frozen=True, slots=True)
class _TextFile:
    name: str
    data: bytes


class JournalThread:
    """Writes what is added until `close`. `on_fault` and `on_loss` are called from it, the first at most once.

    What does not find room is counted: its numbers are missing in the file, and a JournalGap stands where it would be.
    """

    def __init__(
        self,
        run_id: str,
        directory: Path,
        started: Moment,
        *,
        storage: Storage,
        sync_interval_s: float,
        most_waiting_bytes: int,
        most_waiting_messages: int,
        on_fault: Callable[[Fault], None],
        on_loss: Callable[[int], None],
    ) -> None:
        self.run_id = run_id
        self._directory = directory
        self._started = started
        self._storage = storage
        self._sync_interval_s = sync_interval_s
        self._most_waiting_bytes = most_waiting_bytes
        self._most_waiting_messages = most_waiting_messages
        self._on_fault = on_fault
        self._on_loss = on_loss
        self._changed = threading.Condition()
        self._waiting: deque[_Event | _TextFile] = deque()
        self._waiting_bytes = 0
        self._sequences: dict[str, int] = {}
        self._lost = self._lost_before = 0
        self._gap: JournalGap | None = None
        self._closing = False
        self._fault: Fault | None = None
        self._file: EventsFile | None = None
        self._loss_told_s = float("-inf")
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def add(self, topic: str, message_type: type[Message[Any]], data: bytes, at_ns: int) -> None:
        """Take a message. Never waits."""
        with self._changed:
            if self._closing:
                return
            sequence = self._number(topic)
            if self._fault is not None or not self._has_room(len(data)):
                self._lose(at_ns)
                return
            if self._gap is not None:
                self._put(self._end_gap(self._gap))
            self._put(_Event(topic, message_type, data, at_ns, sequence))

    def add_file(self, name: str, data: bytes) -> None:
        """Take a file for the run folder. Never waits."""
        with self._changed:
            if not self._closing and self._fault is None:
                self._put(_TextFile(name, data))

    def close(self, within_s: float) -> EventsInfo:
        """Take nothing more, write what waits, and end the file; says how it went, at the latest after so long."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(within_s)
        with self._changed:
            if self._thread.is_alive() and self._fault is None:
                self._fault = Fault(
                    f"The disk of {self._directory} did not take the journal within {within_s:.0f} s.",
                    "Check the disk. What was written of events.mcap before can be read.",
                )
            written = 0 if self._file is None else self._file.messages
            return EventsInfo(written, sum(self._sequences.values()) - written, self._fault)

    # With the lock held.

    def _has_room(self, nbytes: int) -> bool:
        return (
            len(self._waiting) < self._most_waiting_messages
            and self._waiting_bytes + nbytes <= self._most_waiting_bytes
        )

    def _put(self, item: _Event | _TextFile) -> None:
        self._waiting.append(item)
        self._waiting_bytes += len(item.data)
        self._changed.notify_all()

    def _number(self, topic: str) -> int:
        number = self._sequences.get(topic, 0)
        self._sequences[topic] = number + 1
        return number

    def _end_gap(self, gap: JournalGap) -> _Event:
        self._gap = None
        return _Event(JOURNAL, JournalGap, gap.to_binary(), gap.last_ns, self._number(JOURNAL))

    def _lose(self, at_ns: int) -> None:
        self._lost += 1
        if self._gap is None:
            self._gap = JournalGap(first_ns=at_ns)
        self._gap.lost_messages += 1
        self._gap.last_ns = at_ns

    # On the thread.

    def _run(self) -> None:
        try:
            self._file = EventsFile(
                RunPaths(self._directory).events,
                run_id=self.run_id,
                started=self._started,
                library=f"macroscope-worker {software_version()}",
                storage=self._storage,
            )
            self._write_until_closed(self._file)
            self._file.finish()
        except BaseException as error:  # noqa: BLE001 - whatever it is ends the journal, with words
            self._give_up(error)

    def _write_until_closed(self, file: EventsFile) -> None:
        synced_s = time.monotonic()
        closing = False
        while not closing:
            items, closing = self._take()
            for item in items:
                if isinstance(item, _TextFile):
                    self._storage.replace(self._directory / item.name, item.data)
                else:
                    file.add(item.topic, item.message_type, item.data, at_ns=item.at_ns, sequence=item.sequence)
            file.flush()
            if time.monotonic() - synced_s >= self._sync_interval_s:
                file.sync()
                synced_s = time.monotonic()
            self._tell_loss()

    def _take(self) -> tuple[list[_Event | _TextFile], bool]:
        """What waits, after a while at the latest; and whether it is the last."""
        with self._changed:
            if not self._waiting and not self._closing:
                self._changed.wait(self._sync_interval_s)
            items, self._waiting = list(self._waiting), deque()
            self._waiting_bytes = 0
            if self._closing and self._gap is not None:
                items.append(self._end_gap(self._gap))
            return items, self._closing

    def _tell_loss(self) -> None:
        with self._changed:
            lost = self._lost
        if lost > self._lost_before and time.monotonic() - self._loss_told_s >= _TELL_LOSS_EVERY_S:
            self._lost_before, self._loss_told_s = lost, time.monotonic()
            self._on_loss(lost)

    def _give_up(self, error: BaseException) -> None:
        log.error("The journal of %s ends: %s", self.run_id, error, exc_info=error)
        fault = disk_fault(error, self._directory)
        with self._changed:
            first = self._fault is None
            self._fault = self._fault or fault
            self._waiting.clear()
            self._waiting_bytes = 0
        try:
            if self._file is not None:
                self._file.abandon()
        except OSError:
            log.exception("The journal of %s was not closed", self.run_id)
        if first:
            self._on_fault(fault)
