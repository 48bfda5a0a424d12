"""The configuration over a connection, as windows have it."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.camera.v1.errors_pb import ParameterRejected
from macroscope.configuration.v1 import errors_pb
from macroscope.configuration.v1.configuration_connect import ConfigurationServiceClient
from macroscope.configuration.v1.configuration_pb import (
    ConfigurationState,
    DeletePresetRequest,
    EvaluateConfigurationRequest,
    ExportConfigurationRequest,
    ImportConfigurationRequest,
    ListPresetsRequest,
    LoadPresetRequest,
    RedoConfigurationRequest,
    ResetConfigurationRequest,
    SavePresetRequest,
    UndoConfigurationRequest,
    UpdateConfigurationRequest,
    WatchConfigurationRequest,
)
from macroscope.rpc.v1.errors_pb import InvalidFields, RoleNeeded
from macroscope.rpc.v1.options_pb import Role
from tests.configuration.making import settings
from tests.rpc.pair import CLIENT, SERVER
from tests.rpc.serving import bare
from tests.services.fake_engine import CORTEX
from tests.services.test_camera_wishes import ObeyingEngine

from macroscope_worker.configuration import ConfigurationStore, Presets
from macroscope_worker.configuration._paths import value_at
from macroscope_worker.rpc.server import Server
from macroscope_worker.services.camera_wishes import CameraWishes
from macroscope_worker.services.configuration import ConfigurationService
from macroscope_worker.services.engine_threads import EngineThreads
from macroscope_worker.services.error_mapping import translate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from protobuf import Message


class Desk:
    """A server with one configuration, and windows that connect to it."""

    def __init__(self, directory: Path) -> None:
        self.engine, self.threads = ObeyingEngine(), EngineThreads()
        self.store = ConfigurationStore(directory, program="test", tell=lambda *_: pytest.fail("nothing is wrong"))
        self.store.follow(CameraWishes(self.engine, self.threads))
        service = ConfigurationService(self.store, Presets(self.store, directory / "presets"))
        self.server = Server(SERVER, [service], translate=translate)

    async def window(self, label: str = "window", role: Role = Role.OPERATOR) -> ConfigurationServiceClient:
        greeting = type(CLIENT)(build="client 1", role=Role.UNSPECIFIED, label=label)
        return (await bare(self.server, role=role, greeting=greeting)).client(ConfigurationServiceClient)

    @property
    def revision(self) -> int:
        return self.store.state.revision


@asynccontextmanager
async def desk(directory: Path) -> AsyncIterator[Desk]:
    here = Desk(directory)
    try:
        yield here
    finally:
        here.server.close()
        await here.store.close()
        here.threads.close()


def update(base: int, **values: Any) -> UpdateConfigurationRequest:
    paths = {name.replace("__", "."): value for name, value in values.items()}
    return UpdateConfigurationRequest(base_revision=base, configuration=settings(paths), paths=list(paths))


def at(state: ConfigurationState | None, path: str) -> Any:
    assert state is not None
    assert state.configuration is not None
    return value_at(state.configuration, path)


def the_detail(error: ConnectError, kind: type[Message[Any]]) -> Any:
    found = [value for each in error.details if (value := each.value(kind)) is not None]
    assert len(found) == 1
    return found[0]


async def test_a_window_watches_what_another_one_changes(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        left, right = await here.window("left window"), await here.window("right window", Role.VIEWER)
        states = right.watch_configuration(WatchConfigurationRequest())
        first = (await anext(states)).state
        while at(first, "camera.camera_id") != CORTEX.id:
            first = (await anext(states)).state
        assert first is not None
        assert first.derived is not None
        assert first.derived.frames > 0
        answered = (await left.update_configuration(update(first.revision, stimulus__gamma=1.0))).state
        seen = (await anext(states)).state
        assert seen == answered
        assert seen is not None
        assert (seen.changed_by, seen.undo_label) == ("left window", "Gamma")


async def test_the_later_of_two_windows_is_told_what_and_by_whom(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        left, right = await here.window("left window"), await here.window("right window")
        base = here.revision
        await left.update_configuration(update(base, stimulus__gamma=1.0))
        with pytest.raises(ConnectError) as caught:
            await right.update_configuration(update(base, stimulus__gamma=2.0))
        assert caught.value.code is Code.ABORTED
        stale = the_detail(caught.value, errors_pb.StaleRevision)
        assert (stale.base_revision, stale.revision, stale.changed_by) == (base, here.revision, "left window")
        assert stale.changed_paths == ["stimulus.gamma"]
        state = (await right.update_configuration(update(stale.revision, stimulus__gamma=2.0))).state
        assert at(state, "stimulus.gamma") == 2


async def test_broken_rules_are_told_at_paths_of_the_configuration(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window()
        with pytest.raises(ConnectError) as caught:
            await window.update_configuration(update(here.revision, stimulus__background=0.1, stimulus__gamma=9.0))
        assert caught.value.code is Code.INVALID_ARGUMENT
        fields = the_detail(caught.value, InvalidFields)
        assert fields.message_type == "macroscope.configuration.v1.Configuration"
        assert {(each.field, each.rule) for each in fields.violations} == {
            ("stimulus.background", "background.not_below_contrast"),
            ("stimulus.gamma", "double.gte_lte"),
        }


async def test_no_field_of_that_name(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window()
        request = UpdateConfigurationRequest(base_revision=here.revision, paths=["stimulus.colour"])
        for attempt in (
            window.update_configuration(request),
            window.evaluate_configuration(EvaluateConfigurationRequest(paths=["stimulus.colour"])),
            window.reset_configuration(
                ResetConfigurationRequest(base_revision=here.revision, paths=["stimulus.colour"])
            ),
        ):
            with pytest.raises(ConnectError, match=r"stimulus\.colour") as caught:
                await attempt
            assert caught.value.code is Code.INVALID_ARGUMENT


async def test_a_draft_is_judged_and_nothing_changes_whatever_it_is(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window(role=Role.VIEWER)
        state = here.store.state
        drafts = [
            {"stimulus.gamma": 9.0},
            {"stimulus.azimuth_from_deg": 20.0, "stimulus.azimuth_to_deg": 10.0},
            {"stimulus.bar_width_deg": float("nan")},
            {"display.distance_cm": float("inf")},
            {"acquisition.baseline_s": 1e300},
            {"camera.settings.exposure_us": -1.0},
        ]
        for draft in drafts:
            answer = await window.evaluate_configuration(
                EvaluateConfigurationRequest(configuration=settings(draft), paths=list(draft))
            )
            assert {problem.path for problem in answer.problems} <= set(draft)
            assert answer.problems, draft
            assert all(problem.message and problem.rule_id for problem in answer.problems)
        good = await window.evaluate_configuration(
            EvaluateConfigurationRequest(
                configuration=settings({"stimulus.bar_width_deg": 10.0}), paths=["stimulus.bar_width_deg"]
            )
        )
        assert list(good.problems) == []
        assert good.derived is not None
        assert state.derived is not None
        assert good.derived.horizontal_sweep_deg == pytest.approx(state.derived.horizontal_sweep_deg - 10)
        now = await window.evaluate_configuration(EvaluateConfigurationRequest())
        assert now.derived == here.store.state.derived
        assert here.store.configuration == state.configuration
        assert here.engine.changes == []


async def test_what_the_camera_refuses_is_refused_with_its_own_detail(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window()
        with pytest.raises(ConnectError) as caught:
            await window.update_configuration(
                update(here.revision, camera__settings__exposure_us=5000.0, stimulus__gamma=1.0)
            )
        assert caught.value.code is Code.OUT_OF_RANGE
        assert the_detail(caught.value, ParameterRejected).parameter == "exposure_us"
        state = (await window.update_configuration(update(here.revision, camera__settings__binning=4))).state
        assert at(state, "camera.settings.region_of_interest.width_px") == 128, "what the camera made of it"


async def test_a_run_holds_what_may_not_change(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window()
        here.store.hold_for_run("run 1")
        with pytest.raises(ConnectError) as caught:
            await window.update_configuration(update(here.revision, stimulus__gamma=1.0, session__notes="n"))
        assert caught.value.code is Code.FAILED_PRECONDITION
        fixed = the_detail(caught.value, errors_pb.FixedDuringRun)
        assert (list(fixed.paths), fixed.run_id) == (["stimulus.gamma"], "run 1")
        state = (await window.update_configuration(update(here.revision, session__notes="n"))).state
        assert at(state, "session.notes") == "n"
        assert state is not None
        assert state.run_active


async def test_undo_redo_and_reset(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window()
        with pytest.raises(ConnectError) as caught:
            await window.undo_configuration(UndoConfigurationRequest(base_revision=here.revision))
        assert caught.value.code is Code.FAILED_PRECONDITION
        await window.update_configuration(update(here.revision, stimulus__gamma=1.0))
        undone = (await window.undo_configuration(UndoConfigurationRequest(base_revision=here.revision))).state
        assert at(undone, "stimulus.gamma") == 2.2
        redone = (await window.redo_configuration(RedoConfigurationRequest(base_revision=here.revision))).state
        assert at(redone, "stimulus.gamma") == 1
        request = ResetConfigurationRequest(base_revision=here.revision, paths=["stimulus"])
        assert at((await window.reset_configuration(request)).state, "stimulus.gamma") == 2.2


async def test_presets_from_saving_to_deleting(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window()
        await window.update_configuration(update(here.revision, stimulus__gamma=1.0))
        saved = (await window.save_preset(SavePresetRequest(name="dim light"))).state
        assert saved is not None
        assert saved.preset_name == "dim light"
        with pytest.raises(ConnectError) as caught:
            await window.save_preset(SavePresetRequest(name="dim light"))
        assert caught.value.code is Code.ALREADY_EXISTS
        await window.save_preset(SavePresetRequest(name="dim light", overwrite=True))

        listed = await window.list_presets(ListPresetsRequest())
        assert listed.directory == str(tmp_path / "presets")
        assert [(entry.name, entry.problem) for entry in listed.presets] == [("dim light", "")]
        assert listed.presets[0].saved_unix_ns > 0
        assert "20° bar" in listed.presets[0].summary

        await window.update_configuration(update(here.revision, stimulus__gamma=3.0))
        loaded = await window.load_preset(LoadPresetRequest(base_revision=here.revision, name="dim light"))
        assert (at(loaded.state, "stimulus.gamma"), list(loaded.left_out)) == (1, [])

        exported = await window.export_configuration(ExportConfigurationRequest(preset_name="dim light"))
        assert exported.file_name == "dim light.json"
        content = json.loads(exported.text)
        content["configuration"]["stimulus"]["gamma"] = 4.0
        content["configuration"]["laser"] = {}
        imported = await window.import_configuration(
            ImportConfigurationRequest(base_revision=here.revision, text=json.dumps(content))
        )
        assert (at(imported.state, "stimulus.gamma"), list(imported.left_out)) == (
            4,
            ["laser is not known to this program."],
        )
        await window.delete_preset(DeletePresetRequest(name="dim light"))
        assert list((await window.list_presets(ListPresetsRequest())).presets) == []


async def test_presets_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window()
        for attempt, code in (
            (window.load_preset(LoadPresetRequest(base_revision=here.revision, name="none")), Code.NOT_FOUND),
            (window.load_preset(LoadPresetRequest(base_revision=here.revision, name="../x")), Code.NOT_FOUND),
            (window.delete_preset(DeletePresetRequest(name="none")), Code.NOT_FOUND),
            (window.export_configuration(ExportConfigurationRequest(preset_name="none")), Code.NOT_FOUND),
            (
                window.import_configuration(ImportConfigurationRequest(base_revision=here.revision, text="{}")),
                Code.FAILED_PRECONDITION,
            ),
        ):
            with pytest.raises(ConnectError) as caught:
                await attempt
            assert caught.value.code is code
            assert the_detail(caught.value, errors_pb.PresetProblem).cause.endswith(".")
        with pytest.raises(ConnectError) as caught:
            await window.save_preset(SavePresetRequest(name="con"))
        assert caught.value.code is Code.INVALID_ARGUMENT


async def test_a_viewer_changes_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        window = await here.window(role=Role.VIEWER)
        for attempt in (
            window.update_configuration(update(here.revision, stimulus__gamma=1.0)),
            window.undo_configuration(UndoConfigurationRequest()),
            window.save_preset(SavePresetRequest(name="a")),
            window.delete_preset(DeletePresetRequest(name="a")),
        ):
            with pytest.raises(ConnectError) as caught:
                await attempt
            assert the_detail(caught.value, RoleNeeded).needed == Role.OPERATOR
