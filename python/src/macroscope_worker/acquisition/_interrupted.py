"""The recording of a worker that was killed while it ran, summed up from what it left on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope_worker.acquisition._snapshots import RecordingSummary
from macroscope_worker.errors import NotARun
from macroscope_worker.recording import DropReason, Fault, RecordingOutcome, RunReader

if TYPE_CHECKING:
    from pathlib import Path


def interrupted_recording(run: Path) -> RecordingSummary | None:
    """Sum up a run that nobody ended; None when the run ended in order, or cannot be read.

    Of its frames, those count as durable that the array shows: its shape grew when they had reached the disk.
    """
    try:
        reader = RunReader(run)
    except NotARun:
        return None
    info = reader.info
    if info.outcome is not RecordingOutcome.INCOMPLETE:
        return None
    try:
        array_frames = reader.array_frames()
    except (OSError, ValueError):
        array_frames = 0
    drops = dict(reader.drops())
    lost = sum(count for reason, count in drops.items() if reason is not DropReason.CAMERA_GAP)
    records = reader.table.records
    ended_ns = int(records["received_ns"][-1]) if len(records) else info.started.monotonic_ns
    return RecordingSummary(
        run_id=info.run_id,
        directory=reader.paths.run,
        camera_id=str(info.camera.get("id", "")),
        planned_frames=info.planned_frames,
        captured_frames=reader.frame_count + lost,
        written_frames=reader.frame_count,
        durable_frames=min(reader.frame_count, array_frames),
        drops=drops,
        bytes_written=reader.frame_count * reader.layout.slot_bytes,
        started_unix_ns=info.started.unix_ns,
        started_ns=info.started.monotonic_ns,
        elapsed_s=max(ended_ns - info.started.monotonic_ns, 0) / 1e9,
        outcome=RecordingOutcome.FAILED,
        fault=Fault(
            f"The worker ended while it recorded. {reader.frame_count} frames are on the disk.",
            "Check the folder with 'macroscope verify', and start the recording anew.",
        ),
    )
