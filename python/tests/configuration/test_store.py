"""The configuration that all windows share."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.configuration.v1.settings_pb import Configuration
from tests.configuration.making import Stored, default_settings, settings, stored

from macroscope_worker.configuration import (
    FixedDuringRun,
    InvalidConfiguration,
    NothingToUndo,
    StaleRevision,
    UnknownPath,
)
from macroscope_worker.configuration._paths import changed_paths, value_at

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
