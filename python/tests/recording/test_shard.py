from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import numpy as np
import pytest

from macroscope_worker.recording._layout import ShardLayout
from macroscope_worker.recording._shard import DIRECT_FROM_BYTES, ShardWriter
from macroscope_worker.recording._zarr import shard_index

from .made_runs import FaultyStorage, failing

if TYPE_CHECKING:
    from pathlib import Path


def test_the_whole_index_and_all_space_are_there_before_the_first_frame(tmp_path: Path) -> None:
    layout = ShardLayout(100, 5)
    shard = ShardWriter(tmp_path / "0", layout, 5, FaultyStorage())
    data = (tmp_path / "0").read_bytes()
    assert data.startswith(shard_index(layout))
    assert len(data) in {layout.file_bytes, layout.head_bytes}  # the latter where space cannot be reserved
    shard.close()
    shard.close()


@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("frame_bytes", [100, 4096, DIRECT_FROM_BYTES, DIRECT_FROM_BYTES + 1])
@pytest.mark.parametrize("shift", [0, 1])
def test_frames_lie_in_their_slots_wherever_they_come_from(
    tmp_path: Path, frame_bytes: int, padded: bool, shift: int
) -> None:
    layout = ShardLayout(frame_bytes, 3)
    shard = ShardWriter(tmp_path / "0", layout, 3, FaultyStorage())
    for value in (1, 2, 3):
        memory = np.zeros(layout.slot_bytes + shift, np.uint8)[shift:]
        memory[:frame_bytes] = value
        shard.write(memory if padded else memory[:frame_bytes])
    assert shard.is_full
    shard.close()
    data = np.fromfile(tmp_path / "0", np.uint8)
    for slot, value in enumerate((1, 2, 3)):
        at = layout.offset_of(slot)
        assert (data[at : at + frame_bytes] == value).all()


def test_a_failed_write_uses_no_slot(tmp_path: Path) -> None:
    storage = FaultyStorage()
    shard = ShardWriter(tmp_path / "0", ShardLayout(100, 3), 3, storage)
    storage.on_write = failing(errno.EIO)
    with pytest.raises(OSError, match="error"):
        shard.write(np.zeros(4096, np.uint8))
    assert shard.used_slots == 0
    shard.close()
