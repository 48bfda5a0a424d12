from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from macroscope_worker import whole_file
from macroscope_worker.errors import FolderUnwritable, SpaceShort
from macroscope_worker.recording import RecordedFormat, Storage, verify

from .made_runs import SLOT_BYTES, finish, write, writer
from .small_disk import make_read_only, small_disk

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.recording import RunWriter


class ShortWrites(Storage):
    """Writes a few bytes a time, as an operating system may."""

    def _write_some(self, file: int, view: memoryview, offset: int) -> int:
        return super()._write_some(file, view[:1000], offset)


def test_short_writes_are_continued(tmp_path: Path) -> None:
    run = writer(tmp_path, ShortWrites())
    write(run, 0, 1)
    finish(run)
    assert verify(run.directory).is_good


def test_replacing_leaves_the_old_content_until_the_new_is_whole(tmp_path: Path) -> None:
    class Breaks(Storage):
        def sync(self, file: int) -> None:
            raise OSError(5, "broken")

    place = tmp_path / "file"
    Storage().replace(place, b"old")
    with pytest.raises(OSError, match="broken"):
        Breaks().replace(place, b"new")
    assert place.read_bytes() == b"old"


def test_a_file_that_another_program_has_open_is_replaced_when_it_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "file"
    attempts = 0
    rename = type(place).replace

    def in_use_twice(self: Path, target: Path) -> Path:
        nonlocal attempts
        attempts += 1
        if attempts <= 2:
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(type(place), "replace", in_use_twice)
    with pytest.raises(PermissionError):
        Storage().replace(place, b"of Linux, where waiting helps nobody")
    monkeypatch.setattr(whole_file, "_OTHERS_LET_GO_WITHIN_S", 60.0)
    Storage().replace(place, b"of Windows")
    assert (attempts, place.read_bytes()) == (3, b"of Windows")


def test_free_space_is_asked_of_the_nearest_folder_there_is(tmp_path: Path) -> None:
    assert Storage().free_bytes(tmp_path / "not" / "yet") > 0


def test_a_plan_larger_than_a_small_disk_is_refused(tmp_path: Path) -> None:
    with small_disk(tmp_path, 16) as disk:
        with pytest.raises(SpaceShort):
            writer(disk, planned_frames=(16 << 20) // SLOT_BYTES)
        assert not list(disk.iterdir())
        run = writer(disk, planned_frames=8)
        write(run, *range(8))
        finish(run)
        assert verify(run.directory).is_good


def filled(run: RunWriter, frames: int) -> int:
    """Write frames until the disk takes no more; how many there are then."""
    try:
        while True:
            write(run, frames)
            frames += 1
    except (SpaceShort, OSError):
        return frames


def test_a_small_disk_is_filled_to_its_end_and_everything_stays_readable(tmp_path: Path) -> None:
    with small_disk(tmp_path, 16) as disk:
        run = writer(disk)
        frames = filled(run, 0)
        assert frames > (12 << 20) // SLOT_BYTES
        finish(run)
        assert verify(run.directory).good_frames == frames


def test_a_disk_that_another_program_fills_ends_in_an_error_and_everything_stays_readable(tmp_path: Path) -> None:
    with small_disk(tmp_path, 16) as disk:
        run = writer(disk)
        write(run, 0, 1, 2)
        with pytest.raises(OSError, match="space"):
            (disk / "other").write_bytes(bytes(17 << 20))
        frames = filled(run, 3)
        finish(run)
        assert verify(run.directory).good_frames == frames


def test_a_read_only_disk_is_refused_with_what_the_system_said(tmp_path: Path) -> None:
    with small_disk(tmp_path, 1) as disk:
        make_read_only(disk)
        with pytest.raises(FolderUnwritable, match=r"[Rr]ead-only"):
            writer(disk)


def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("root may write everywhere; the read-only disk stands for this")
    tmp_path.chmod(0o500)
    with pytest.raises(FolderUnwritable):
        writer(tmp_path)


def test_a_system_without_these_calls_still_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As on macOS and Windows, each of which lacks some.
    for name in ("pwrite", "posix_fallocate", "fdatasync"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr("macroscope_worker.recording._storage._DIRECT", 0)
    run = writer(tmp_path, frame_format=RecordedFormat(512, 256, 2, 16))
    write(run, *range(6))
    run.sync()
    finish(run)
    assert verify(run.directory).is_good
