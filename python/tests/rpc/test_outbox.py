from __future__ import annotations

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.rpc.v1.errors_pb import LimitExceeded
from macroscope.rpc.v1.frame_pb import Envelope, Message, Ping
from macroscope.rpc.v1.options_pb import Lane
from protobuf import Oneof

from macroscope_worker.rpc.outbox import Outbox, check_message_fits
from macroscope_worker.rpc.protocol import PROTOCOL


def numbers(outbox: Outbox) -> list[int]:
    found = []
    for frame in outbox.take():
        kind = Envelope.from_binary(frame.envelope).kind
        assert kind is not None
        assert isinstance(kind.value, Ping)
        found.append(kind.value.sent_ns)
    return found


def ping(outbox: Outbox, number: int) -> None:
    outbox.put(Lane.COMMAND, Oneof("ping", Ping(sent_ns=number)))


def test_keeps_back_what_is_put_after_hold_and_lets_it_go_in_order() -> None:
    outbox = Outbox(1)
    ping(outbox, 1)
    outbox.hold()
    ping(outbox, 2)
    outbox.hold()
    ping(outbox, 3)
    assert numbers(outbox) == [1]
    outbox.release()
    ping(outbox, 4)
    assert numbers(outbox) == [2, 3, 4]
    assert numbers(outbox) == []


def test_frames_carry_connection_lane_and_tail() -> None:
    outbox = Outbox(7)
    outbox.put(Lane.FRAME, Oneof("message", Message(call=1)), b"tail")
    [frame] = outbox.take()
    assert (frame.connection, frame.lane, frame.tail) == (7, Lane.FRAME, b"tail")


def test_what_is_too_large_is_refused_with_the_limit() -> None:
    with pytest.raises(ConnectError) as caught:
        Outbox(1).put(Lane.FRAME, Oneof("message", Message(call=1)), bytes(PROTOCOL.max_frame_bytes))
    assert caught.value.code is Code.RESOURCE_EXHAUSTED
    detail = caught.value.details[0].value(LimitExceeded)
    assert detail is not None
    assert detail.limit == "max_frame_bytes"


def test_a_message_that_fits_always_makes_a_frame_that_travels() -> None:
    most = PROTOCOL.max_frame_bytes - 128
    check_message_fits(0, most)
    message = Message(call=2**32 - 1, skipped=2**64 - 1)
    Outbox(1).put(Lane.FRAME, Oneof("message", message), bytes(most))
    with pytest.raises(ConnectError):
        check_message_fits(1, most)
