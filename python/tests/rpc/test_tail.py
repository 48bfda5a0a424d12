from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from macroscope.camera.v1 import camera_pb
from macroscope.camera.v1.camera_pb import PreviewFrame, WatchPreviewResponse
from macroscope.diagnostics.v1 import diagnostics_pb
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, FloodResponse
from tests.rpc.vectors import load, names

from macroscope_worker.rpc.tail import TailError, decode_message, encode_message, tail_path

if TYPE_CHECKING:
    from protobuf import Message

CASES = load("tails.json")
TYPES: dict[str, type[Message[Any]]] = {
    message.type_name: message.type for file in (camera_pb, diagnostics_pb) for message in file.desc().messages
}


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_takes_the_tail_out_as_the_vectors_say(case: dict[str, Any]) -> None:
    message = TYPES[case["type"]].from_json(json.dumps(case["message"]))
    data, tail = encode_message(message)
    assert (data.hex(), bytes(tail).hex()) == (case["encoded"], case["tail"])


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_sets_the_tail_again_as_the_vectors_say(case: dict[str, Any]) -> None:
    message_type = TYPES[case["type"]]
    message = decode_message(message_type, bytes.fromhex(case["encoded"]), bytes.fromhex(case["tail"]))
    assert message == message_type.from_json(json.dumps(case["message"]))


def test_the_path_comes_from_the_schema() -> None:
    assert tail_path(WatchPreviewResponse) == ("frame", "pixels")
    assert tail_path(FloodResponse) == ("block",)
    assert tail_path(EchoRequest) == ()


def test_the_message_of_the_caller_stays_as_it_is() -> None:
    message = WatchPreviewResponse(frame=PreviewFrame(frame_id=3, pixels=b"abc"))
    encode_message(message)
    assert message.frame is not None
    assert message.frame.pixels == b"abc"


def test_the_tail_is_not_copied() -> None:
    pixels = np.arange(6, dtype="<u2").reshape(2, 3)
    message = FloodResponse(block=pixels.data.cast("B"))  # type: ignore[arg-type]
    _, tail = encode_message(message)
    pixels[0, 0] = 0xABCD
    assert bytes(tail[:2]) == b"\xcd\xab"


def test_the_tail_is_set_as_a_view() -> None:
    memory = bytearray(b"xyz")
    message = decode_message(FloodResponse, b"", memoryview(memory))
    memory[0] = ord("a")
    assert isinstance(message, FloodResponse)
    assert bytes(message.block) == b"ayz"


def test_a_tail_for_a_message_without_one_is_refused() -> None:
    with pytest.raises(TailError):
        decode_message(EchoRequest, b"", b"tail")


def test_a_tail_for_a_nested_message_that_is_not_set_is_refused() -> None:
    with pytest.raises(TailError, match="frame is not set"):
        decode_message(WatchPreviewResponse, b"", b"pixels")
