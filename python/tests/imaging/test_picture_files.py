from __future__ import annotations

import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from macroscope_worker.errors import FolderUnwritable
from macroscope_worker.imaging._picture_files import new_stem, read_tiff, stretched, write_json, write_png, write_tiff

from .frames import random_pixels

if TYPE_CHECKING:
    from typing import BinaryIO

NOON_NS = 1_772_360_100_000_000_000


@pytest.mark.parametrize("bits", [8, 16])
def test_a_tiff_has_the_values_and_says_what_they_are(tmp_path: Path, bits: int) -> None:
    pixels = random_pixels(3, 17, 9, bits)
    path = tmp_path / "a.tiff"
    write_tiff(path, pixels, {"frame_id": 7, "animal_id": "m\u00e4use"})
    assert np.array_equal(read_tiff(path), pixels)
    with tifffile.TiffFile(path) as file:
        assert json.loads(str(file.pages.first.description)) == {"frame_id": 7, "animal_id": "m\u00e4use"}


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    path.write_text("precious")
    for write in (
        partial(write_tiff, path, random_pixels(1, 4, 4), {}),
        partial(write_png, path, random_pixels(1, 4, 4, 8)),
        partial(write_json, path, {}),
    ):
        with pytest.raises(FolderUnwritable):
            write()
    assert path.read_text() == "precious"


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first = new_stem(folder, "focus", NOON_NS, (".tiff", ".png"))
    (folder / f"{first.name}.png").touch()
    second = new_stem(folder, "focus", NOON_NS, (".tiff", ".png"))
    assert first.name.endswith("_focus")
    assert second.name == f"{first.name}_2"
    assert new_stem(folder, "", NOON_NS, (".tiff",)).name == first.name.removesuffix("_focus")


def test_a_dot_in_a_name_ends_nothing(tmp_path: Path) -> None:
    stem = new_stem(tmp_path, "v1.left", NOON_NS, (".tiff",))
    assert stem.name.endswith("_v1.left")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnwritable):
        new_stem(tmp_path / "file" / "snapshots", "", NOON_NS, (".tiff",))


def test_what_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with pytest.raises(TypeError):
        write_json(path, {"x": object()})
    assert not path.exists()


def test_what_fails_half_way_is_closed_before_it_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows removes no file that is open."""
    path = tmp_path / "a.png"
    opened: list[BinaryIO] = []

    def full(_picture: Image.Image, file: BinaryIO, **_options: str) -> None:
        opened.append(file)
        raise OSError(28, "No space left on device")

    unlink = Path.unlink

    def as_on_windows(self: Path, missing_ok: bool = False) -> None:
        if not opened[0].closed:
            raise PermissionError(13, "it is being used")
        unlink(self, missing_ok)

    monkeypatch.setattr(Image.Image, "save", full)
    monkeypatch.setattr(Path, "unlink", as_on_windows)
    with pytest.raises(FolderUnwritable, match="No space"):
        write_png(path, random_pixels(1, 4, 4, 8))
    assert not path.exists()


@settings(deadline=None)
@given(st.binary(max_size=20), st.integers(0, 700))
def test_a_damaged_picture_is_one_kind_of_error(data: bytes, place: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.tiff"
        write_tiff(path, random_pixels(3, 17, 9), {})
        whole = path.read_bytes()
        path.write_bytes(whole[:place] + data + whole[place + len(data) :])
        with suppress(OSError, ValueError):
            assert read_tiff(path).ndim == 2


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((9, 17, 3), np.uint8),
        np.full((9, 17), np.nan, np.float32),
        np.full((9, 17), -5, np.int32),
    ],
)
def test_another_kind_of_picture_is_refused(tmp_path: Path, values: np.ndarray[Any, Any]) -> None:
    tifffile.imwrite(tmp_path / "a.tiff", values)
    with pytest.raises(ValueError, match="shades of grey"):
        read_tiff(tmp_path / "a.tiff")


def test_stretching_goes_from_the_darkest_to_the_brightest(tmp_path: Path) -> None:
    pixels = np.linspace(1000, 3000, 10_000).astype(np.uint16).reshape(100, 100)
    pixels[0, 0], pixels[0, 1] = 0, 4095
    grey = stretched(pixels, 12)
    assert (grey.min(), grey.max()) == (0, 255)
    assert abs(int(grey[50, 0]) - 127) <= 2
    path = tmp_path / "a.png"
    write_png(path, grey)
    with Image.open(path) as picture:
        assert np.array_equal(np.asarray(picture), grey)


def test_a_flat_picture_can_be_stretched_too() -> None:
    assert stretched(np.full((4, 4), 77, np.uint16), 12).max() == 0
