"""Frames that a connection wants sent, until its shell takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.rpc.v1.errors_pb import LimitExceeded
from macroscope.rpc.v1.frame_pb import Envelope

from .frame import Frame
from .protocol import PROTOCOL

if TYPE_CHECKING:
    from macroscope.rpc.v1.options_pb import Lane
    from protobuf import Oneof

    from .frame import Bytes


class ProtocolBreak(Exception):
    """The peer does what the protocol does not allow. Ends the connection with INVALID_ARGUMENT."""


_MOST_FRAME_BYTES: Final = PROTOCOL.max_frame_bytes
_AROUND_MESSAGE_BYTES: Final = 128
"""More than the header, the padding and the fields around a message take."""


def check_message_fits(message_bytes: int, tail_bytes: int) -> None:
    """Raise ConnectError RESOURCE_EXHAUSTED when a message would make a frame larger than what may travel."""
    _check_fits(message_bytes + tail_bytes + _AROUND_MESSAGE_BYTES, _MOST_FRAME_BYTES)


def _check_fits(nbytes: int, most_bytes: int) -> None:
    if nbytes > most_bytes:
        name = "max_frame_bytes" if most_bytes == _MOST_FRAME_BYTES else "max_request_bytes"
        raise ConnectError(
            Code.RESOURCE_EXHAUSTED,
            f"The message makes a frame of {nbytes} bytes; {most_bytes} is the most.",
            [LimitExceeded(limit=name, allowed=most_bytes, found=nbytes)],
        )


class Outbox:
    """Makes frames of one connection."""

    def __init__(self, connection: int) -> None:
        self._connection = connection
        self._frames: list[Frame] = []
        self._held: list[Frame] | None = None

    def put(
        self, lane: Lane | int, kind: Oneof[Any, Any], tail: Bytes = b"", *, most_bytes: int = _MOST_FRAME_BYTES
    ) -> None:
        """Make a frame and add it."""
        self.add(self.make(lane, kind, tail, most_bytes=most_bytes))

    def make(
        self, lane: Lane | int, kind: Oneof[Any, Any], tail: Bytes = b"", *, most_bytes: int = _MOST_FRAME_BYTES
    ) -> Frame:
        """Make a frame. Raises ConnectError RESOURCE_EXHAUSTED when it is larger than what may travel."""
        frame = Frame(int(lane), self._connection, Envelope(kind=kind).to_binary(), tail)
        if frame.nbytes > most_bytes:
            _check_fits(frame.nbytes, most_bytes)
        return frame

    def add(self, frame: Frame) -> None:
        """Add a frame."""
        if self._held is None:
            self._frames.append(frame)
        else:
            self._held.append(frame)

    def hold(self) -> None:
        """Keep back what is put from now on."""
        if self._held is None:
            self._held = []

    def discard_held(self) -> None:
        """Drop what was kept back, and keep nothing back any more."""
        self._held = None

    def release(self) -> None:
        """Let go of what was kept back."""
        if self._held is not None:
            self._frames += self._held
            self._held = None

    def take(self) -> list[Frame]:
        """Hand over what may be sent."""
        frames, self._frames = self._frames, []
        return frames
