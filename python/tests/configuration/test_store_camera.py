"""The camera in the configuration: it follows the live one, and the live one is asked for what is changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.camera.v1.settings_pb import CameraSettings
from macroscope.configuration.v1.settings_pb import CameraChoice, Configuration
from tests.configuration.making import Stored, stored

from macroscope_worker.configuration import (
    FixedDuringRun,
    InvalidConfiguration,
    StaleRevision,
)
from macroscope_worker.configuration._paths import changed_paths, value_at
from macroscope_worker.errors import NoCamera, ParameterNotOffered, ParameterOutOfRange

if TYPE_CHECKING:
    from pathlib import Path


def at(made: Stored, path: str) -> Any:
    return value_at(made.store.configuration, path)


async def test_follows_the_live_camera_without_an_undo(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        assert (at(made, "camera.camera_id"), at(made, "camera.settings.exposure_us")) == ("sim:1", 100)
        state = made.store.state
        assert (state.changed_by, state.undo_label) == ("camera", "")
        assert state.derived is not None
        assert state.derived.frames > 0
        made.camera.turn(CameraChoice(camera_id="sim:2", settings=CameraSettings(exposure_us=50.0)))
        await made.next_state()
        assert (at(made, "camera.camera_id"), at(made, "camera.settings.binning")) == ("sim:2", None)
        assert (made.store.state.changed_by, made.store.state.undo_label) == ("camera", "")


async def test_news_of_a_camera_that_is_as_before_make_no_revision(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        revision = made.revision
        for _ in range(3):
            made.camera.turn(made.camera.live())
            for _turn in range(10):  # Of the event loop: the follower has looked.
                await asyncio.sleep(0)
        made.camera.turn(CameraChoice(camera_id="sim:2", settings=CameraSettings(exposure_us=50.0)))
        await made.next_state()
        assert made.revision == revision + 1


async def test_what_is_the_operators_in_the_cameras_group_stays_theirs(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        await made.set(camera__um_per_px=5.5)
        assert made.camera.asked == []
        made.camera.turn(CameraChoice(camera_id="sim:2"))
        await made.next_state()
        assert (at(made, "camera.camera_id"), at(made, "camera.um_per_px")) == ("sim:2", 5.5)
        await made.store.reset(made.revision, ["camera"], "me")
        assert (at(made, "camera.camera_id"), at(made, "camera.um_per_px")) == ("sim:2", None)


async def test_a_camera_that_goes_leaves_its_settings(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        made.camera.turn(None)
        await made.set(stimulus__gamma=1.0)
        assert at(made, "camera.settings.exposure_us") == 100


async def test_what_the_camera_made_of_it_is_what_stands(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        await made.set(camera__settings__binning=2, stimulus__gamma=1.0)
        assert at(made, "camera.settings.binning") == 2
        assert at(made, "camera.settings.frame_rate_hz") == 15, "binning changed it"
        [asked] = made.camera.asked
        assert changed_paths(CameraChoice(), asked) == ("settings.binning",), "nothing else was asked"
        assert made.store.state.undo_label == "3 settings"
        await made.store.undo(made.revision, "me")
        assert (at(made, "camera.settings.binning"), at(made, "stimulus.gamma")) == (1, 2.2)
        assert made.camera.choice is not None
        assert made.camera.choice.settings is not None
        assert made.camera.choice.settings.binning == 1


async def test_a_refusal_of_the_camera_is_a_refusal_of_the_whole(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        state = made.store.state
        with pytest.raises(ParameterOutOfRange):
            await made.set(camera__settings__exposure_us=5000.0, stimulus__gamma=1.0)
        with pytest.raises(ParameterNotOffered):
            await made.set(camera__settings__gain=1.0)
        assert made.store.state is state


async def test_the_camera_is_not_asked_for_what_breaks_rules(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        with pytest.raises(InvalidConfiguration, match="Exposure must be"):
            await made.set(camera__settings__exposure_us=-1.0)
        with pytest.raises(InvalidConfiguration):
            await made.set(camera__settings__exposure_us=50.0, stimulus__gamma=99.0)
        assert made.camera.asked == []


async def test_settings_of_a_camera_that_break_rules_hold_up_nothing_else(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        made.camera.turn(CameraChoice(camera_id="odd", settings=CameraSettings(exposure_us=-5.0)))
        await made.next_state()
        assert made.store.draft(Configuration(), ["stimulus.azimuth_to_deg"])[1] == ()
        await made.set(stimulus__gamma=1.0)
        assert at(made, "stimulus.gamma") == 1
        await made.presets.save("a", "me", overwrite=False)
        [entry] = await made.presets.entries()
        assert "Exposure" in entry.problem, "to load it is to ask for it"


async def test_without_a_camera_its_settings_cannot_change(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        with pytest.raises(NoCamera):
            await made.set(camera__settings__exposure_us=50.0)
        await made.store.reset(made.revision, ["camera"], "me")
        assert made.revision == 1


async def test_what_is_taken_from_a_camera_is_the_cameras_to_choose(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        revision = made.revision
        await made.store.update(revision, Configuration(), ["camera.settings.exposure_us"], "me")
        assert (made.revision, at(made, "camera.settings.exposure_us"), made.camera.asked) == (revision, 100, [])


async def test_a_run_that_begins_while_the_camera_is_busy_holds_the_rest(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        made.camera.gate.clear()
        update = asyncio.create_task(made.set(camera__settings__exposure_us=50.0, stimulus__gamma=1.0))
        await made.camera.entered.wait()
        made.store.hold_for_run("run")
        made.camera.gate.set()
        with pytest.raises(FixedDuringRun):
            await update
        assert at(made, "stimulus.gamma") == 2.2


async def test_nobody_changes_anything_while_the_camera_decides(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        base = made.revision
        made.camera.gate.clear()
        first = asyncio.create_task(made.set(base=base, camera__settings__exposure_us=50.0))
        await made.camera.entered.wait()
        second = asyncio.create_task(made.set(base=base, stimulus__gamma=1.0))
        third = asyncio.create_task(made.store.undo(base, "me"))
        for _turn in range(10):  # Of the event loop.
            await asyncio.sleep(0)
        made.camera.gate.set()
        await first
        for late in (second, third):
            with pytest.raises(StaleRevision):
                await late
        assert (at(made, "stimulus.gamma"), at(made, "camera.settings.exposure_us")) == (2.2, 50)


async def test_a_caller_who_gives_up_leaves_nothing_locked(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        made.camera.gate.clear()
        update = asyncio.create_task(made.set(camera__settings__exposure_us=50.0))
        await made.camera.entered.wait()
        update.cancel()
        await asyncio.gather(update, return_exceptions=True)
        await made.set(stimulus__gamma=1.0)
        assert (at(made, "stimulus.gamma"), at(made, "camera.settings.exposure_us")) == (1, 100)
