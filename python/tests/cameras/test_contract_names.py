"""The domain's names and numbers are those of the contract, although the domain does not import it."""

from __future__ import annotations

from macroscope.camera.v1 import settings_pb
from protobuf import DescFieldValueMessage

from macroscope_worker.cameras import PixelFormat
from macroscope_worker.testing._camera_check import KNOWN_PARAMETERS


def test_pixel_formats_have_the_contracts_numbers() -> None:
    contract = {member.name: member.value for member in settings_pb.PixelFormat if member.value}
    assert {f"{member.name}": member.value for member in PixelFormat} == contract


def test_pixel_format_bits() -> None:
    assert [member.bits for member in PixelFormat] == [8, 10, 12, 14, 16]
    assert [PixelFormat.of_bits(bits) for bits in (1, 8, 9, 12, 13, 16)] == [
        PixelFormat.MONO8,
        PixelFormat.MONO8,
        PixelFormat.MONO10,
        PixelFormat.MONO12,
        PixelFormat.MONO14,
        PixelFormat.MONO16,
    ]


def test_parameter_names_are_the_paths_of_camera_settings() -> None:
    paths = set()
    for field in settings_pb.CameraSettings.desc().fields:
        if isinstance(field.value, DescFieldValueMessage):
            paths |= {f"{field.name}.{inner.name}" for inner in field.value.message.fields}
        else:
            paths.add(field.name)
    assert paths == KNOWN_PARAMETERS
