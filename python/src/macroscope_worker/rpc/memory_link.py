"""Two links that are each other's other end, in one event loop. Frames are encoded as on any message link."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from .frame import FrameError, decode_frame, encode_frame
from .lanes import LaneQueue
from .link import ENOUGH_QUEUED_BYTES

if TYPE_CHECKING:
    from .frame import Frame
    from .link import LinkReceiver


class MemoryLink:
    """One end of a pair. `create_link_pair` makes them."""

    def __init__(self) -> None:
        self._queue = LaneQueue()
        self._receiver: LinkReceiver | None = None
        self._peer: MemoryLink | None = None
        self._early: list[bytes] = []
        self._scheduled = False
        self._congested = False
        self._closed = False

    @property
    def congested(self) -> bool:
        """Enough waits for the next turn of the event loop."""
        return self._queue.nbytes >= ENOUGH_QUEUED_BYTES

    def start(self, receiver: LinkReceiver) -> None:
        """Begin to deliver; what came before is delivered first."""
        self._receiver = receiver
        early, self._early = self._early, []
        for message in early:
            self.deliver(message)

    def send(self, frame: Frame) -> None:
        """Queue a frame for the next turn of the event loop."""
        if self._closed:
            return
        self._queue.push(frame)
        self._congested = self._congested or self.congested
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._flush)

    def forget(self, connection: int) -> None:
        """Drop what waits of a connection that was closed."""
        self._queue.forget(connection)

    def close(self, reason: str = "") -> None:
        """Deliver what waits, then close both ends."""
        if not self._closed:
            self._flush()
            self.abort(reason)

    def abort(self, reason: str) -> None:
        """Close both ends."""
        if self._closed:
            return
        self._closed = True
        self._queue.clear()
        if self._receiver is not None:
            self._receiver.link_closed(reason)
        if self._peer is not None:
            self._peer.abort(reason or "The other end closed the link.")

    def deliver(self, message: bytes) -> None:
        """Take in the bytes of one frame; bytes that are none close the link."""
        if self._closed:
            return
        if self._receiver is None:
            self._early.append(message)
            return
        try:
            frame = decode_frame(message)
        except FrameError as error:
            self.abort(f"The other side breaks framing: {error}")
            return
        self._receiver.frame_received(frame)

    def _flush(self) -> None:
        self._scheduled = False
        while not self._closed and self._peer is not None and (frame := self._queue.pop()) is not None:
            self._peer.deliver(encode_frame(frame))
        if self._congested and self._receiver is not None and not self._closed:
            self._congested = False
            self._receiver.link_writable()

    def join(self, peer: MemoryLink) -> None:
        """Make `peer` the other end."""
        self._peer = peer


def create_link_pair() -> tuple[MemoryLink, MemoryLink]:
    """Two ends of one link."""
    one, other = MemoryLink(), MemoryLink()
    one.join(other)
    other.join(one)
    return one, other
