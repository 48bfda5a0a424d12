from __future__ import annotations

from macroscope.acquisition.v1 import acquisition_pb

from macroscope_worker.recording import DropReason, RecordingOutcome


def test_numbers_are_those_of_the_contract() -> None:
    assert {r.name: r.value for r in DropReason} == _contract(acquisition_pb.DropReason)
    assert {o.name: o.value for o in RecordingOutcome} == _contract(acquisition_pb.RecordingOutcome)


def _contract(enum: type) -> dict[str, int]:
    return {member.name: member.value for member in enum if member.value}  # type: ignore[attr-defined]
