"""Presets of a store."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from macroscope.camera.v1.settings_pb import CameraSettings
from macroscope.configuration.v1.settings_pb import CameraChoice
from tests.configuration.making import SAVED_NS, default_settings, stored

from macroscope_worker.configuration import (
    FixedDuringRun,
    InvalidConfiguration,
    PresetExists,
    PresetNotFound,
    PresetUnreadable,
    StaleRevision,
)
from macroscope_worker.configuration._file_text import write_text
from macroscope_worker.configuration._paths import changed_paths, value_at

if TYPE_CHECKING:
    from tests.configuration.making import Stored

VECTORS = Path(__file__).resolve().parents[3] / "test" / "vectors" / "presets"


def at(made: Stored, path: str) -> Any:
    return value_at(made.store.configuration, path)


def place(made: Stored, vector: str, name: str = "theirs") -> str:
    """Put a vector into the folder, as somebody may do by hand."""
    made.presets.directory.mkdir(parents=True, exist_ok=True)
    text = (VECTORS / f"{vector}.json").read_text(encoding="utf-8")
    (made.presets.directory / f"{name}.json").write_text(text, encoding="utf-8")
    return text


async def test_saves_and_loads_all_but_session_and_display(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(stimulus__gamma=1.0, session__notes="then", display__width_px=800, display__tilt_deg=1.0)
        state = await made.presets.save("dim", "me", overwrite=False)
        assert (state.preset_name, state.differs_from_preset) == ("dim", False)
        await made.set(stimulus__gamma=3.0, session__notes="now", display__width_px=1024, display__tilt_deg=2.0)
        assert made.store.state.differs_from_preset
        state, left_out = await made.presets.load(made.revision, "dim", "me")
        assert left_out == []
        assert (state.preset_name, state.differs_from_preset, state.undo_label) == ("dim", False, "Preset 'dim'")
        assert (at(made, "stimulus.gamma"), at(made, "display.tilt_deg")) == (1, 1)
        assert (at(made, "session.notes"), at(made, "display.width_px")) == ("now", 1024)
        await made.store.undo(made.revision, "me")
        assert (at(made, "stimulus.gamma"), made.store.state.differs_from_preset) == (3, True)


async def test_session_and_display_make_no_difference_to_the_preset(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.presets.save("a", "me", overwrite=False)
        await made.set(session__notes="n", display__refresh_rate_hz=59.9)
        assert not made.store.state.differs_from_preset


async def test_saving_makes_nobody_stale_and_overwrites_only_when_asked(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        base = made.revision
        await made.presets.save("a", "me", overwrite=False)
        with pytest.raises(PresetExists):
            await made.presets.save("a", "me", overwrite=False)
        await made.set(base=base, stimulus__gamma=1.0)
        await made.presets.save("a", "me", overwrite=True)
        assert json.loads((tmp_path / "presets" / "a.json").read_text())["configuration"]["stimulus"]["gamma"] == 1


async def test_lists_them_with_a_line_and_the_broken_ones_with_the_reason(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        assert await made.presets.entries() == []
        await made.set(acquisition__sweeps_per_direction=1)
        await made.presets.save("mine", "me", overwrite=False)
        for vector in ("version-0", "newer-version", "newer-fields", "out-of-range"):
            place(made, vector, vector)
        (made.presets.directory / "broken.json").write_text("{", encoding="utf-8")
        entries = {entry.name: entry for entry in await made.presets.entries()}
        assert entries["mine"].summary == "20° bar, 9 °/s, 1 sweep in each of 4 directions"
        assert (entries["mine"].problem, entries["mine"].saved_unix_ns) == ("", SAVED_NS)
        assert entries["version-0"].summary == "20° bar, 8.5 °/s, 4 sweeps in each of 2 directions"
        assert entries["version-0"].problem == ""
        assert entries["newer-fields"].problem == ""
        assert "version 99" in entries["newer-version"].problem
        assert "It breaks rules: Bar width must be" in entries["out-of-range"].problem
        assert "JSON" in entries["broken"].problem
        assert entries["broken"].saved_unix_ns > 0, "the file's own time"


async def test_an_older_file_loads_under_new_names_and_defaults(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(stimulus__gamma=1.0, session__name="today")
        place(made, "version-0")
        _, left_out = await made.presets.load(made.revision, "theirs", "me")
        assert left_out == []
        assert at(made, "stimulus.reversal_interval_ms") == 200
        assert at(made, "stimulus.gamma") == 2.2, "what a file does not say is the schema's default"
        assert at(made, "session.name") == "today"


async def test_what_is_not_known_here_is_told_and_the_rest_applied(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        place(made, "newer-fields")
        _, left_out = await made.presets.load(made.revision, "theirs", "me")
        assert "laser is not known to this program." in left_out
        assert (at(made, "stimulus.bar_width_deg"), at(made, "acquisition.sweeps_per_direction")) == (12, 3)


@pytest.mark.parametrize(
    ("vector", "error"),
    [("newer-version", PresetUnreadable), ("out-of-range", InvalidConfiguration)],
)
async def test_what_cannot_be_had_is_refused_as_a_whole(tmp_path: Path, vector: str, error: type[Exception]) -> None:
    async with stored(tmp_path, camera=True) as made:
        text = place(made, vector)
        state = made.store.state
        with pytest.raises(error):
            await made.presets.load(made.revision, "theirs", "me")
        with pytest.raises(error):
            await made.presets.take_text(made.revision, text, "me")
        assert made.store.state is state
        assert made.camera.asked == []


async def test_loads_on_the_present_revision_only_and_not_in_a_run(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        base = made.revision
        await made.presets.save("a", "me", overwrite=False)
        await made.set(stimulus__gamma=1.0)
        with pytest.raises(StaleRevision):
            await made.presets.load(base, "a", "me")
        made.store.hold_for_run("run")
        with pytest.raises(FixedDuringRun):
            await made.presets.load(made.revision, "a", "me")
        assert at(made, "stimulus.gamma") == 1


async def test_of_two_windows_that_save_under_one_name_one_is_told(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        results = await asyncio.gather(
            *(made.presets.save("a", str(number), overwrite=False) for number in range(3)), return_exceptions=True
        )
        assert [type(result) for result in results[1:]] == [PresetExists] * 2
        assert made.store.state.changed_by == "0"


async def test_what_changes_while_it_is_saved_differs_from_it(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        saving = asyncio.create_task(made.presets.save("a", "me", overwrite=False))
        await asyncio.sleep(0)
        await made.set(stimulus__gamma=1.0)
        await saving
        assert made.store.state.differs_from_preset


async def test_a_preset_that_is_not_there(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        for attempt in (
            made.presets.load(1, "none", "me"),
            made.presets.load(1, "../configuration", "me"),
            made.presets.delete("none", "me"),
            made.presets.export("none"),
        ):
            with pytest.raises(PresetNotFound):
                await attempt


async def test_deleting_the_preset_in_use_leaves_the_settings(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(stimulus__gamma=1.0)
        await made.presets.save("a", "me", overwrite=False)
        await made.presets.delete("a", "me")
        assert (made.store.state.preset_name, at(made, "stimulus.gamma")) == ("", 1)
        assert await made.presets.entries() == []


async def test_settings_that_the_camera_does_not_have_are_told_and_the_rest_applied(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        await made.set(camera__settings__exposure_us=300.0, stimulus__gamma=1.0)
        await made.presets.save("a", "me", overwrite=False)
        path = made.presets.directory / "a.json"
        content = json.loads(path.read_text())
        content["configuration"]["camera"]["settings"]["gain"] = 3
        path.write_text(json.dumps(content))
        await made.set(camera__settings__exposure_us=100.0, stimulus__gamma=2.0)
        state, left_out = await made.presets.load(made.revision, "a", "me")
        assert left_out == ["gain cannot be set: this camera does not have it."]
        assert (at(made, "camera.settings.exposure_us"), at(made, "camera.settings.gain")) == (300, None)
        assert at(made, "stimulus.gamma") == 1
        assert not state.differs_from_preset, "as it was loaded, not as it was asked"


async def test_a_preset_that_says_nothing_of_a_camera_asks_it_nothing(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        place(made, "version-0")
        await made.presets.load(made.revision, "theirs", "me")
        assert made.camera.asked == []
        assert at(made, "camera.settings.exposure_us") == 100


async def test_exports_what_imports(tmp_path: Path) -> None:
    async with stored(tmp_path / "one") as one, stored(tmp_path / "other") as other:
        await one.set(stimulus__gamma=1.0, session__notes="n", display__width_px=800, display__tilt_deg=1.0)
        name, text = await one.presets.export("")
        assert name == "macroscope-settings.json"
        assert text == one.store.preset_text()
        _, left_out = await other.presets.take_text(other.revision, text, "me")
        assert left_out == []
        assert changed_paths(one.store.configuration, other.store.configuration) == ("display.width_px",)
        assert (other.store.state.undo_label, other.store.state.preset_name) == ("Import", "")
        await one.presets.save("a b", "me", overwrite=False)
        assert await one.presets.export("a b") == ("a b.json", text)


async def test_an_export_of_a_broken_preset_is_refused(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        place(made, "newer-version")
        with pytest.raises(PresetUnreadable):
            await made.presets.export("theirs")


async def test_a_text_that_is_too_long_is_no_preset(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        with pytest.raises(PresetUnreadable, match="longer than"):
            await made.presets.take_text(made.revision, " " * 500_001, "me")


async def test_a_camera_of_the_preset_is_asked_for(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        await made.presets.save("a", "me", overwrite=False)
        made.camera.turn(CameraChoice(camera_id="sim:2", settings=CameraSettings(exposure_us=100.0)))
        await made.next_state()
        await made.presets.load(made.revision, "a", "me")
        assert made.camera.asked[-1].camera_id == "sim:1"
        assert at(made, "camera.camera_id") == "sim:1"


garbage = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.tuples(st.integers(0, 2000), st.binary(max_size=10)).map(
        lambda cut: (text := write_text(default_settings(), "p", 0).encode())[: cut[0]] + cut[1] + text[cut[0] + 3 :]
    ),
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage)
def test_no_file_is_too_strange(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Garbage is refused, or is a preset after all: never is half of it taken."""

    async def load() -> None:
        async with stored(tmp_path_factory.mktemp("garbage")) as made:
            made.presets.directory.mkdir()
            (made.presets.directory / "a.json").write_bytes(content)
            state = made.store.state
            [entry] = await made.presets.entries()
            try:
                await made.presets.load(made.revision, "a", "me")
            except (PresetUnreadable, InvalidConfiguration):
                assert made.store.state is state
                assert entry.problem
            else:
                assert not entry.problem

    asyncio.run(load())
