from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from macroscope_worker.errors import FolderExists, FolderUnwritable, SpaceShort
from macroscope_worker.recording import DropReason, RecordedFormat, RecordingOutcome, RunReader, Storage, verify

from .made_runs import FORMAT, SLOT_BYTES, FaultyStorage, failing, finish, made_run, pixels_of, write, writer

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.recording import RunWriter

FORMATS = [FORMAT, RecordedFormat(65, 33, 1, 8), RecordedFormat(512, 256, 2, 16), RecordedFormat(64, 32, 2, 10)]


def frames_seen(run: RunWriter) -> Any:
    """The array as a user's tool opens it."""
    return zarr.open(run.paths.array, mode="r")


@pytest.mark.parametrize("frame_format", FORMATS, ids=lambda f: f"{f.width_px}x{f.height_px}x{f.bytes_per_pixel}")
@pytest.mark.parametrize("frames", [1, 4, 10])
def test_zarr_and_tensorstore_read_every_frame_equal(tmp_path: Path, frame_format: RecordedFormat, frames: int) -> None:
    tensorstore = pytest.importorskip("tensorstore")
    run = writer(tmp_path, frame_format=frame_format)
    write(run, *range(frames))
    finish(run)
    expected = np.stack([pixels_of(i, frame_format) for i in range(frames)])
    array = frames_seen(run)
    assert array.shape == expected.shape
    assert array.dtype == frame_format.dtype
    np.testing.assert_array_equal(array[:], expected)
    for index in range(frames):
        np.testing.assert_array_equal(array[index], expected[index])
    spec = {"driver": "zarr3", "kvstore": {"driver": "file", "path": str(run.paths.array)}}
    np.testing.assert_array_equal(tensorstore.open(spec).result().read().result(), expected)


def test_readers_see_what_is_durable_while_the_run_is_written(tmp_path: Path) -> None:
    run = writer(tmp_path)
    assert frames_seen(run).shape == (0, 50, 70)
    write(run, *range(6))
    assert frames_seen(run).shape[0] == run.durable_frames == 0
    assert run.sync() == run.durable_frames == 6
    array = frames_seen(run)
    assert array.shape[0] == 6
    np.testing.assert_array_equal(array[5], pixels_of(5))
    finish(run)


def test_the_group_is_valid_ome_zarr(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    pytest.importorskip("yaozarrs").validate_zarr_store(run / "frames.zarr")
    group: Any = zarr.open(run / "frames.zarr", mode="r")
    (multiscale,) = group.attrs["ome"]["multiscales"]
    assert [axis["name"] for axis in multiscale["axes"]] == ["t", "y", "x"]
    assert multiscale["datasets"][0]["coordinateTransformations"][0]["scale"] == pytest.approx([0.02, 1, 1])


def test_the_end_gives_back_the_space_behind_the_last_frame(tmp_path: Path) -> None:
    run = writer(tmp_path)
    write(run, 0, 1, 2, 3, 4)
    assert run.paths.shard(1).stat().st_size == 4096 + 4 * SLOT_BYTES
    finish(run)
    assert run.paths.shard(0).stat().st_size == 4096 + 4 * SLOT_BYTES
    assert run.paths.shard(1).stat().st_size == 4096 + SLOT_BYTES


def test_run_info_says_incomplete_until_the_end(tmp_path: Path) -> None:
    run = writer(tmp_path)
    assert RunReader(run.directory).info.outcome is RecordingOutcome.INCOMPLETE
    write(run, 0)
    run.write_lost(frame_id=1, reason=DropReason.RING_FULL, received_ns=5)
    finish(run, captured_frames=2, drops={DropReason.RING_FULL: 1})
    info = RunReader(run.directory).info
    assert info.outcome is RecordingOutcome.COMPLETE
    assert (info.captured_frames, info.written_frames, info.durable_frames) == (2, 1, 1)
    assert info.dropped_frames == {DropReason.RING_FULL: 1}
    assert info.settings["exposure_us"] == 20000.0


def test_a_run_folder_is_never_written_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = writer(tmp_path)
    finish(run)
    before = sorted((p, p.stat().st_mtime_ns) for p in run.directory.rglob("*"))
    monkeypatch.setattr("macroscope_worker.recording._writer.now", lambda: run.info.started)
    with pytest.raises(FolderExists):
        writer(tmp_path)
    assert sorted((p, p.stat().st_mtime_ns) for p in run.directory.rglob("*")) == before


def test_a_plan_over_95_percent_of_the_free_space_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    storage = FaultyStorage()
    storage.free = 0
    with pytest.raises(SpaceShort) as refused:
        writer(tmp_path, storage, planned_frames=20)
    needed = refused.value.needed_bytes
    assert needed >= 20 * SLOT_BYTES
    storage.free = int(needed / 0.96)
    with pytest.raises(SpaceShort):
        writer(tmp_path, storage, planned_frames=20)
    assert not list(tmp_path.iterdir())
    storage.free = int(needed / 0.94)
    finish(writer(tmp_path, storage, planned_frames=20))


def test_the_shape_counts_only_frames_that_were_synced_before(tmp_path: Path) -> None:
    class Watched(FaultyStorage):
        """Knows which files and folders have changes that no sync has made safe."""

        def __init__(self) -> None:
            super().__init__()
            self.unsafe: set[int | Path] = set()

        def make_folder(self, path: Path) -> None:
            super().make_folder(path)
            self.unsafe.add(path.parent)

        def create(self, path: Path, *, direct: bool = False) -> tuple[int, bool]:
            made = super().create(path, direct=direct)
            self.unsafe |= {path.parent, made[0]}
            return made

        def write_at(self, file: int, data: Any, offset: int) -> None:
            super().write_at(file, data, offset)
            self.unsafe.add(file)

        def sync(self, file: int) -> None:
            super().sync(file)
            self.unsafe.discard(file)

        def sync_folder(self, path: Path) -> None:
            super().sync_folder(path)
            self.unsafe.discard(path)

        def replace(self, path: Path, data: bytes) -> None:
            if path.parent.name == "0" and json.loads(data)["shape"][0]:
                assert self.unsafe == set()
                shapes.append(json.loads(data)["shape"][0])
            super().replace(path, data)

    shapes: list[int] = []
    run = writer(tmp_path, Watched())
    for frame_id in range(11):
        write(run, frame_id)
        if frame_id % 3 == 0:
            run.sync()
    finish(run)
    assert shapes == [1, 4, 7, 10, 11]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderUnwritable):
        writer(tmp_path / "none")


def test_a_disk_that_fails_at_the_start_leaves_no_folder(tmp_path: Path) -> None:
    storage = FaultyStorage()
    storage.on_write = failing(errno.EIO)
    with pytest.raises(FolderUnwritable):
        writer(tmp_path, storage)
    assert not list(tmp_path.iterdir())


def test_frames_stop_where_the_space_ends(tmp_path: Path) -> None:
    storage = FaultyStorage()
    storage.free = 10 * SLOT_BYTES
    run = writer(tmp_path, storage)
    write(run, 0, 1, 2, 3)
    # Room for two frames of the next shard.
    storage.free = 2 * SLOT_BYTES + 4096
    write(run, 4, 5)
    storage.free = 4096
    with pytest.raises(SpaceShort):
        write(run, 6)
    assert run.sync() == 6
    finish(run)
    assert verify(run.directory).good_frames == 6


def test_a_failed_sync_is_never_tried_again(tmp_path: Path) -> None:
    storage = FaultyStorage()
    run = writer(tmp_path, storage)
    write(run, 0, 1)
    run.sync()
    write(run, 2)
    storage.on_sync = failing(errno.EIO)
    with pytest.raises(OSError, match="error"):
        run.sync()
    # The disk seems well again: what the failed sync was about may be lost all the same.
    storage.on_sync = lambda _count: None
    assert run.sync() == 2
    info = finish(run, captured_frames=3)
    assert info.durable_frames == 2
    assert info.unsynced_frames == info.dropped_frames[DropReason.WRITE_FAILED] == 1
    assert frames_seen(run).shape[0] == 2


def test_a_failed_last_sync_makes_the_outcome_failed(tmp_path: Path) -> None:
    storage = FaultyStorage()
    run = writer(tmp_path, storage)
    write(run, 0)
    storage.on_sync = failing(errno.EIO)
    info = finish(run)
    assert info.outcome is RecordingOutcome.FAILED
    assert info.fault is not None
    # run.json could not be made safe either, so it still says what is true.
    assert RunReader(run.directory).info.outcome is RecordingOutcome.INCOMPLETE


def test_a_disk_that_fills_gets_back_what_was_reserved_and_is_told_how_the_run_ended(tmp_path: Path) -> None:
    class Fills(Storage):
        """Full until something is given back."""

        full = False

        def replace(self, path: Path, data: bytes) -> None:
            if self.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            super().replace(path, data)

        def truncate(self, file: int, size: int) -> None:
            super().truncate(file, size)
            self.full = False

    storage = Fills()
    run = writer(tmp_path, storage)
    write(run, 0, 1)
    storage.full = True
    with pytest.raises(OSError, match="space"):
        run.sync()
    finish(run)
    assert run.paths.shard(0).stat().st_size == 4096 + 2 * SLOT_BYTES
    assert RunReader(run.directory).info.outcome is not RecordingOutcome.INCOMPLETE


def test_what_is_reserved_for_frames_is_counted(tmp_path: Path) -> None:
    run = writer(tmp_path)
    assert run.reserved_bytes == 4 * SLOT_BYTES
    write(run, 0, 1, 2, 3)
    assert run.reserved_bytes == 0
    write(run, 4)
    assert run.reserved_bytes == 3 * SLOT_BYTES
    finish(run)


def test_where_nothing_can_be_reserved_nothing_is(tmp_path: Path) -> None:
    class Cannot(Storage):
        def allocate(self, file: int, size: int) -> bool:
            del file, size
            return False

    run = writer(tmp_path, Cannot())
    assert run.reserved_bytes == 0
    finish(run)


def test_after_a_torn_record_no_other_follows(tmp_path: Path) -> None:
    storage = FaultyStorage()
    run = writer(tmp_path, storage)
    write(run, 0)
    storage.on_append = failing(errno.ENOSPC)
    with pytest.raises(OSError, match="space"):
        write(run, 1)
    storage.on_append = lambda _count: None
    with pytest.raises(OSError, match="space"):
        run.write_lost(frame_id=2, reason=DropReason.RING_FULL, received_ns=1)
    finish(run)
    assert RunReader(run.directory).frame_count == 1


def test_a_file_system_that_refuses_direct_writes_gets_buffered_ones(tmp_path: Path) -> None:
    storage = FaultyStorage()
    refused: list[int] = []

    def refuse_first(count: int) -> None:
        if not refused:
            refused.append(count)
            failing(errno.EINVAL)(count)

    storage.on_write = refuse_first
    frame_format = RecordedFormat(512, 256, 2, 16)
    run = writer(tmp_path, storage, frame_format=frame_format)
    if not refused:
        pytest.skip("no direct writes here")
    write(run, 0, 1)
    finish(run)
    np.testing.assert_array_equal(RunReader(run.directory).read_frame(1), pixels_of(1, frame_format))


def test_metadata_files_are_replaced_whole(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    assert not list(run.rglob("*.new"))
    assert json.loads((run / "frames.zarr" / "zarr.json").read_bytes())["zarr_format"] == 3
