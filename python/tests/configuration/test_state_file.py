"""The file that a worker leaves to the next one."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.configuration.making import default_settings, settings

from macroscope_worker.configuration import _state_file
from macroscope_worker.configuration._paths import changed_paths
from macroscope_worker.configuration._state_file import (
    BROKEN_NAME,
    STATE_NAME,
    StateWriter,
    move_aside,
    read_state,
    state_text,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    configuration, preset = settings({"stimulus.gamma": 1.0}), settings({"stimulus.gamma": 2.0})
    (tmp_path / STATE_NAME).write_text(state_text(configuration, 7, "mine", preset), encoding="utf-8")
    stored = read_state(tmp_path)
    assert stored is not None
    assert (stored.revision, stored.preset_name) == (7, "mine")
    assert changed_paths(stored.settings.configuration, configuration) == ()
    assert stored.preset is not None
    assert changed_paths(stored.preset.configuration, preset) == ()


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None
    assert read_state(tmp_path / "not there") is None


def broken(**changes: Any) -> str:
    content = json.loads(state_text(default_settings(), 7, "", None))
    return json.dumps({key: value for key, value in {**content, **changes}.items() if value != "gone"})


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", broken(version=99), broken(version="1"), broken(revision=-1), broken(revision="x"),
     broken(configuration=[]), broken(configuration={"stimulus": 1}), broken(revision="gone"), broken(format="x"),
     broken(preset={"session": 1}), "[" * 100_000],
)  # fmt: skip
def test_what_is_broken_is_said_to_be(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"."):
        read_state(tmp_path)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100))
def test_any_bytes_are_a_state_or_broken(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STATE_NAME).write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        read_state(tmp_path)


def test_a_broken_file_is_kept_beside(tmp_path: Path) -> None:
    (tmp_path / STATE_NAME).write_text("broken")
    move_aside(tmp_path)
    assert (tmp_path / BROKEN_NAME).read_text() == "broken"
    assert not (tmp_path / STATE_NAME).exists()
    move_aside(tmp_path)


async def test_the_writer_writes_the_newest_and_not_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    first, go_on = threading.Event(), threading.Event()

    def write(_path: Path, text: str) -> None:
        written.append(text)
        first.set()
        go_on.wait()

    monkeypatch.setattr(_state_file, "write_whole", write)
    writer = StateWriter(tmp_path, pytest.fail)
    writer.write("1")
    await asyncio.to_thread(first.wait)
    for text in "234":
        writer.write(text)
    go_on.set()
    await writer.settled()
    assert written == ["1", "4"]
    await writer.settled()


async def test_a_failing_disk_is_told_of_once_and_again_after_it_has_worked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_path: Path, text: str) -> None:
        if text == "fails":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(_state_file, "write_whole", write)
    told: list[str] = []
    writer = StateWriter(tmp_path, told.append)
    for text in ("fails", "fails", "works", "fails"):
        writer.write(text)
        await writer.settled()
    assert told == ["No space left on device"] * 2
