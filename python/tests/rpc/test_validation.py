from __future__ import annotations

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.camera.v1.camera_pb import ConfigureCameraRequest
from macroscope.camera.v1.settings_pb import CameraSettings, RegionOfInterest
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest
from macroscope.rpc.v1.errors_pb import InvalidFields

from macroscope_worker.rpc.validation import decode_valid


def invalid(message_type: type[EchoRequest | ConfigureCameraRequest], data: bytes, tail: bytes = b"") -> InvalidFields:
    with pytest.raises(ConnectError) as caught:
        decode_valid(message_type, data, tail)
    assert caught.value.code is Code.INVALID_ARGUMENT
    detail = caught.value.details[0].value(InvalidFields)
    assert isinstance(detail, InvalidFields)
    return detail


def test_names_the_fields_by_their_paths() -> None:
    settings = CameraSettings(exposure_us=-1, region_of_interest=RegionOfInterest(width_px=0))
    detail = invalid(ConfigureCameraRequest, ConfigureCameraRequest(settings=settings).to_binary())
    assert detail.message_type == "macroscope.camera.v1.ConfigureCameraRequest"
    assert [violation.field for violation in detail.violations] == [
        "settings.exposure_us",
        "settings.region_of_interest.width_px",
    ]
    assert all(violation.rule and violation.message for violation in detail.violations)


def test_a_missing_message_is_named() -> None:
    detail = invalid(ConfigureCameraRequest, b"")
    assert [violation.field for violation in detail.violations] == ["settings"]


def test_bytes_that_cannot_be_read_have_no_violations() -> None:
    assert invalid(EchoRequest, b"\xff\xff").violations == []


def test_a_tail_without_a_field_for_it_is_refused() -> None:
    assert invalid(EchoRequest, b"", b"tail").violations == []


def test_what_is_valid_comes_back() -> None:
    assert decode_valid(EchoRequest, EchoRequest(payload=b"a").to_binary(), b"") == EchoRequest(payload=b"a")
