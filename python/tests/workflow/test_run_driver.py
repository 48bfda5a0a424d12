"""What the driver does with a sequencer; whole runs of it are in `test_workflow.py`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from macroscope.workflow.v1.workflow_pb import RunOutcome, RunStep, SweepFault, SweepOutcome
from tests.workflow.bench import RECORDING, Bench
from tests.workflow.simulated_run import make_plan

from macroscope_worker.acquisition import AcquisitionPhase, Fault, FrameTally, RecordingOutcome
from macroscope_worker.clock import clock_ns
from macroscope_worker.stimulus import ShowingFigures
from macroscope_worker.workflow._run_driver import RunDriver
from macroscope_worker.workflow._run_news import RunNews
from macroscope_worker.workflow._sequence import Failed, Resume, StopNow
from macroscope_worker.workflow._sequencer import Sequencer

if TYPE_CHECKING:
    from macroscope.stimulus.v1.stimulus_pb import BarSweep

    from macroscope_worker.acquisition import RecordingSummary

pytestmark = pytest.mark.asyncio

QUICK = make_plan(directions=1, sweeps=1, baseline_s=0.1, sweep_s=(0.2,))


class Threads:
    """Stops in a thread, as the real ones do."""

    async def stop(self, function: Any) -> Any:
        return await asyncio.to_thread(function)


class Driven:
    """A driver over a bench: sixty flips are told for each showing, unless the test says otherwise."""

    def __init__(self, plan: Any = QUICK, *, flips: int = 60, misses_accepted: bool = False) -> None:
        self.bench = Bench()
        self.bench.recording()
        self.told: list[BarSweep | None] = []
        self.ended_with: RecordingSummary | Exception = replace(RECORDING, outcome=RecordingOutcome.COMPLETE)
        instruments = replace(self.bench.instruments, threads=cast("Any", Threads()), clock=clock_ns)
        stage = cast("Any", instruments.stage)
        stage.show = self.told.append
        # By the plan: of a sweep of 0.2 s at 60 Hz.
        self.flips = flips
        type(stage).showing = staticmethod(
            lambda _number: ShowingFigures(self.flips, 1, clock_ns(), clock_ns()) if self.flips else ShowingFigures()
        )
        cast("Any", instruments.engine).stop_recording = self._stop
        self.boundaries = self.ticks = 0
        self.driver = RunDriver(
            Sequencer(plan),
            instruments,
            RunNews(self.bench.notifications),
            misses_accepted=misses_accepted,
            on_boundary=self._boundary,
            on_tick=self._tick,
            on_end=lambda: None,
        )

    def _boundary(self) -> None:
        self.boundaries += 1

    def _tick(self) -> None:
        self.ticks += 1

    def _stop(self) -> RecordingSummary:
        if isinstance(self.ended_with, Exception):
            raise self.ended_with
        return self.ended_with

    async def through(self) -> Sequencer:
        self.driver.begin(RECORDING)
        await asyncio.wait_for(self.driver.ended.wait(), 20)
        return self.driver.sequencer


async def test_shows_each_sweep_ahead_and_grey_at_the_end() -> None:
    here = Driven()
    begun_ns = clock_ns()
    sequencer = await here.through()
    assert sequencer.outcome is RunOutcome.COMPLETE
    (sweep, grey) = here.told
    assert grey is None
    assert sweep is not None
    assert (sweep.showing, sweep.from_deg, sweep.to_deg) == (0, -60, 60)
    assert sweep.started_ns - begun_ns >= 250_000_000
    assert sweep.ended_ns - sweep.started_ns == 200_000_000
    showing = sequencer.shown[0]
    assert (showing.frames, showing.flips, showing.missed_refreshes) == (7, 60, 1)
    # BASELINE_BEFORE, SWEEP, BASELINE_AFTER, judged and ENDING.
    assert here.boundaries == 4
    assert here.ticks > here.boundaries


@pytest.mark.parametrize(
    ("flips", "accepted", "outcome"),
    [
        (0, False, SweepOutcome.BROKEN),
        (5, False, SweepOutcome.BROKEN),
        (7, False, SweepOutcome.COMPLETE),
        (5, True, SweepOutcome.COMPLETE),
        (0, True, SweepOutcome.BROKEN),
    ],
)
async def test_a_sweep_of_twelve_refreshes(*, flips: int, accepted: bool, outcome: SweepOutcome) -> None:
    here = Driven(flips=flips, misses_accepted=accepted)
    here.driver.begin(RECORDING)
    while here.driver.sequencer.step not in {RunStep.PAUSED, RunStep.ENDED}:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(0.02)
    assert here.driver.sequencer.shown[0].outcome is outcome
    here.driver.send(StopNow())
    await asyncio.wait_for(here.driver.ended.wait(), 5)


async def test_a_recording_that_ends_badly_fails_the_run() -> None:
    here = Driven()
    here.ended_with = replace(RECORDING, outcome=RecordingOutcome.FAILED, fault=Fault("The disk is full.", "Free it."))
    sequencer = await here.through()
    assert sequencer.outcome is RunOutcome.FAILED
    assert sequencer.failure is not None
    assert sequencer.failure.message == "The disk is full."
    assert "run_failed" in [note.code for note in here.bench.notifications.snapshot()[1]]


async def test_an_engine_that_breaks_at_the_end_fails_the_run_and_leaves_nobody_waiting() -> None:
    here = Driven()
    here.ended_with = OSError("input/output error")
    sequencer = await here.through()
    assert sequencer.outcome is RunOutcome.FAILED
    assert sequencer.failure is not None
    assert "input/output error" in sequencer.failure.message


async def test_frames_that_cannot_be_counted_keep_no_run_from_its_end() -> None:
    here = Driven()

    def breaks(*_arguments: Any) -> None:
        raise MemoryError

    cast("Any", here.driver._with.engine).frames_between = breaks
    here.driver.begin(RECORDING)
    while here.driver.sequencer.step is not RunStep.PAUSED:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(0.02)
    assert here.driver.sequencer.shown[0].fault is SweepFault.UNKNOWN
    here.driver.send(StopNow())
    await asyncio.wait_for(here.driver.ended.wait(), 5)


async def test_a_sweep_that_lacks_frames_pauses_the_run_says_why_and_can_be_shown_again() -> None:
    here = Driven()
    here.bench.tally = FrameTally(captured=100, written=90, missing=5, newest_ns=1 << 62)
    here.driver.begin(RECORDING)
    while here.driver.sequencer.step is not RunStep.PAUSED:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(0.02)
    run = here.driver.run()
    (sweep,) = run.shown
    assert (sweep.outcome, sweep.broken_by) == (SweepOutcome.BROKEN, SweepFault.FRAMES_MISSING)
    assert (sweep.expected_frames, sweep.frames, sweep.written_frames) == (105, 100, 90)
    assert "15 of 105 camera frames" in run.pause_reason
    assert "Resume" in run.pause_reason
    assert "sweep_frames_missing" in [note.code for note in here.bench.notifications.snapshot()[1]]
    here.bench.tally = FrameTally(captured=100, written=96, missing=1, newest_ns=1 << 62)
    here.driver.send(Resume())
    await asyncio.wait_for(here.driver.ended.wait(), 20)
    assert [showing.outcome for showing in here.driver.sequencer.shown] == [SweepOutcome.BROKEN, SweepOutcome.COMPLETE]
    assert here.driver.sequencer.outcome is RunOutcome.COMPLETE


async def test_a_recording_that_comes_as_it_is_given_up_is_stopped_and_kept() -> None:
    here = Driven()
    here.driver.prepare()
    here.driver.give_up()
    sequencer = await here.through()
    assert (sequencer.outcome, sequencer.failure) == (RunOutcome.STOPPED, None)


async def test_frames_that_the_disk_takes_back_as_it_fails_are_counted_before_the_end() -> None:
    here = Driven(make_plan(directions=1, sweeps=1, baseline_s=1.2, sweep_s=(0.2,)))
    here.driver.begin(RECORDING)
    while not all(showing.judged for showing in here.driver.sequencer.shown) or not here.driver.sequencer.shown:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    assert here.driver.sequencer.shown[0].outcome is SweepOutcome.COMPLETE
    here.bench.tally = FrameTally(captured=7, written=3, newest_ns=1 << 62)
    here.driver.send(Failed("The disk is full.", "Free it."))
    await asyncio.wait_for(here.driver.ended.wait(), 20)
    (sweep,) = here.driver.run().shown
    assert (sweep.outcome, sweep.broken_by, sweep.written_frames) == (SweepOutcome.BROKEN, SweepFault.RUN_FAILED, 3)


async def test_a_recording_that_is_gone_is_seen_by_the_next_tick() -> None:
    here = Driven(make_plan(directions=1, sweeps=1, baseline_s=30))
    here.driver.begin(RECORDING)
    here.bench.recording(AcquisitionPhase.IDLE)
    await asyncio.wait_for(here.driver.ended.wait(), 5)
    assert here.driver.sequencer.outcome is RunOutcome.FAILED


async def test_flips_that_come_after_a_sweep_was_judged_are_counted_before_the_end() -> None:
    here = Driven(make_plan(directions=1, sweeps=1, baseline_s=1.2, sweep_s=(0.2,)))
    here.driver.begin(RECORDING)
    while not all(showing.judged for showing in here.driver.sequencer.shown) or not here.driver.sequencer.shown:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    here.flips = 72  # The connection with the window stood still for a moment.
    boundaries = here.boundaries
    await asyncio.wait_for(here.driver.ended.wait(), 5)
    showing = here.driver.sequencer.shown[0]
    assert (showing.outcome, showing.flips) == (SweepOutcome.COMPLETE, 72)
    assert here.boundaries == boundaries + 2  # ENDING, and once more with the right numbers.


async def test_a_sweep_that_cannot_be_judged_keeps_no_run_from_its_end() -> None:
    here = Driven()

    def breaks() -> None:
        raise ZeroDivisionError

    cast("Any", here.driver._with.stage).figures = breaks
    here.driver.begin(RECORDING)
    while here.driver.sequencer.step not in {RunStep.PAUSED, RunStep.ENDED}:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(0.02)
    showing = here.driver.sequencer.shown[0]
    assert (showing.judged, showing.outcome) == (True, SweepOutcome.BROKEN)
    assert "could not be counted" in showing.reason
    here.driver.send(StopNow())
    await asyncio.wait_for(here.driver.ended.wait(), 5)


async def test_whatever_breaks_in_the_last_step_leaves_nobody_waiting() -> None:
    here = Driven()
    told = list[str]()

    def breaks() -> None:
        told.append("ended")
        raise RuntimeError("no more")

    here.driver._on_end = breaks
    sequencer = await here.through()
    assert (told, sequencer.step) == (["ended"], RunStep.ENDED)
