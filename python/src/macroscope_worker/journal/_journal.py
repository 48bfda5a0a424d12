"""The journal of the run that is recorded."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final

from macroscope.notification.v1.notification_pb import Severity

from macroscope_worker.clock import clock_ns
from macroscope_worker.recording import EventsInfo, Storage

from ._journal_thread import JournalThread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from protobuf import Message

    from macroscope_worker.recording import Fault, Moment

    Tell = Callable[[Severity, str, str, str], object]

log = logging.getLogger(__name__)

MOST_WAITING_BYTES: Final = 16 << 20
MOST_WAITING_MESSAGES: Final = 20_000
CLOSE_WITHIN_S: Final = 20.0
"""For a disk that hangs: the rest of the recording has to be ended too."""


class Journal:
    """Keeps what happens while a run is recorded, as a companion of the engine. Thread-safe.

    `tell` posts a notification of the recording: severity, code, message and remedy. It may come from any thread.
    """

    def __init__(
        self,
        *,
        tell: Tell = lambda _severity, _code, _message, _remedy: None,
        storage: Storage | None = None,
        clock: Callable[[], int] = clock_ns,
        sync_interval_s: float = 0.5,
        most_waiting_bytes: int = MOST_WAITING_BYTES,
        most_waiting_messages: int = MOST_WAITING_MESSAGES,
        close_within_s: float = CLOSE_WITHIN_S,
    ) -> None:
        self._tell = tell
        self._storage = storage or Storage()
        self._clock = clock
        self._sync_interval_s = sync_interval_s
        self._most_waiting_bytes = most_waiting_bytes
        self._most_waiting_messages = most_waiting_messages
        self._close_within_s = close_within_s
        self._lock = threading.Lock()
        self._thread: JournalThread | None = None
        self._on_opened: list[Callable[[], None]] = []
        self._on_closing: list[Callable[[], None]] = []

    @property
    def run_id(self) -> str:
        """Of the run that is recorded; empty: none is."""
        thread = self._thread
        return "" if thread is None else thread.run_id

    def write(self, topic: str, message: Message[Any], at_ns: int | None = None) -> None:
        """Keep a message in the run that is recorded; without one it is dropped. Never waits.

        `at_ns` is the moment it belongs to on the worker's clock, now when it is left out. The message may change
        afterwards: its bytes are taken now.
        """
        thread = self._thread
        if thread is not None:
            thread.add(topic, type(message), message.to_binary(), self._clock() if at_ns is None else at_ns)

    def write_file(self, name: str, text: str) -> None:
        """Put a text file into the run folder beside the journal; without a run it is dropped. Never waits."""
        thread = self._thread
        if thread is not None:
            thread.add_file(name, text.encode())

    def on_opened(self, listener: Callable[[], None]) -> None:
        """Have `listener` called, on any thread, whenever a journal has been opened: to write how things stand."""
        with self._lock:
            self._on_opened.append(listener)

    def on_closing(self, listener: Callable[[], None]) -> None:
        """Have `listener` called, on any thread, before a journal is closed: to write what is not written yet."""
        with self._lock:
            self._on_closing.append(listener)

    # For the engine.

    def opened(self, run_id: str, directory: Path, started: Moment) -> None:
        """A run folder is there. Does not raise: a journal that cannot be written is a notification."""
        thread = JournalThread(
            run_id,
            directory,
            started,
            storage=self._storage,
            sync_interval_s=self._sync_interval_s,
            most_waiting_bytes=self._most_waiting_bytes,
            most_waiting_messages=self._most_waiting_messages,
            on_fault=self._failed,
            on_loss=self._lost,
        )
        with self._lock:
            self._thread = thread
            listeners = tuple(self._on_opened)
        thread.start()
        _call(listeners)

    def closing(self) -> EventsInfo | None:
        """The run ends: write what waits, end the file, and say what became of it."""
        with self._lock:
            listeners = tuple(self._on_closing)
        _call(listeners)
        with self._lock:
            thread, self._thread = self._thread, None
        return None if thread is None else thread.close(self._close_within_s)

    def _failed(self, fault: Fault) -> None:
        self._tell(
            Severity.ERROR,
            "journal_failed",
            f"What happens beside the frames is no longer recorded in this run. {fault.message}",
            fault.remedy or "End the run, and look at the disk.",
        )

    def _lost(self, messages: int) -> None:
        self._tell(
            Severity.WARNING,
            "journal_behind",
            f"The disk is too slow for the journal of this run: {messages} messages are lost so far. "
            "Frames are not affected.",
            "Record to a faster disk, and look at the flips of this run before you use it.",
        )


def _call(listeners: Sequence[Callable[[], None]]) -> None:
    for listener in listeners:
        try:
            listener()
        except Exception:
            log.exception("Something that a listener writes is not in the journal")
