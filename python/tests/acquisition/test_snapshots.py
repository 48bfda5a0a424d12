from __future__ import annotations

from macroscope.acquisition.v1 import acquisition_pb
from macroscope.camera.v1 import camera_pb

from macroscope_worker.acquisition import AcquisitionPhase, CameraPhase, CameraSnapshot
from macroscope_worker.cameras import CameraDescription, Parameter


def test_phases_have_the_numbers_of_the_contract() -> None:
    assert {p.name: p.value for p in CameraPhase} == _contract(camera_pb.CameraPhase)
    assert {p.name: p.value for p in AcquisitionPhase} == _contract(acquisition_pb.AcquisitionPhase)


def test_a_camera_has_its_id_and_its_settings_by_name() -> None:
    gain = Parameter("gain", 6.0)
    live = CameraSnapshot(1, CameraPhase.LIVE, CameraDescription("some:1", "One", "some"), {"gain": gain})
    assert (live.camera_id, live.settings) == ("some:1", {"gain": 6.0})
    none = CameraSnapshot(1, CameraPhase.CLOSED)
    assert (none.camera_id, none.settings) == ("", {})


def _contract(enum: type) -> dict[str, int]:
    return {member.name: member.value for member in enum if member.value}  # type: ignore[attr-defined]
