"""Recordings, from the domain to the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope.acquisition.v1 import acquisition_pb
from macroscope.acquisition.v1.acquisition_pb import (
    AcquisitionPhase,
    AcquisitionState,
    DropCount,
    DropReason,
    RecordingFault,
    RecordingOutcome,
)

if TYPE_CHECKING:
    from macroscope_worker.acquisition import AcquisitionSnapshot, RecordingSummary


def acquisition_to_proto(snapshot: AcquisitionSnapshot) -> AcquisitionState:
    """The recording, whole."""
    state = AcquisitionState(
        revision=snapshot.revision,
        phase=AcquisitionPhase(snapshot.phase),
        default_directory=str(snapshot.default_directory),
        free_bytes=snapshot.free_bytes,
        bytes_per_s=snapshot.bytes_per_s,
    )
    if snapshot.recording is not None:
        state.recording = summary_to_proto(snapshot.recording)
    return state


def summary_to_proto(summary: RecordingSummary) -> acquisition_pb.RecordingSummary:
    """How a recording stands or ended."""
    message = acquisition_pb.RecordingSummary(
        run_id=summary.run_id,
        directory=str(summary.directory),
        camera_id=summary.camera_id,
        planned_frames=summary.planned_frames,
        captured_frames=summary.captured_frames,
        written_frames=summary.written_frames,
        durable_frames=summary.durable_frames,
        drops=[
            DropCount(reason=DropReason(reason), frames=frames)
            for reason, frames in sorted(summary.drops.items())
            if frames
        ],
        bytes_written=summary.bytes_written,
        started_unix_ns=summary.started_unix_ns,
        started_ns=summary.started_ns,
        elapsed_s=summary.elapsed_s,
        outcome=RecordingOutcome(summary.outcome),
    )
    if summary.fault is not None:
        message.fault = RecordingFault(message=summary.fault.message, remedy=summary.fault.remedy)
    return message
