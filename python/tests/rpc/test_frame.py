from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.rpc.v1 import errors_pb
from macroscope.rpc.v1.frame_pb import Envelope
from macroscope.rpc.v1.link_pb import LinkEnvelope
from protobuf import Registry
from tests.rpc.pair import SERVER, Pair
from tests.rpc.vectors import load, names

from macroscope_worker.rpc.connection import Connection
from macroscope_worker.rpc.connection_state import ConnectionState, Side
from macroscope_worker.rpc.frame import (
    ALIGNMENT,
    HEADER_BYTES,
    Frame,
    FrameError,
    FrameFault,
    decode_frame,
    decode_header,
    encode_frame,
)
from macroscope_worker.rpc.protocol import PROTOCOL

FRAMES = load("frames.json")
MALFORMED = load("malformed.json")
REGISTRY = Registry(errors_pb.desc())

frames = st.builds(
    Frame,
    lane=st.integers(1, 4),
    connection=st.integers(0, 2**32 - 1),
    envelope=st.binary(max_size=300),
    tail=st.binary(max_size=300),
)


def envelope_type(case: dict[str, Any]) -> type[Envelope | LinkEnvelope]:
    return LinkEnvelope if case["type"].endswith("LinkEnvelope") else Envelope


@pytest.mark.parametrize("case", FRAMES, ids=names(FRAMES))
def test_reads_the_golden_frames(case: dict[str, Any]) -> None:
    frame = decode_frame(bytes.fromhex(case["hex"]))
    header = case["header"]
    assert (frame.lane, frame.connection) == (header["lane"], header["connection"])
    assert (len(frame.envelope), len(frame.tail)) == (header["envelopeBytes"], header["tailBytes"])
    assert bytes(frame.tail).hex() == case["tail"]
    message = envelope_type(case).from_binary(frame.envelope)
    assert message == envelope_type(case).from_json(case_json(case), registry=REGISTRY)


@pytest.mark.parametrize("case", FRAMES, ids=names(FRAMES))
def test_writes_the_golden_frames(case: dict[str, Any]) -> None:
    message = envelope_type(case).from_json(case_json(case), registry=REGISTRY)
    frame = Frame(
        case["header"]["lane"], case["header"]["connection"], message.to_binary(), bytes.fromhex(case["tail"])
    )
    assert encode_frame(frame).hex() == case["hex"]


def case_json(case: dict[str, Any]) -> str:
    return json.dumps(case["envelope"])


@pytest.mark.parametrize("case", MALFORMED, ids=names(MALFORMED))
def test_refuses_the_malformed_frames(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["hex"])
    if case["verdict"] == "envelope":
        connection = Connection(Side.SERVER, SERVER, now_ns=0)
        connection.receive(decode_frame(data), 0)
        assert connection.state is ConnectionState.CLOSED
        return
    with pytest.raises(FrameError) as caught:
        decode_frame(data)
    assert caught.value.fault == case["verdict"]


@given(frames)
def test_decodes_what_it_encodes(frame: Frame) -> None:
    data = encode_frame(frame)
    assert len(data) == frame.nbytes
    decoded = decode_frame(data)
    assert (decoded.lane, decoded.connection) == (frame.lane, frame.connection)
    assert bytes(decoded.envelope) == frame.envelope
    assert bytes(decoded.tail) == frame.tail
    if frame.tail:
        assert (len(data) - len(frame.tail)) % ALIGNMENT == 0


@given(st.binary(max_size=80))
def test_any_bytes_are_a_frame_or_a_fault(data: bytes) -> None:
    try:
        frame = decode_frame(data)
    except FrameError:
        return
    assert encode_frame(Frame(frame.lane, frame.connection, bytes(frame.envelope), bytes(frame.tail))) == data


@given(frames, st.data())
def test_a_flipped_byte_of_header_or_padding_is_noticed_or_changes_the_frame(frame: Frame, data: st.DataObject) -> None:
    encoded = bytearray(encode_frame(frame))
    at = data.draw(st.integers(0, HEADER_BYTES - 1))
    encoded[at] ^= data.draw(st.integers(1, 255))
    try:
        changed = decode_frame(encoded)
    except FrameError:
        return
    assert (changed.lane, changed.connection, len(changed.envelope), len(changed.tail)) != (
        frame.lane,
        frame.connection,
        len(frame.envelope),
        len(frame.tail),
    )


def test_the_largest_frame_travels_and_one_byte_more_does_not() -> None:
    most = PROTOCOL.max_frame_bytes - HEADER_BYTES
    header = encode_frame(Frame(1, 1, b""))[:8]
    assert decode_header(header + most.to_bytes(4, "little") + bytes(4)).frame_bytes == PROTOCOL.max_frame_bytes
    with pytest.raises(FrameError) as caught:
        decode_header(header + (most + 1).to_bytes(4, "little") + bytes(4))
    assert caught.value.fault is FrameFault.TOO_LARGE


def test_pair_speaks() -> None:
    pair = Pair()
    pair.pump()
    assert pair.client.state is pair.server.state is ConnectionState.OPEN
