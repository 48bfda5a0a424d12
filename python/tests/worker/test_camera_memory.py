from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.acquisition import CameraPhase, CameraSnapshot
from macroscope_worker.cameras import CameraDescription, NumberRange, Parameter
from macroscope_worker.errors import CameraNotFound, ParameterOutOfRange
from macroscope_worker.worker.camera_memory import MEMORY_NAME, RememberedCamera

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DESCRIPTION = CameraDescription("simulated:one", "One", "simulated")


class Owner:
    """A camera whose region may be as wide as its binning leaves it."""

    def __init__(self) -> None:
        self.values = {"region_of_interest.x_px": 0.0, "region_of_interest.width_px": 100.0, "binning": 4.0}
        self.calls: list[dict[str, float]] = []

    def snapshot(self) -> CameraSnapshot:
        parameters = {
            name: Parameter(name, value, NumberRange(0, 400), read_only=name == "temperature_c")
            for name, value in self.values.items()
        }
        return CameraSnapshot(1, CameraPhase.LIVE, DESCRIPTION, parameters)

    def select_camera(self, camera_id: str) -> CameraSnapshot:
        if camera_id != DESCRIPTION.id:
            raise CameraNotFound(camera_id)
        return self.snapshot()

    def configure(self, changes: Mapping[str, float]) -> CameraSnapshot:
        self.calls.append(dict(changes))
        after = {**self.values, **changes}
        if after["region_of_interest.width_px"] * after["binning"] > 400 or "lost" in changes:
            name = next(iter(changes))
            raise ParameterOutOfRange(name, changes[name], "less")
        self.values = after
        return self.snapshot()


def test_what_was_stored_is_loaded(tmp_path: Path) -> None:
    remembered = RememberedCamera("pylon:0815-0000", {"exposure_us": 7000.5, "binning": 2.0})
    remembered.store(tmp_path)
    assert RememberedCamera.load(tmp_path) == remembered
    assert [path.name for path in tmp_path.iterdir()] == [MEMORY_NAME]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "[" * 100_000,
        "{}",
        '{"camera_id": "x"}',
        '{"camera_id": "x", "settings": []}',
        '{"settings": {"a": "b"}}',
        f'{{"camera_id": "x", "settings": {{"a": 1{400 * "0"}}}}}',
    ],
)
def test_what_makes_no_sense_is_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / MEMORY_NAME).write_text(content)
    assert RememberedCamera.load(tmp_path) is None


def test_nothing_is_remembered_where_nothing_was(tmp_path: Path) -> None:
    assert RememberedCamera.load(tmp_path / "absent") is None


def test_only_a_live_camera_and_what_can_be_set_are_remembered() -> None:
    owner = Owner()
    owner.values["temperature_c"] = 20.0
    remembered = RememberedCamera.of(owner.snapshot())
    assert remembered is not None
    assert remembered.camera_id == DESCRIPTION.id
    assert "temperature_c" not in remembered.settings
    assert RememberedCamera.of(CameraSnapshot(2, CameraPhase.CLOSED)) is None


def test_settings_that_depend_on_each_other_come_back_whatever_their_order() -> None:
    owner = Owner()
    # The region fits only after the binning has changed.
    wanted = {"region_of_interest.x_px": 50.0, "region_of_interest.width_px": 300.0, "binning": 1.0}
    assert RememberedCamera(DESCRIPTION.id, wanted).restore(owner) == []
    assert owner.values == wanted
    # The sides of the region go together.
    assert {"region_of_interest.x_px": 50.0, "region_of_interest.width_px": 300.0} in owner.calls


def test_settings_that_are_not_taken_any_more_are_told() -> None:
    owner = Owner()
    assert RememberedCamera(DESCRIPTION.id, {"lost": 1.0, "binning": 2.0}).restore(owner) == ["lost"]
    assert owner.values["binning"] == 2.0


def test_settings_that_are_there_already_are_not_set_again() -> None:
    owner = Owner()
    RememberedCamera(DESCRIPTION.id, dict(owner.values)).restore(owner)
    assert owner.calls == []


def test_a_camera_that_is_gone_is_told() -> None:
    with pytest.raises(CameraNotFound):
        RememberedCamera("simulated:gone").restore(Owner())


def test_the_file_is_plain_json(tmp_path: Path) -> None:
    RememberedCamera("a", {"gain": 1.0}).store(tmp_path)
    assert json.loads((tmp_path / MEMORY_NAME).read_text()) == {"camera_id": "a", "settings": {"gain": 1.0}}
