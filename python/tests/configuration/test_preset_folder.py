"""The folder of presets."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.configuration import (
    InvalidPresetName,
    PresetExists,
    PresetNotFound,
    PresetsUnwritable,
    PresetUnreadable,
)
from macroscope_worker.configuration._file_text import MOST_TEXT_BYTES
from macroscope_worker.configuration._preset_folder import PresetFolder, checked_name

if TYPE_CHECKING:
    from pathlib import Path


def test_keeps_texts_under_their_names(tmp_path: Path) -> None:
    folder = PresetFolder(tmp_path / "presets")
    assert folder.files() == []
    folder.write("Zebra 2", "z", overwrite=False)
    folder.write("ape", "ä", overwrite=False)
    assert folder.read("ape") == "ä"
    assert [(found.name, found.text, found.problem) for found in folder.files()] == [
        ("ape", "ä", ""),
        ("Zebra 2", "z", ""),
    ]
    folder.delete("ape")
    with pytest.raises(PresetNotFound):
        folder.read("ape")


def test_overwrites_only_when_asked(tmp_path: Path) -> None:
    folder = PresetFolder(tmp_path)
    folder.write("a", "1", overwrite=False)
    with pytest.raises(PresetExists, match="'a'"):
        folder.write("a", "2", overwrite=False)
    assert folder.read("a") == "1"
    folder.write("a", "2", overwrite=True)
    assert folder.read("a") == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"], "nothing is left beside"


@pytest.mark.parametrize(
    "name",
    ["", " a", ".a", "../a", "a/b", "a\\b", "a\0", "a:b", "ä", "a" * 61, "a.", "a ", "con", "NUL.txt", "Lpt1", "/etc/x",
     "a\n", "con .x"],
)  # fmt: skip
def test_a_name_that_is_no_files_everywhere_is_refused(tmp_path: Path, name: str) -> None:
    folder = PresetFolder(tmp_path / "presets")
    with pytest.raises(InvalidPresetName):
        folder.write(name, "x", overwrite=True)
    for attempt in (folder.read, folder.delete):
        with pytest.raises(PresetNotFound):
            attempt(name)
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=70))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    try:
        checked_name(name)
    except InvalidPresetName:
        return
    assert name.isascii()
    assert not set(name) & set("/\\:\0")
    assert name.strip(". ") != ""


def test_files_that_cannot_be_read_are_listed_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\0")
    (tmp_path / "long.json").write_bytes(b" " * (MOST_TEXT_BYTES + 1))
    (tmp_path / "my preset (1).json").write_text("{}")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "notes.txt").write_text("no preset")
    (tmp_path / ".hidden.json").write_text("{}")
    found = {each.name: (each.text, each.problem) for each in PresetFolder(tmp_path).files()}
    assert set(found) == {"binary", "long", "my preset (1)", "folder"}
    assert all(text is None and problem.endswith(".") for text, problem in found.values())
    assert "UTF-8" in found["binary"][1]
    assert "rename it" in found["my preset (1)"][1]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_file_whose_name_is_no_text_is_listed_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.json").write_text("{}")
    (found,) = PresetFolder(tmp_path).files()
    assert (found.name, found.text) == ("caf?", None)
    assert "rename it" in found.problem


def test_a_text_of_another_program_may_begin_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / "notepad.json").write_bytes(b"\xef\xbb\xbf{}")
    assert PresetFolder(tmp_path).read("notepad") == "{}"


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "presets").write_text("in the way")
    folder = PresetFolder(tmp_path / "presets")
    with pytest.raises(PresetsUnwritable, match="presets"):
        folder.write("a", "x", overwrite=False)
    assert folder.files() == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not hold")
def test_a_file_that_is_forbidden_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "a.json").chmod(0)
    with pytest.raises(PresetUnreadable, match="cannot be read"):
        PresetFolder(tmp_path).read("a")
