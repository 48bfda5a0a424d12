from __future__ import annotations

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.rpc.v1 import frame_pb
from macroscope.rpc.v1.errors_pb import LimitExceeded

from macroscope_worker.rpc.status import WIRE_CODES, code_of, error_details, error_of


@pytest.mark.parametrize("code", list(Code))
def test_every_code_has_its_number(code: Code) -> None:
    assert code_of(WIRE_CODES[code]) is code
    assert WIRE_CODES[code].name == code.name


def test_there_are_sixteen() -> None:
    assert sorted(WIRE_CODES.values()) == list(range(1, 17))
    assert code_of(99) is Code.UNKNOWN
    assert code_of(frame_pb.Code.UNSPECIFIED) is Code.UNKNOWN


def test_details_survive_the_way() -> None:
    detail = LimitExceeded(limit="max_open_calls", allowed=3, found=4)
    sent = error_details(ConnectError(Code.RESOURCE_EXHAUSTED, "too many", [detail]))
    assert sent[0].type_url == "type.googleapis.com/macroscope.rpc.v1.LimitExceeded"
    error = error_of(frame_pb.Code.RESOURCE_EXHAUSTED, "too many", sent)
    assert error.code is Code.RESOURCE_EXHAUSTED
    assert error.details[0].value(LimitExceeded) == detail
