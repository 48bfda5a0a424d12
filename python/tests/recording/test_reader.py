from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from macroscope_worker.errors import NotARun
from macroscope_worker.recording import DropReason, RunReader

from .made_runs import made_run, pixels_of, write, writer

if TYPE_CHECKING:
    from pathlib import Path


def test_reads_frames_stamps_and_losses(tmp_path: Path) -> None:
    reader = RunReader(made_run(tmp_path))
    assert reader.frame_count == 10
    assert reader.written["frame_id"].tolist() == [0, 1, 2, *range(5, 12)]
    assert reader.drops() == {DropReason.CAMERA_GAP: 2}
    np.testing.assert_array_equal(reader.read_frame(3), pixels_of(5))


def test_reaches_frames_that_were_written_but_never_became_durable(tmp_path: Path) -> None:
    run = writer(tmp_path)
    write(run, *range(7))
    reader = RunReader(run.directory)
    assert reader.frame_count == 7
    for index in range(7):
        np.testing.assert_array_equal(reader.read_frame(index), pixels_of(index))


def test_a_changed_frame_is_not_handed_out(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    shard = run / "frames.zarr" / "0" / "c" / "0" / "0" / "0"
    data = bytearray(shard.read_bytes())
    data[4096 + 17] ^= 4
    shard.write_bytes(data)
    reader = RunReader(run)
    with pytest.raises(ValueError, match="CRC32C"):
        reader.read_frame(0)
    np.testing.assert_array_equal(reader.read_frame(1), pixels_of(1))


def test_frames_that_are_not_there_are_named(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    (run / "frames.zarr" / "0" / "c" / "1" / "0" / "0").write_bytes(b"")
    reader = RunReader(run)
    with pytest.raises(ValueError, match="too short"):
        reader.read_frame(4)
    with pytest.raises(IndexError, match="10 frames"):
        reader.read_frame(10)


@pytest.mark.parametrize("missing", ["run.json", "frames.table"])
def test_a_folder_without_the_files_of_a_run_is_none(tmp_path: Path, missing: str) -> None:
    run = made_run(tmp_path)
    (run / missing).unlink()
    with pytest.raises(NotARun, match=missing):
        RunReader(run)


def test_no_folder_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(NotARun, match="no such folder"):
        RunReader(tmp_path / "none")


def test_a_folder_that_cannot_be_asked_for_is_no_run(tmp_path: Path) -> None:
    """As on a share that is away, or with a name that is too long."""
    with pytest.raises(NotARun, match="cannot be looked at"):
        RunReader(tmp_path / (300 * "a"))


def test_numpy_alone_reads_a_frame_by_the_documented_places(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    info = json.loads((run / "run.json").read_bytes())
    size, shard_frames = info["frame_format"], info["frames_per_shard"]
    width, height = size["width_px"], size["height_px"]
    slot = math.ceil(width * height * size["bytes_per_pixel"] / 4096) * 4096
    head = math.ceil((16 * shard_frames + 4) / 4096) * 4096
    frame = 6
    shard = run / "frames.zarr" / "0" / "c" / str(frame // shard_frames) / "0" / "0"
    pixels = np.fromfile(shard, "<u2", width * height, offset=head + frame % shard_frames * slot)
    np.testing.assert_array_equal(pixels.reshape(height, width), RunReader(run).read_frame(frame))
