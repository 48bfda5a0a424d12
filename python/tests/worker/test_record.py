from __future__ import annotations

import json
import os
import socket
import stat
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.worker.record import RECORD_NAME, WorkerRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD = WorkerRecord(1, "/tmp/x/worker.sock", "k" * 40, 7, "s", "worker 1", 9)


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    runtime = tmp_path / "run"
    RECORD.write(runtime)
    path = runtime / RECORD_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["token"] == RECORD.token
    assert [path.name for path in runtime.iterdir()] == [RECORD_NAME]


def test_replaces_an_old_one_in_one_step(tmp_path: Path) -> None:
    RECORD.write(tmp_path)
    replace(RECORD, epoch=8).write(tmp_path)
    assert json.loads((tmp_path / RECORD_NAME).read_text())["epoch"] == 8


def test_removes_only_its_own(tmp_path: Path) -> None:
    RECORD.write(tmp_path)
    replace(RECORD, token="o" * 40).remove(tmp_path)
    assert (tmp_path / RECORD_NAME).exists()
    RECORD.remove(tmp_path)
    assert not (tmp_path / RECORD_NAME).exists()
    RECORD.remove(tmp_path)


def test_a_folder_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OSError, match=r"exists|Not a directory"):
        RECORD.write(blocked)


def bound(folder: Path) -> socket.socket:
    folder.mkdir()
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.bind(str(folder / "worker.sock"))
    return sock


@pytest.fixture
def short_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.skipif(os.name == "nt", reason="sockets of Unix")
def test_clears_up_after_a_worker_that_was_killed(short_path: Path) -> None:
    bound(short_path / "dead").close()
    replace(RECORD, endpoint=str(short_path / "dead" / "worker.sock")).write(short_path)
    RECORD.write(short_path)
    assert not (short_path / "dead").exists()


@pytest.mark.skipif(os.name == "nt", reason="sockets of Unix")
def test_leaves_a_worker_alone_that_still_listens(short_path: Path) -> None:
    with bound(short_path / "alive") as sock:
        sock.listen()
        replace(RECORD, endpoint=str(short_path / "alive" / "worker.sock")).write(short_path)
        RECORD.write(short_path)
        assert (short_path / "alive" / "worker.sock").is_socket()


def test_removes_nothing_that_is_no_socket(short_path: Path) -> None:
    precious = short_path / "precious"
    precious.write_text("data")
    for endpoint in (str(precious), "/nowhere/at/all"):
        replace(RECORD, endpoint=endpoint).write(short_path)
        RECORD.write(short_path)
    assert precious.read_text() == "data"
