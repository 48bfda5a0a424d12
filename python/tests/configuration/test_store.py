"""The configuration that all windows share."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from macroscope.camera.v1.settings_pb import CameraSettings
from macroscope.configuration.v1.settings_pb import CameraChoice, Configuration
from tests.configuration.making import Stored, default_settings, settings, stored

from macroscope_worker.configuration import (
    FixedDuringRun,
    InvalidConfiguration,
    NothingToUndo,
    StaleRevision,
    UnknownPath,
)
from macroscope_worker.configuration._paths import changed_paths, merged, value_at
from macroscope_worker.errors import NoCamera, ParameterNotOffered, ParameterOutOfRange

if TYPE_CHECKING:
    from pathlib import Path


def at(made: Stored, path: str) -> Any:
    return value_at(made.store.configuration, path)


async def test_starts_with_the_defaults(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        assert made.store.configuration == default_settings()
        state = made.store.state
        assert (state.revision, state.undo_label, state.redo_label, state.preset_name) == (1, "", "", "")
        assert state.derived is not None
        assert not state.run_active
        assert made.told == []


async def test_a_change_is_a_new_revision_with_its_author_and_what_follows(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        before = made.store.state
        await made.set(by="left window", stimulus__bar_width_deg=10.0)
        state = made.store.state
        assert (state.revision, state.changed_by, state.undo_label) == (2, "left window", "Bar width")
        assert state.changed_ns >= before.changed_ns
        assert state.derived is not None
        assert before.derived is not None
        assert state.derived.horizontal_sweep_deg == before.derived.horizontal_sweep_deg - 10
        assert value_at(before.configuration or Configuration(), "stimulus.bar_width_deg") == 20, "handed out for good"


async def test_listeners_are_told_of_every_state_and_none_stops_the_others(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        heard: list[int] = []

        def broken() -> None:
            raise RuntimeError

        made.store.subscribe(broken)
        unsubscribe = made.store.subscribe(lambda: heard.append(made.revision))
        await made.set(stimulus__gamma=1.0)
        unsubscribe()
        await made.set(stimulus__gamma=2.0)
        assert heard == [2]


async def test_setting_what_is_so_already_changes_nothing(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(stimulus__gamma=2.2)
        assert (made.revision, made.store.state.undo_label) == (1, "")


async def test_all_or_none(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        with pytest.raises(InvalidConfiguration) as caught:
            await made.set(stimulus__gamma=1.0, stimulus__contrast=0.9)
        assert [rule.path for rule in caught.value.broken] == ["stimulus.background", "stimulus.background"]
        with pytest.raises(UnknownPath, match=r"stimulus\.colour"):
            await made.store.update(made.revision, Configuration(), ["stimulus.gamma", "stimulus.colour"], "me")
        assert made.store.configuration == default_settings()
        assert made.revision == 1


async def test_the_later_of_two_editors_is_told_and_overwrites_nothing(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        base = made.revision
        await made.set(by="left window", stimulus__gamma=1.0, session__notes="dim")
        with pytest.raises(StaleRevision, match=r"left window has changed .* \(Notes, Gamma\)") as caught:
            await made.set(by="right window", base=base, stimulus__gamma=3.0)
        error = caught.value
        assert (error.base_revision, error.revision, error.changed_by) == (base, base + 1, "left window")
        assert error.paths == ("session.notes", "stimulus.gamma")
        assert at(made, "stimulus.gamma") == 1


async def test_of_two_at_once_exactly_one_wins(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        base = made.revision
        results = await asyncio.gather(
            *(made.set(by=str(number), base=base, stimulus__gamma=1.0 + number / 10) for number in range(5)),
            return_exceptions=True,
        )
        assert results[0] is None
        assert all(isinstance(result, StaleRevision) for result in results[1:])
        assert (at(made, "stimulus.gamma"), made.revision) == (1.0, base + 1)


@pytest.mark.parametrize("base", [0, 2, 2**63])
async def test_a_revision_that_never_was_is_stale(tmp_path: Path, base: int) -> None:
    async with stored(tmp_path) as made:
        for attempt in (
            made.set(base=base, stimulus__gamma=1.0),
            made.store.undo(base, "me"),
            made.store.redo(base, "me"),
            made.store.reset(base, ["stimulus"], "me"),
        ):
            with pytest.raises(StaleRevision):
                await attempt


async def test_the_begin_of_a_run_makes_nobody_stale(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        base = made.revision
        made.store.hold_for_run("run")
        assert made.revision == base + 1
        await made.set(base=base, session__notes="moved")
        assert at(made, "session.notes") == "moved"


async def test_a_run_holds_fixed_what_may_not_change(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(stimulus__gamma=1.0)
        made.store.hold_for_run("2026-11-21_a")
        assert made.store.state.run_active
        with pytest.raises(FixedDuringRun, match="Bar width, Gamma cannot") as caught:
            await made.set(stimulus__gamma=2.0, stimulus__bar_width_deg=1.0, session__notes="n")
        assert caught.value.run_id == "2026-11-21_a"
        assert set(caught.value.paths) == {"stimulus.gamma", "stimulus.bar_width_deg"}
        with pytest.raises(FixedDuringRun):
            await made.store.undo(made.revision, "me")
        with pytest.raises(FixedDuringRun):
            await made.store.reset(made.revision, ["stimulus"], "me")
        assert (at(made, "stimulus.gamma"), at(made, "session.notes")) == (1, "")

        await made.set(session__notes="the animal moved")
        await made.store.undo(made.revision, "me")
        assert at(made, "session.notes") == ""

        made.store.hold_for_run(None)
        assert not made.store.state.run_active
        await made.store.undo(made.revision, "me")
        assert at(made, "stimulus.gamma") == 2.2


async def test_undo_and_redo_name_what_they_do(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(stimulus__gamma=1.0)
        await made.set(stimulus__bar_width_deg=10.0, session__notes="n", display__tilt_deg=0.0)
        assert made.store.state.undo_label == "3 settings"
        state = await made.store.undo(made.revision, "other")
        assert (state.undo_label, state.redo_label, state.changed_by) == ("Gamma", "3 settings", "other")
        assert at(made, "stimulus.bar_width_deg") == 20
        await made.store.undo(made.revision, "me")
        with pytest.raises(NothingToUndo, match="take back"):
            await made.store.undo(made.revision, "me")
        await made.store.redo(made.revision, "me")
        await made.store.redo(made.revision, "me")
        with pytest.raises(NothingToUndo, match="make again"):
            await made.store.redo(made.revision, "me")
        assert (at(made, "stimulus.gamma"), at(made, "session.notes")) == (1, "n")


async def test_reset_gives_groups_and_fields_their_defaults(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(stimulus__gamma=1.0, stimulus__azimuth_to_deg=10.0, session__notes="n", display__tilt_deg=1.0)
        await made.store.reset(made.revision, ["stimulus", "session.notes"], "me")
        assert changed_paths(default_settings(), made.store.configuration) == ("display.tilt_deg",)


async def test_a_field_that_is_absent_in_an_update_loses_its_value(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(stimulus__azimuth_to_deg=10.0)
        await made.store.update(made.revision, Configuration(), ["stimulus.azimuth_to_deg", "session.notes"], "me")
        assert at(made, "stimulus.azimuth_to_deg") is None
        with pytest.raises(InvalidConfiguration, match="Gamma must have a value"):
            await made.store.update(made.revision, Configuration(), ["stimulus.gamma"], "me")


async def test_a_draft_changes_nothing(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        state = made.store.state
        derived, broken = made.store.draft(settings({"stimulus.gamma": 99.0}), ["stimulus.gamma"])
        assert derived is not None
        assert [rule.path for rule in broken] == ["stimulus.gamma"]
        slower, _ = made.store.draft(settings({"camera.settings.frame_rate_hz": 15.0}), ["camera.settings"])
        assert slower is not None
        assert state.derived is not None
        assert slower.frames == pytest.approx(state.derived.frames / 2, abs=1)
        with pytest.raises(UnknownPath):
            made.store.draft(Configuration(), ["nothing"])
        assert made.store.state is state
        assert made.camera.asked == []


# The camera.


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


# The plan, and what is kept.


async def test_plans_the_run_that_is_asked_for(tmp_path: Path) -> None:
    async with stored(tmp_path) as made:
        await made.set(acquisition__sweeps_per_direction=2)
        plan = made.store.plan()
        assert len(plan.sweeps) == 8
        assert made.store.state.derived is not None
        assert plan.duration_s == made.store.state.derived.run_s


async def test_a_worker_that_starts_again_goes_on_with_the_same(tmp_path: Path) -> None:
    async with stored(tmp_path, camera=True) as made:
        await made.set(stimulus__gamma=1.0, stimulus__azimuth_to_deg=10.0, session__notes="n")
        await made.presets.save("mine", "me", overwrite=False)
        await made.set(display__tilt_deg=1.0)
        configuration, revision = made.store.configuration, made.revision
    async with stored(tmp_path) as again:
        assert again.store.configuration == configuration
        state = again.store.state
        assert state.revision > revision
        assert (state.preset_name, state.differs_from_preset, state.undo_label) == ("mine", True, "")
        assert again.told == []
        with pytest.raises(StaleRevision):
            await again.set(base=revision, stimulus__gamma=2.0)


async def test_what_was_answered_is_on_the_disk(tmp_path: Path) -> None:
    """A worker that is killed after its answer has lost nothing."""
    made = Stored(tmp_path)
    await made.set(stimulus__gamma=1.0)
    async with stored(tmp_path) as other:
        assert at(other, "stimulus.gamma") == 1
    await made.store.close()


async def test_a_disk_that_refuses_is_told_of_once_and_refuses_no_change(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("in the way")
    async with stored(folder) as made:
        told = list(made.told)
        await made.set(stimulus__gamma=1.0)
        await made.set(stimulus__gamma=1.5)
        assert at(made, "stimulus.gamma") == 1.5
        assert made.told.codes[len(told) :] == ["configuration.not_kept"]


# Any sequence of commands, against a model.

FIELDS = {
    "stimulus.gamma": st.floats(0.5, 5),
    "stimulus.azimuth_to_deg": st.one_of(st.none(), st.floats(-60, 20)),
    "display.tilt_deg": st.floats(-20, 30),
    "session.notes": st.text(max_size=5),
    "acquisition.sweeps_per_direction": st.integers(1, 20),
    "camera.settings.exposure_us": st.floats(10, 1000),
    "camera.um_per_px": st.one_of(st.none(), st.floats(1, 10)),
}
assignments = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.none(), min_size=1).flatmap(
    lambda chosen: st.fixed_dictionaries({path: FIELDS[path] for path in chosen})
)
steps: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    st.tuples(st.just("update"), assignments),
    st.tuples(st.just("stale"), assignments),
    st.tuples(st.just("undo"), st.just({})),
    st.tuples(st.just("redo"), st.just({})),
    st.tuples(st.just("reset"), assignments),
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=12))
def test_any_sequence_of_commands_is_as_in_a_model(
    tmp_path_factory: pytest.TempPathFactory, sequence: list[tuple[str, dict[str, Any]]]
) -> None:
    asyncio.run(run_against_model(tmp_path_factory.mktemp("model"), sequence))


async def run_against_model(directory: Path, sequence: list[tuple[str, dict[str, Any]]]) -> None:
    """The model: whole configurations in two lists, one to go back in and one to go forward."""
    async with stored(directory, camera=True) as made:
        present = made.store.configuration
        past: list[Configuration] = []
        future: list[Configuration] = []
        for verb, values in sequence:
            revision = made.revision
            wanted = merged(present, settings(values) if verb == "update" else default_settings(), list(values))
            if verb == "stale":
                with pytest.raises(StaleRevision):
                    await made.store.update(revision + 1, settings(values), list(values), "model")
            elif verb in ("undo", "redo"):
                source, target = (past, future) if verb == "undo" else (future, past)
                if source:
                    await getattr(made.store, verb)(revision, "model")
                    target.append(present)
                    present = source.pop()
                    assert made.revision == revision + 1
                else:
                    with pytest.raises(NothingToUndo):
                        await getattr(made.store, verb)(revision, "model")
            else:
                if verb == "reset":  # A camera has no defaults.
                    wanted = merged(wanted, present, ["camera.settings"])
                    await made.store.reset(revision, list(values), "model")
                else:
                    await made.store.update(revision, settings(values), list(values), "model")
                if changed_paths(present, wanted):
                    past.append(present)
                    future.clear()
                    present = wanted
            assert made.store.configuration == present
            assert (bool(made.store.state.undo_label), bool(made.store.state.redo_label)) == (bool(past), bool(future))
