"""Reading a run back: whole, failed, or of a program that was killed. Nothing is repaired, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from macroscope_worker.errors import NotARun
from macroscope_worker.recording._checksum import crc32c
from macroscope_worker.recording._layout import ZARR_METADATA, RunPaths, ShardLayout
from macroscope_worker.recording._outcome import DropReason
from macroscope_worker.recording._run_info import parse_run_info
from macroscope_worker.recording._table import OUTCOME_WRITTEN, parse_table
from macroscope_worker.recording._zarr import recorded_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

Parsed = TypeVar("Parsed")


class RunReader:
    """A run folder, opened for reading.

    `frame_count` and `read_frame` go by the frame table, so in a run that was killed they reach the frames that were
    written after the array's shape grew last, which Zarr's readers do not show.

    Raises
    ------
    NotARun
        There is no readable `run.json` or `frames.table`; the message says why.
    """

    def __init__(self, run: Path) -> None:
        self.paths = RunPaths(Path(run))
        try:
            there = self.paths.run.is_dir()
        except OSError as error:  # Such as one on a share that is away.
            raise NotARun(self.paths.run, f"it cannot be looked at ({error.strerror or error})") from error
        if not there:
            raise NotARun(self.paths.run, "there is no such folder")
        self.info = _parsed(self.paths.info, parse_run_info)
        self.table = _parsed(self.paths.table, parse_table)
        self.layout = ShardLayout(self.info.frame_format.nbytes, self.info.frames_per_shard)
        records = self.table.records
        self.written = records[records["outcome"] == OUTCOME_WRITTEN]
        """The records of the frames that were written, in the array's order."""

    @property
    def frame_count(self) -> int:
        """Frames that were written, durable or not."""
        return len(self.written)

    def array_frames(self) -> int:
        """Frames that Zarr's readers see. Raises OSError or ValueError when the array's metadata cannot be used."""
        return recorded_shape((self.paths.array / ZARR_METADATA).read_bytes(), self.info.frame_format, self.layout)

    def drops(self) -> Mapping[DropReason, int]:
        """How many frames were lost, by what lost them, as the table has it."""
        counts: dict[DropReason, int] = {}
        records = self.table.records
        for reason in DropReason:
            lost = sum(records["count"][records["outcome"] == reason].tolist())
            if lost:
                counts[reason] = lost
        return counts

    def read_frame(self, index: int) -> npt.NDArray[Any]:
        """The pixels of a frame of the array, shape (height, width), checked against its CRC32C.

        Raises
        ------
        IndexError
            The table has no such frame.
        ValueError
            The frame's bytes are not all there, or not what was written.
        """
        if not 0 <= index < self.frame_count:
            raise IndexError(f"The run has {self.frame_count} frames; there is no frame {index}.")
        record = self.written[index]
        pixels = self.read_slot(int(record["slot"]))
        if crc32c(pixels) != int(record["pixel_crc32c"]):
            raise ValueError(
                f"Frame {index} (number {int(record['frame_id'])}) is not what was written: its CRC32C differs."
            )
        return pixels

    def read_slot(self, slot: int) -> npt.NDArray[Any]:
        """The pixels in a slot, unchecked. Raises ValueError when the file does not reach so far."""
        layout, frame_format = self.layout, self.info.frame_format
        shard, place = divmod(slot, layout.frames)
        path = self.paths.shard(shard)
        try:
            with path.open("rb") as file:
                file.seek(0, 2)
                if file.tell() < layout.offset_of(place) + layout.frame_bytes:
                    raise ValueError(f"Frame {slot} is not there: {path} is too short.")
                file.seek(layout.offset_of(place))
                data = file.read(layout.frame_bytes)
        except OSError as error:
            raise ValueError(f"Frame {slot} cannot be read: {path}: {error.strerror or error}.") from error
        pixels = np.frombuffer(data, frame_format.dtype)
        return pixels.reshape(frame_format.height_px, frame_format.width_px)


def _parsed(path: Path, parse: Callable[[bytes], Parsed]) -> Parsed:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise NotARun(path.parent, f"{path.name} cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        raise NotARun(path.parent, f"{path.name} cannot be used: {error}") from error
