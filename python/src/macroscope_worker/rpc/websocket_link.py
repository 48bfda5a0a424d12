"""A link over a WebSocket: one frame a binary message, of the `websockets` library on either side."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from websockets.exceptions import ConnectionClosed, PayloadTooBig, ProtocolError
from websockets.frames import CloseCode

from .frame import FrameError, decode_frame, encode_frame
from .lanes import LaneQueue
from .link import ENOUGH_QUEUED_BYTES

if TYPE_CHECKING:
    from websockets.asyncio.connection import Connection

    from .frame import Frame
    from .link import LinkReceiver

LOG = logging.getLogger(__name__)

IN_TRANSPORT_BYTES: Final = 64 * 1024
"""With more than this in the transport the next frame waits here: what the transport holds, no urgent frame passes."""

MOST_WAITING_BYTES: Final = 8 * 1024 * 1024
"""A peer that lets so much wait is dropped, before the next frame is added."""

READ_WITHIN_S: Final = 10.0
"""A peer that takes longer for one frame does not read any more."""

MOST_FRAGMENTS: Final = 128
"""Browsers cut a message of 1 MiB into some sixteen pieces."""

_MISTAKE: Final = "A mistake in the program ended the link."

_MOST_REASON_BYTES: Final = 123
"""What a close frame can carry."""


class WebSocketLink:
    """Owns the WebSocket, whose handshake is over. The library's limits on it are the affair of whoever made it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._receiver: LinkReceiver | None = None
        self._queue = LaneQueue()
        self._filled = asyncio.Event()
        self._was_congested = False
        self._closing: str | None = None
        self._closed = False
        self._ended: asyncio.Future[None] = self._loop.create_future()
        # Strong references: the loop holds tasks weakly.
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def congested(self) -> bool:
        """Enough waits to be written."""
        return self._queue.nbytes >= ENOUGH_QUEUED_BYTES

    def start(self, receiver: LinkReceiver) -> None:
        """Begin to deliver; the library has kept what came before."""
        self._receiver = receiver
        self._tasks += [self._loop.create_task(self._read()), self._loop.create_task(self._write())]

    async def ended(self) -> None:
        """Wait until the socket itself is closed."""
        await asyncio.shield(self._ended)

    def send(self, frame: Frame) -> None:
        """Queue a frame by its lane."""
        if self._closed or self._closing is not None:
            return
        if self._queue.nbytes > MOST_WAITING_BYTES:
            self._drop("The other side does not read.")
            return
        self._queue.push(frame)
        self._was_congested = self._was_congested or self.congested
        self._filled.set()

    def forget(self, connection: int) -> None:
        """Drop the frames of a connection that wait: it was closed."""
        self._queue.forget(connection)
        self._note_room()

    def close(self, reason: str = "") -> None:
        """Write what waits, as long as the peer reads, then close."""
        if self._closed or self._closing is not None:
            return
        self._closing = reason
        self._filled.set()

    def abort(self, reason: str) -> None:
        """Close at once. What waits is dropped; the close frame says why."""
        self._close(CloseCode.POLICY_VIOLATION, reason)

    def _close(self, code: CloseCode, reason: str) -> None:
        if self._tell_closed(reason):
            self._tasks.append(self._loop.create_task(self._connection.close(code, _short(reason))))

    def _drop(self, reason: str) -> None:
        """Close without a word, to a peer that would not read it."""
        if self._tell_closed(reason):
            self._connection.transport.abort()

    def _tell_closed(self, reason: str) -> bool:
        """Say once that the link is closed; true the first time."""
        if self._closed:
            return False
        self._closed = True
        self._queue.clear()
        self._filled.set()
        if self._receiver is not None:
            self._receiver.link_closed(reason)
        return True

    async def _read(self) -> None:
        try:
            while True:
                message = await self._message()
                # After the end the library still needs a reader, so that the other side's close frame gets through.
                if message is not None and not self._closed and self._closing is None:
                    self._deliver(message)
        except ConnectionClosed as error:
            self._tell_closed(_why_closed(error))
        except Exception:
            LOG.exception("the link cannot be read")
            self._close(CloseCode.INTERNAL_ERROR, _MISTAKE)
        finally:
            self._ended.set_result(None)

    async def _message(self) -> bytes | None:
        """The next message; None for one that closed the link."""
        fragments: list[bytes] = []
        async for fragment in self._connection.recv_streaming():
            if isinstance(fragment, str):
                self._close(CloseCode.UNSUPPORTED_DATA, "A text message came; frames are binary.")
            elif len(fragments) >= MOST_FRAGMENTS:
                self._close(CloseCode.MESSAGE_TOO_BIG, f"A message came in more than {MOST_FRAGMENTS} fragments.")
            else:
                fragments.append(fragment)
        return None if self._closed else b"".join(fragments)

    def _deliver(self, message: bytes) -> None:
        assert self._receiver is not None  # Reading begins with the receiver.
        try:
            frame = decode_frame(message)
        except FrameError as error:
            self._close(CloseCode.PROTOCOL_ERROR, f"The other side breaks framing: {error}")
            return
        try:
            self._receiver.frame_received(frame)
        except Exception:
            LOG.exception("a frame could not be handled")
            self._close(CloseCode.INTERNAL_ERROR, _MISTAKE)

    async def _write(self) -> None:
        try:
            while not self._closed:
                frame = self._queue.pop()
                if frame is not None:
                    async with asyncio.timeout(READ_WITHIN_S):
                        await self._connection.send(encode_frame(frame))
                    self._note_room()
                elif self._closing is not None:
                    self._close(CloseCode.NORMAL_CLOSURE, self._closing)
                else:
                    self._filled.clear()
                    await self._filled.wait()
        except ConnectionClosed:
            pass  # The reader tells.
        except TimeoutError:
            self._drop("The other side does not read.")
        except Exception:  # Else the link would stay, and nothing leave on it.
            LOG.exception("the link cannot be written")
            self._close(CloseCode.INTERNAL_ERROR, _MISTAKE)

    def _note_room(self) -> None:
        if self._was_congested and not self.congested:
            self._was_congested = False
            if self._receiver is not None and self._closing is None and not self._closed:
                self._receiver.link_writable()


def _why_closed(error: ConnectionClosed) -> str:
    """A sentence about an end that was not ours."""
    cause = error.__cause__
    if isinstance(cause, PayloadTooBig | ProtocolError):
        return f"The other side breaks the WebSocket protocol: {cause}."
    if error.rcvd is not None:
        said = f": {error.rcvd.reason!r}" if error.rcvd.reason else ""
        return f"The other side closed the link with code {error.rcvd.code}{said}."
    if isinstance(cause, OSError) and cause.strerror:
        return f"The link failed: {cause.strerror}."
    return "The other side closed the link without a word."


def _short(reason: str) -> str:
    """What of the reason fits into a close frame."""
    return reason.encode()[:_MOST_REASON_BYTES].decode(errors="ignore")
