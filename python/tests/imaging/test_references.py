from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.imaging import Reference, ReferenceNotFound, References
from macroscope_worker.imaging._picture_files import read_tiff

from .frames import random_pixels

if TYPE_CHECKING:
    from pathlib import Path


def keep(
    references: References, name: str = "vessels", animal_id: str = "m12", taken_unix_ns: int = 10**18
) -> Reference:
    return references.keep(
        random_pixels(2, 40, 30) * 0.5,
        12,
        name=name,
        animal_id=animal_id,
        taken_unix_ns=taken_unix_ns,
        frames=2,
        place=(128, 64, 2),
    )


def test_what_is_kept_is_listed_newest_first_and_by_animal(tmp_path: Path) -> None:
    references = References(tmp_path / "references")
    assert references.list() == []
    old = keep(references, taken_unix_ns=10**18)
    new = keep(references, taken_unix_ns=10**18 + 10**12, animal_id="m13")
    assert references.list() == [new, old]
    assert references.list("m12") == [old]
    assert references.find(new.id) == new
    assert (old.sensor_x_px, old.sensor_y_px, old.binning, old.width_px, old.height_px) == (128, 64, 2, 40, 30)


def test_an_average_keeps_the_depth_that_it_gained(tmp_path: Path) -> None:
    mean = np.array([[100.0, 100.25], [100.5, 4095.0]])
    reference = References(tmp_path).keep(
        mean, 12, name="", animal_id="", taken_unix_ns=10**18, frames=4, place=(0, 0, 1)
    )
    values = read_tiff(reference.path)
    facts = json.loads(reference.path.with_suffix(".json").read_text())
    assert values.dtype == np.uint16
    assert values[1, 1] == 65535
    assert np.allclose(values / facts["values_per_count"], mean, atol=0.5 / facts["values_per_count"])


def test_two_at_the_same_second_are_two(tmp_path: Path) -> None:
    references = References(tmp_path)
    assert keep(references).id != keep(references).id
    assert len(references.list()) == 2


def test_a_picture_fits_and_is_stretched(tmp_path: Path) -> None:
    references = References(tmp_path)
    picture = references.picture(keep(references), 20, 20)
    assert picture.shape == (15, 20)
    assert (picture.dtype, picture.min(), picture.max()) == (np.uint8, 0, 255)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "[" * 100_000,
        '{"name": "x"}',
        '{"name": 1, "animal_id": 2, "taken_unix_ns": "x"}',
        '{"name": 1, "animal_id": 2, "taken_unix_ns": 1e999}',
    ],
)
def test_what_others_put_there_is_passed_over(tmp_path: Path, text: str) -> None:
    references = References(tmp_path)
    kept = keep(references)
    (tmp_path / "other.json").write_text(text)
    assert references.list() == [kept]


@given(st.text(max_size=30))
def test_an_id_is_never_a_path(name: str) -> None:
    with pytest.raises(ReferenceNotFound):
        References(__import__("pathlib").Path(__file__).parent).find(name)


def test_a_reference_whose_file_is_gone_is_not_found(tmp_path: Path) -> None:
    references = References(tmp_path)
    kept = keep(references)
    kept.path.unlink()
    with pytest.raises(ReferenceNotFound):
        references.picture(kept, 100, 100)
