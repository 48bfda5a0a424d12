from __future__ import annotations

from macroscope.acquisition.v1 import acquisition_pb
from macroscope.camera.v1 import camera_pb

from macroscope_worker.acquisition import AcquisitionPhase, CameraPhase


def test_phases_have_the_numbers_of_the_contract() -> None:
    assert {p.name: p.value for p in CameraPhase} == _contract(camera_pb.CameraPhase)
    assert {p.name: p.value for p in AcquisitionPhase} == _contract(acquisition_pb.AcquisitionPhase)


def _contract(enum: type) -> dict[str, int]:
    return {member.name: member.value for member in enum if member.value}  # type: ignore[attr-defined]
