from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from macroscope.acquisition.v1 import acquisition_pb
from tests.services.fake_engine import summary

from macroscope_worker.acquisition import AcquisitionPhase, DropReason, Fault, RecordingOutcome
from macroscope_worker.services.acquisition_translation import summary_to_proto


def test_the_summary_counts_drops_by_reason_and_tells_the_fault() -> None:
    ended = replace(
        summary("run", Path("/runs/run")),
        drops={DropReason.RING_FULL: 3, DropReason.CAMERA_GAP: 0},
        outcome=RecordingOutcome.FAILED,
        fault=Fault("The disk is full.", "Free some space."),
    )
    message = summary_to_proto(ended)
    assert [(drop.reason, drop.frames) for drop in message.drops] == [(acquisition_pb.DropReason.RING_FULL, 3)]
    assert message.outcome == acquisition_pb.RecordingOutcome.FAILED
    assert message.fault is not None
    assert (message.fault.message, message.fault.remedy) == ("The disk is full.", "Free some space.")
    assert (message.captured_frames, message.written_frames, message.durable_frames) == (7, 6, 5)


def test_numbers_are_the_same_in_domain_and_contract() -> None:
    for domain, contract in (
        (AcquisitionPhase, acquisition_pb.AcquisitionPhase),
        (DropReason, acquisition_pb.DropReason),
        (RecordingOutcome, acquisition_pb.RecordingOutcome),
    ):
        assert {entry.name: entry.value for entry in domain} == {
            entry.name: entry.value for entry in contract if entry.value
        }
