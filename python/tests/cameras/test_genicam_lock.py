from __future__ import annotations

import mmap
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from macroscope_worker.cameras._genicam_lock import release_dead_locks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems free such locks themselves")

LOCKED = bytes(8) + bytes([0x80]) + bytes(23)
FREE = bytes([1]) + LOCKED[1:]


def semaphore(folder: Path, content: bytes, name: str = "sem.15f0GenICam_XML") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_lock_that_nobody_has_open_is_removed(tmp_path: Path) -> None:
    path = semaphore(tmp_path, LOCKED)
    assert release_dead_locks(tmp_path) == (path,)
    assert not path.exists()


def test_what_is_free_and_what_belongs_to_others_stays(tmp_path: Path) -> None:
    kept = [
        semaphore(tmp_path, FREE),
        semaphore(tmp_path, LOCKED, "sem.another_program"),
        semaphore(tmp_path, LOCKED + b"\0", "sem.16GenICam_XML"),
        semaphore(tmp_path, b"", "sem.17GenICam_XML"),
    ]
    assert release_dead_locks(tmp_path) == ()
    assert all(path.exists() for path in kept)


def test_a_lock_that_a_process_has_open_stays(tmp_path: Path) -> None:
    path = semaphore(tmp_path, LOCKED)
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0):
        assert release_dead_locks(tmp_path) == ()
    assert path.exists()
    assert release_dead_locks(tmp_path) == (path,)


def test_where_another_person_s_process_may_not_be_looked_into_it_stays(tmp_path: Path) -> None:
    path = semaphore(tmp_path, LOCKED)
    others = tmp_path / "proc" / "77"
    (others / "maps").mkdir(parents=True)  # It cannot be read, whoever one is.
    if os.getuid() == 0:
        os.chown(others, 65534, 65534)
    processes = tmp_path / "proc"
    if others.stat().st_uid == 0:
        pytest.skip("every process here is root's")
    assert release_dead_locks(tmp_path, processes) == ()
    assert path.exists()


def test_a_folder_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    assert release_dead_locks(tmp_path / "nothing") == ()


PROGRAM = "from macroscope_worker.cameras.pylon import PylonDriver; print(len(PylonDriver().list_cameras()))"


def emulated_cameras() -> int:
    """How many a process of its own finds."""
    command = [sys.executable, "-c", PROGRAM]
    environment = {**os.environ, "PYLON_CAMEMU": "2"}
    return int(subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60).stdout)


def lock_as_one_that_was_killed() -> int:
    """Lock what nobody has open at the moment, as a process leaves it that is killed in its critical section."""
    open_ones = ""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            open_ones += (process / "maps").read_text()
    free = [path for path in Path("/dev/shm").glob("sem.*GenICam_XML*") if str(path) not in open_ones]
    for path in free:
        path.write_bytes(bytes(4) + path.read_bytes()[4:])
    return len(free)


def test_pylon_loads_after_a_program_was_killed_in_its_cache() -> None:
    pytest.importorskip("pypylon")
    assert emulated_cameras() == 2
    if lock_as_one_that_was_killed() == 0:
        pytest.skip("this version of pylon has no such lock, or another program uses it")
    assert emulated_cameras() == 2
