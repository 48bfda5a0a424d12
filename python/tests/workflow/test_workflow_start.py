"""Starting a run: what stands against it, and that a start which fails leaves nothing."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.configuration.v1.stimulus_pb import StimulusSettings
from macroscope.workflow.v1.workflow_pb import WorkflowPhase
from tests.workflow.day import day

from macroscope_worker.acquisition import AcquisitionPhase
from macroscope_worker.configuration import FixedDuringRun
from macroscope_worker.errors import FolderUnwritable
from macroscope_worker.workflow import TransitionOvertaken, TransitionRefused, _checked
from macroscope_worker.workflow.checks import CHECKS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio


async def test_what_a_run_is_planned_from_cannot_change_while_its_recording_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        entered, gate = threading.Event(), threading.Event()
        start = here.engine.start_recording

        def waits(*arguments: Any) -> Any:
            entered.set()
            gate.wait(5)
            return start(*arguments)

        monkeypatch.setattr(here.engine, "start_recording", waits)
        starting = asyncio.create_task(here.start())
        await asyncio.to_thread(entered.wait, 5)
        with pytest.raises(FixedDuringRun):
            await here.configure(stimulus=StimulusSettings(bar_width_deg=10))
        gate.set()
        await starting


async def test_of_two_starts_one_is_overtaken(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        preflight = here.workflow.state.preflight
        assert preflight is not None
        accepted = [check.id for check in preflight.checks]
        results = await asyncio.gather(
            here.workflow.start_run(accepted), here.workflow.start_run(accepted), return_exceptions=True
        )
        overtaken = [result for result in results if isinstance(result, TransitionOvertaken)]
        assert [error.guard.id for error in overtaken] == ["not_started"]
        assert len(list((tmp_path / "recordings").iterdir())) == 1


async def test_a_warning_has_to_be_accepted_and_a_failure_cannot_be(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        here.display.display_id = "another"
        await here.ready()
        with pytest.raises(TransitionRefused) as refused:
            await here.workflow.start_run([])
        assert refused.value.guard.id == "warnings_accepted"
        assert "stimulus_full_screen" in [check.id for check in refused.value.checks]
        await here.display.lose()
        await here.workflow.run_preflight()
        with pytest.raises(TransitionRefused) as refused:
            await here.start()
        assert refused.value.guard.id == "checks_passed"
        assert [check.id for check in refused.value.checks] == ["stimulus_display"]


async def test_checks_that_do_not_hold_any_more_are_made_again_by_the_start(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        before = here.workflow.state.preflight
        assert before is not None
        await here.configure(stimulus=StimulusSettings(contrast=0.25))
        state = here.workflow.state
        assert state.preflight is not None
        assert state.preflight.outdated == "The configuration has been changed since."
        await here.start()
        after = here.workflow.state.preflight
        assert after is not None
        assert after.made_ns > before.made_ns
        assert after.configuration_revision > before.configuration_revision
        assert after.outdated == ""
        assert here.workflow.running


async def test_a_start_with_old_checks_is_refused_by_what_the_new_ones_find(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        await here.configure(stimulus=StimulusSettings(contrast=0.25))
        await here.display.lose()
        here.display.display_id = "another"
        here.display.open()
        with pytest.raises(TransitionRefused) as refused:
            await here.workflow.start_run([check.id for check in CHECKS if check.id != "stimulus_full_screen"])
        assert refused.value.guard.id == "warnings_accepted"
        assert [check.id for check in refused.value.checks] == ["stimulus_full_screen"]
        assert here.workflow.state.phase == WorkflowPhase.PRE_FLIGHT
        assert not here.workflow.running


async def test_a_start_whose_new_checks_are_overtaken_again_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        await here.configure(stimulus=StimulusSettings(contrast=0.25))

        async def changes(*_arguments: Any) -> list[Any]:
            await here.configure(stimulus=StimulusSettings(contrast=0.125))
            return []

        monkeypatch.setattr(_checked, "make_checks", changes)
        with pytest.raises(TransitionRefused) as refused:
            await here.start()
        assert refused.value.guard.id == "checks_hold"


async def test_a_start_that_the_disk_refuses_leaves_pre_flight(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        (tmp_path / "recordings").write_text("in the way")
        with pytest.raises(FolderUnwritable):
            await here.start()
        assert here.workflow.state.phase == WorkflowPhase.PRE_FLIGHT
        assert here.workflow.state.run is None
        assert not here.workflow.running
        await here.configure(stimulus=StimulusSettings(bar_width_deg=10))  # Nothing is held.


async def test_a_start_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        starting = asyncio.create_task(here.start())
        await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.PRE_FLIGHT)
        await here.until(lambda: here.engine.acquisition().phase is AcquisitionPhase.IDLE)
        await here.start()


async def test_a_start_that_is_given_up_while_it_waits_ends_nobody_elses_recording(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        steps = [threading.Event() for _ in range(4)]
        entered, may_record, records, may_end = steps

        def record_freely(_cancellation: Any) -> None:
            entered.set()
            may_record.wait(5)
            here.engine.start_recording("free")
            records.set()
            may_end.wait(5)

        other = asyncio.ensure_future(here.workflow._with.threads.command(record_freely))
        await asyncio.to_thread(entered.wait, 5)
        starting = asyncio.create_task(here.start())
        await asyncio.sleep(0)
        may_record.set()
        await asyncio.to_thread(records.wait, 5)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.PRE_FLIGHT)
        may_end.set()
        await other
        assert here.engine.acquisition().phase is AcquisitionPhase.RECORDING
        await asyncio.to_thread(here.engine.stop_recording)


@pytest.mark.parametrize("part", ["plan", "begin"])
async def test_whatever_breaks_in_a_start_leaves_nothing_half_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def breaks(*_: Any) -> None:
        raise ZeroDivisionError

    async with day(tmp_path) as here:
        await here.ready()
        with monkeypatch.context() as broken:
            if part == "plan":
                broken.setattr(here.desk.store, "plan", breaks)
            else:
                broken.setattr(here.desk.stage, "begin_run", breaks)
            with pytest.raises(ZeroDivisionError):
                await here.start()
        await here.until(lambda: here.workflow.state.phase == WorkflowPhase.PRE_FLIGHT and not here.workflow.running)
        assert here.engine.acquisition().phase is AcquisitionPhase.IDLE
        assert not here.desk.store.state.run_active


async def test_a_recording_beside_a_run_keeps_it_from_starting(tmp_path: Path) -> None:
    async with day(tmp_path) as here:
        await here.ready()
        await asyncio.to_thread(here.engine.start_recording, "free")
        with pytest.raises(TransitionRefused) as refused:
            await here.start()
        assert refused.value.guard.id == "no_recording"
        await asyncio.to_thread(here.engine.stop_recording)
