"""Envelopes that no honest client would send now."""

from __future__ import annotations

from macroscope.rpc.v1.frame_pb import Envelope, Open, Status
from macroscope.rpc.v1.options_pb import Lane
from protobuf import Oneof
from tests.rpc.pair import ECHO, Pair

from macroscope_worker.rpc.events import CallEnded
from macroscope_worker.rpc.frame import Frame


def sent(pair: Pair, kind: Oneof, tail: bytes = b"", lane: Lane = Lane.COMMAND) -> None:  # type: ignore[type-arg]
    """Have the server take in an envelope that no honest client would send now."""
    frame = Frame(int(lane), 1, Envelope(kind=kind).to_binary(), tail)
    pair.at_server += pair.server.receive(frame, pair.now_ns)
    pair.pump()


def answered(pair: Pair, kind: Oneof) -> Status:  # type: ignore[type-arg]
    """The same, and the status that the server answers with; the client never sees it."""
    pair.server.receive(Frame(int(Lane.COMMAND), 1, Envelope(kind=kind).to_binary()), pair.now_ns)
    [frame] = pair.server.take_frames()
    answer = Envelope.from_binary(frame.envelope).kind
    assert answer is not None
    assert isinstance(answer.value, Status)
    return answer.value


def opening(call: int, method: str = ECHO.path) -> Oneof:  # type: ignore[type-arg]
    return Oneof("open", Open(call=call, method=method, has_message=True, half_close=True))


def only_end(pair: Pair) -> CallEnded:
    [event] = pair.at_client
    assert isinstance(event, CallEnded)
    return event
