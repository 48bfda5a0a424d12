from __future__ import annotations

import stat
from pathlib import Path

import pytest

from macroscope_worker import whole_file
from macroscope_worker.whole_file import read_json, write_whole


def test_it_is_written_for_its_owner_alone_and_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file.json"
    write_whole(path, "old")
    write_whole(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["file.json"]


def test_a_failure_leaves_the_old_one_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.json"
    write_whole(path, "old")

    def refuse(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["file.json"]


def test_a_file_that_another_program_looks_at_is_written_when_it_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.json"
    attempts = 0
    replace = Path.replace

    def in_use_twice(self: Path, target: Path) -> Path:
        nonlocal attempts
        attempts += 1
        if attempts <= 2:
            raise PermissionError(13, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", in_use_twice)
    with pytest.raises(PermissionError):
        write_whole(path, "on Linux, where waiting helps nobody")
    monkeypatch.setattr(whole_file, "_OTHERS_LET_GO_WITHIN_S", 60.0)
    write_whole(path, "on Windows")
    assert (attempts, path.read_text()) == (3, "on Windows")
    assert [each.name for each in tmp_path.iterdir()] == ["file.json"]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    write_whole(path, '{"name": "\u00fc", "of": [1]}')
    assert read_json(path) == {"name": "\u00fc", "of": [1]}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\xfd", b"[" * 100_000, b"1" * 5000])
def test_what_is_no_json_is_one_kind_of_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"\w"):
        read_json(path)
