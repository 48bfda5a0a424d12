"""Where everything lies in a run folder, and every frame in its shard file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

PAGE_BYTES = 4096
SHARD_TARGET_BYTES = 1 << 30
MAX_FRAMES_PER_SHARD = 65536

RUN_INFO = "run.json"
FRAME_TABLE = "frames.table"
EVENTS = "events.mcap"
FRAMES_GROUP = "frames.zarr"
FRAMES_ARRAY = "0"
ZARR_METADATA = "zarr.json"


def whole_pages(size: int) -> int:
    """Round up to a multiple of 4096, which every disk and O_DIRECT take."""
    return -(-size // PAGE_BYTES) * PAGE_BYTES


@dataclass(frozen=True, slots=True)
class RecordedFormat:
    """What every frame of a run looks like. `bytes_per_pixel` is 1 or 2."""

    width_px: int
    height_px: int
    bytes_per_pixel: int
    significant_bits: int

    @property
    def nbytes(self) -> int:
        """Bytes of a frame without padding."""
        return self.width_px * self.height_px * self.bytes_per_pixel

    @property
    def dtype(self) -> np.dtype[Any]:
        """As the pixels lie on the disk."""
        return np.dtype("<u1" if self.bytes_per_pixel == 1 else "<u2")


@dataclass(frozen=True, slots=True)
class ShardLayout:
    """A shard file: the index, padded to whole pages, then `frames` slots of whole pages each."""

    frame_bytes: int
    frames: int

    @classmethod
    def choose(cls, frame_bytes: int, planned_frames: int, shard_bytes: int = SHARD_TARGET_BYTES) -> ShardLayout:
        """Shards of about 1 GB, or of the planned size where that is less."""
        frames = min(max(shard_bytes // whole_pages(frame_bytes), 1), MAX_FRAMES_PER_SHARD)
        return cls(frame_bytes, min(frames, planned_frames) if planned_frames else frames)

    @property
    def slot_bytes(self) -> int:
        """From one frame to the next."""
        return whole_pages(self.frame_bytes)

    @property
    def head_bytes(self) -> int:
        """From the start to the first frame: offset and length of each, their CRC32C, zeros."""
        return whole_pages(16 * self.frames + 4)

    @property
    def file_bytes(self) -> int:
        """Of a full shard."""
        return self.end_of(self.frames)

    def offset_of(self, slot: int) -> int:
        """Of a frame within the file."""
        return self.head_bytes + slot * self.slot_bytes

    def end_of(self, slots: int) -> int:
        """Where the first `slots` frames end."""
        return self.head_bytes + slots * self.slot_bytes


@dataclass(frozen=True, slots=True)
class RunPaths:
    """The files of a run."""

    run: Path

    @property
    def info(self) -> Path:
        """`run.json`."""
        return self.run / RUN_INFO

    @property
    def table(self) -> Path:
        """`frames.table`."""
        return self.run / FRAME_TABLE

    @property
    def events(self) -> Path:
        """`events.mcap`; not every run has one."""
        return self.run / EVENTS

    @property
    def group(self) -> Path:
        """The OME-Zarr group: what napari opens."""
        return self.run / FRAMES_GROUP

    @property
    def array(self) -> Path:
        """The Zarr array of frames."""
        return self.group / FRAMES_ARRAY

    def shard(self, shard: int) -> Path:
        """A shard's file: Zarr's default chunk keys."""
        return self.array / "c" / str(shard) / "0" / "0"
