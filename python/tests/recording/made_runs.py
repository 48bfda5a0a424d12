"""Small runs to test with, and storage that fails on demand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from macroscope_worker.recording import (
    DropReason,
    Ending,
    RecordedFormat,
    RecordingOutcome,
    RunInfo,
    RunPlan,
    RunWriter,
    Storage,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

FORMAT = RecordedFormat(width_px=70, height_px=50, bytes_per_pixel=2, significant_bits=12)
SLOT_BYTES = 8192
FOUR_A_SHARD = 4 * SLOT_BYTES


def pixels_of(frame_id: int, frame_format: RecordedFormat = FORMAT) -> npt.NDArray[Any]:
    """Pixels that no other frame has."""
    generator = np.random.default_rng(frame_id)
    shape = (frame_format.height_px, frame_format.width_px)
    return generator.integers(0, 1 << frame_format.significant_bits, shape).astype(frame_format.dtype)


def memory_of(frame_id: int, frame_format: RecordedFormat = FORMAT) -> npt.NDArray[np.uint8]:
    return pixels_of(frame_id, frame_format).reshape(-1).view(np.uint8)


def plan(directory: Path, *, frame_format: RecordedFormat = FORMAT, planned_frames: int = 0) -> RunPlan:
    return RunPlan(
        directory=directory,
        name="made",
        camera={"id": "made:0", "label": "Made"},
        settings={"exposure_us": 20000.0, "frame_rate_hz": 50.0},
        frame_format=frame_format,
        planned_frames=planned_frames,
        frame_interval_s=0.02,
        software={"name": "tests", "version": "0"},
    )


def writer(directory: Path, storage: Storage | None = None, **changes: Any) -> RunWriter:
    return RunWriter(
        plan(directory, **changes), storage=storage or Storage(), reserve_bytes=0, shard_bytes=FOUR_A_SHARD
    )


def write(run: RunWriter, *frame_ids: int) -> None:
    for frame_id in frame_ids:
        run.write_frame(
            memory_of(frame_id, run.format),
            frame_id=frame_id,
            received_ns=1000 + 20_000_000 * frame_id,
            camera_ns=frame_id,
        )


def finish(
    run: RunWriter, *, captured_frames: int | None = None, drops: dict[DropReason, int] | None = None
) -> RunInfo:
    captured = run.written_frames if captured_frames is None else captured_frames
    return run.finish(Ending(RecordingOutcome.COMPLETE, captured, drops or {}))


def made_run(directory: Path, frames: int = 10) -> Path:
    """A complete run of `frames` frames, four a shard, in which the numbers 3 and 4 are lost."""
    run = writer(directory)
    for frame_id in range(frames + 2):
        if frame_id == 3:
            run.write_lost(frame_id=3, count=2, reason=DropReason.CAMERA_GAP, received_ns=1)
        elif frame_id != 4:
            write(run, frame_id)
    finish(run, drops={DropReason.CAMERA_GAP: 2})
    return run.directory


class FaultyStorage(Storage):
    """Real storage until told otherwise: `on_write`, `on_append` and `on_sync` run first and may raise."""

    def __init__(self) -> None:
        self.on_write: Callable[[int], None] = lambda _count: None
        self.on_append: Callable[[int], None] = lambda _count: None
        self.on_sync: Callable[[int], None] = lambda _count: None
        self.writes = self.appends = self.syncs = 0
        self.free: int | None = None

    def write_at(self, file: int, data: Any, offset: int) -> None:
        self.writes += 1
        self.on_write(self.writes)
        super().write_at(file, data, offset)

    def append(self, file: int, data: Any) -> None:
        self.appends += 1
        self.on_append(self.appends)
        super().append(file, data)

    def sync(self, file: int) -> None:
        self.syncs += 1
        self.on_sync(self.syncs)
        super().sync(file)

    def free_bytes(self, directory: Path) -> int:
        return super().free_bytes(directory) if self.free is None else self.free


def failing(number: int) -> Callable[[int], None]:
    """Raise the error of the operating system with this number, every time."""

    def fail(_count: int) -> None:
        raise OSError(number, os.strerror(number))

    return fail
