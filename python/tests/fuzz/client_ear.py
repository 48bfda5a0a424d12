"""What a client with calls open does with the frames of a sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope.conformance.v1 import conformance_pb as pb
from macroscope.rpc.v1.options_pb import Role
from tests.fuzz.told import LAST, Told, in_order, told_of_frame

from macroscope_worker.rpc.connection import Connection
from macroscope_worker.rpc.connection_state import ConnectionState, Side
from macroscope_worker.rpc.events import (
    CallEnded,
    ConnectionDraining,
    ConnectionEnded,
    ConnectionOpened,
    MessageReceived,
)
from macroscope_worker.rpc.frame import decode_frame
from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.method_policy import methods_of

if TYPE_CHECKING:
    from macroscope_worker.rpc.events import Event

_METHODS = methods_of(pb.desc().services)
_CALL = _METHODS["/macroscope.conformance.v1.ConformanceService/Call"]
_STREAM = _METHODS["/macroscope.conformance.v1.ConformanceService/Stream"]


EXACT_TO = 2**53
"""The other side counts in numbers that are not exact beyond."""


def heard_by_client(frames: list[bytes]) -> str:
    """A part for each frame: what the client tells of, what it sends, and whether it closes."""
    connection = Connection(Side.CLIENT, Greeting(build="fuzzed", role=Role.UNSPECIFIED, label="fuzz"), now_ns=0)
    connection.take_frames()
    called = False
    parts = []
    for data in frames:
        events = connection.receive(decode_frame(data), 0)
        told = [line for event in events for line in _told_of_event(event)]
        told += [line for frame in connection.take_frames() for line in told_of_frame(frame)]
        if not called and connection.state is ConnectionState.OPEN:
            called = True
            for method, credit in ((_CALL, None), (_STREAM, None), (_STREAM, (1_000, 1_000_000)), (_CALL, None)):
                connection.start_call(method, bytes(2), now_ns=0, timeout_ms=0, credit=credit)
            connection.take_frames()
        parts.append(in_order(told))
    return " | ".join(parts)


def _told_of_event(event: Event) -> list[Told]:
    match event:
        case MessageReceived():
            skipped = min(event.skipped, EXACT_TO)
            got = Told(event.call, f"got {len(event.message)} {len(event.tail)} {skipped}")
            return [got, Told(event.call, "ended 0")] if event.last else [got]
        case CallEnded():
            return [Told(event.call, f"ended {int(event.code)}")]
        case ConnectionOpened():
            return [Told(0, "opened")]
        case ConnectionDraining():
            return [Told(0, "draining")]
        case ConnectionEnded():
            return [Told(LAST, f"closed {int(event.code) or 14}")]
    return []
