"""What links over a byte stream have in common: a queue by lanes, which is written as fast as the medium takes it."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from .lanes import LaneQueue
from .link import CLOSE_WITHIN_S, ENOUGH_QUEUED_BYTES, MOST_QUEUED_BYTES

if TYPE_CHECKING:
    from .frame import Frame
    from .link import LinkReceiver

LOG = logging.getLogger(__name__)


class QueuedLink(ABC):
    """Queues frames and writes what waits. A subclass owns the medium."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._receiver: LinkReceiver | None = None
        self._queue = LaneQueue()
        self._full = False
        """The medium takes nothing now; the subclass writes again when it does."""
        self._scheduled = False
        self._was_congested = False
        self._closing: str | None = None
        self._closed = False

    @property
    def congested(self) -> bool:
        """Enough waits to be written."""
        return self._queue.nbytes >= ENOUGH_QUEUED_BYTES

    def send(self, frame: Frame) -> None:
        """Queue a frame; it leaves at the end of this turn of the event loop, unless others are more urgent."""
        if self._closed or self._closing is not None:
            return
        self._queue.push(frame)
        if self._queue.nbytes >= ENOUGH_QUEUED_BYTES:
            self._was_congested = True
            if self._queue.nbytes > MOST_QUEUED_BYTES:
                self.abort("The other side does not read.")
                return
        if not self._scheduled and not self._full:
            self._scheduled = True
            self._loop.call_soon(self._write)

    def forget(self, connection: int) -> None:
        """Drop what waits of a connection that was closed."""
        self._queue.forget(connection)

    def close(self, reason: str = "") -> None:
        """Write what waits, but not for ever, then close."""
        if self._closed or self._closing is not None:
            return
        self._closing = reason
        self._stop_reading()
        self._loop.call_later(CLOSE_WITHIN_S, self.abort, reason)
        self._write()

    @abstractmethod
    def abort(self, reason: str) -> None:
        """Close at once."""

    @abstractmethod
    def _stop_reading(self) -> None:
        """What still comes is of no interest."""

    @abstractmethod
    def _write_waiting(self) -> bool:
        """Hand the medium what it takes, and set `_full` when it takes no more. True when nothing is left to hand."""

    @abstractmethod
    def _end(self, reason: str) -> None:
        """Close now that everything is written."""

    def _deliver(self, frame: Frame) -> None:
        """Hand a frame on. A mistake in whoever takes it ends the link: frames behind it would be lost unseen."""
        assert self._receiver is not None  # Reading begins with the receiver.
        try:
            self._receiver.frame_received(frame)
        except Exception:
            LOG.exception("a frame could not be handled")
            self.abort("A mistake in the program ended the link.")

    def _tell_closed(self, reason: str) -> None:
        """Say that the link is closed; what waits is dropped."""
        self._closed = True
        self._queue.clear()
        if self._receiver is not None:
            self._receiver.link_closed(reason)

    def _write(self) -> None:
        self._scheduled = False
        if self._closed:
            return
        written = self._write_waiting()
        if self._was_congested and not self.congested and not self._closed:
            self._was_congested = False
            if self._receiver is not None and self._closing is None:
                self._receiver.link_writable()
        if self._closing is not None and written and not self._closed:
            self._end(self._closing)
