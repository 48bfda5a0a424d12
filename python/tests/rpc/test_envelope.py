from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.rpc.v1.frame_pb import Cancel, Envelope, Hello, Message, Open, Part, Ping
from protobuf import Oneof

from macroscope_worker.rpc.envelope import read_envelope
from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.outbox import ProtocolBreak


def frame(kind: Oneof[Any, Any] | None, tail: bytes = b"") -> Frame:
    return Frame(2, 1, Envelope(kind=kind).to_binary(), tail)


@pytest.mark.parametrize(
    "kind",
    [
        Oneof("message", Message(call=1)),
        Oneof("open", Open(call=1, method="/a/B")),
        Oneof("part", Part(call=1, frame_bytes=17)),
    ],
    ids=lambda kind: kind.field,
)
def test_three_kinds_carry_tails(kind: Oneof[Any, Any]) -> None:
    assert read_envelope(frame(kind, b"tail"), 1) == kind


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (frame(None), "required"),
        (Frame(2, 1, b"\xff"), "cannot be read"),
        (Frame(2, 1, b"\x63" * 101 + b"\x64" * 101), "cannot be read"),
        (frame(Oneof("hello", Hello(protocol_major=9)), b"tail"), "hello carries no tail"),
        (frame(Oneof("ping", Ping()), b"tail"), "ping carries no tail"),
        (frame(Oneof("message", Message(call=0))), "call"),
        (frame(Oneof("part", Part(call=1, frame_bytes=16))), "frame_bytes"),
        (frame(Oneof("cancel", Cancel(call=1, reason="x" * 1001))), "reason"),
    ],
)
def test_what_no_honest_peer_sends_breaks(broken: Frame, why: str) -> None:
    with pytest.raises(ProtocolBreak, match=why):
        read_envelope(broken, 1)


def test_a_hello_of_another_major_version_is_not_held_to_our_rules() -> None:
    hello = Hello(protocol_major=2, schema_digest="another form")
    assert read_envelope(frame(Oneof("hello", hello)), 1).value == hello
    with pytest.raises(ProtocolBreak):
        read_envelope(frame(Oneof("hello", hello)), 2)


@given(st.binary(max_size=60), st.binary(max_size=3))
def test_any_bytes_are_an_envelope_or_break(envelope: bytes, tail: bytes) -> None:
    try:
        kind = read_envelope(Frame(2, 1, envelope, tail), 1)
    except ProtocolBreak:
        return
    assert kind.field
