from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from macroscope.workflow.v1.workflow_pb import SweepFault
from tests.workflow.bench import Bench
from tests.workflow.simulated_run import make_plan

from macroscope_worker.acquisition import FrameTally
from macroscope_worker.stimulus import ShowingFigures
from macroscope_worker.workflow._showing import Showing
from macroscope_worker.workflow._sweep_judge import SweepJudge

if TYPE_CHECKING:
    from macroscope_worker.workflow._sequence import Judged

pytestmark = pytest.mark.asyncio

SECOND_NS = 1_000_000_000
LATER = 1 << 62


class Judging:
    """A sweep of ten seconds at 30 Hz, all of whose flips were shown."""

    def __init__(self, *, misses_accepted: bool = False, **tally: int) -> None:
        self.bench = Bench(showings={0: ShowingFigures(600, 0, 1, 2)})
        self.bench.tally = FrameTally(**({"newest_ns": LATER} | tally))
        self.showing = Showing(0, make_plan().sweeps[0], SECOND_NS, 11 * SECOND_NS)
        self.instruments = self.bench.instruments
        self.judge = SweepJudge(self.instruments, "run", misses_accepted=misses_accepted)
        self.judge.look()

    @property
    def found(self) -> Judged:
        return self.judge.judgement(self.showing)

    def allow(self, percent: float) -> None:
        self.bench.state.configuration.acquisition.missing_frames_percent = percent  # type: ignore[union-attr]


async def test_a_sweep_that_has_all() -> None:
    found = Judging(captured=300, written=300).found
    assert (found.problem, found.remedy, found.fault) == ("", "", SweepFault.UNSPECIFIED)
    assert (found.frames, found.expected_frames, found.written_frames, found.flips) == (300, 300, 300, 600)


@pytest.mark.parametrize(
    ("captured", "written", "missing", "breaks"),
    [
        (300, 285, 0, False),
        (300, 284, 0, True),
        (285, 285, 15, False),
        (284, 284, 16, True),
        (292, 285, 8, False),
        (292, 284, 8, True),
    ],
)
async def test_of_three_hundred_frames_fifteen_may_be_missing(
    *, captured: int, written: int, missing: int, breaks: bool
) -> None:
    found = Judging(captured=captured, written=written, missing=missing).found
    assert found.expected_frames == 300
    assert found.fault is (SweepFault.FRAMES_MISSING if breaks else SweepFault.UNSPECIFIED)
    assert bool(found.problem) == bool(found.remedy) == breaks


async def test_the_sentence_says_what_became_of_them() -> None:
    judging = Judging(captured=280, written=250, missing=20)
    assert judging.found.problem == (
        "It lacks 50 of 300 camera frames (16.7 %, where 5 % may be missing): "
        "30 could not be written and 20 never came from the camera."
    )
    assert "disk" in judging.found.remedy
    assert "cable" in Judging(captured=250, written=250, missing=50).found.remedy


async def test_how_many_is_a_setting() -> None:
    judging = Judging(captured=300, written=299)
    judging.allow(0)
    assert "0 % may be missing" in judging.found.problem
    judging = Judging(captured=300, written=1)
    judging.allow(100)
    assert judging.found.problem == ""


@pytest.mark.parametrize("tally", [{}, {"captured": 300}, {"missing": 300}])
async def test_a_sweep_without_a_frame_never_counts(tally: dict[str, int]) -> None:
    judging = Judging()
    judging.bench.tally = FrameTally(**tally, newest_ns=LATER)
    judging.allow(100)
    assert judging.found.fault is SweepFault.FRAMES_MISSING


async def test_a_camera_that_paused_without_a_gap_in_its_numbers_is_told_by_its_rate() -> None:
    found = Judging(captured=200, written=200).found
    # Ten seconds at 30 Hz, less a hiccup of the computer and a frame on the other side of a boundary.
    assert (found.expected_frames, found.fault) == (287, SweepFault.FRAMES_MISSING)
    assert "87 never came from the camera" in found.problem
    for captured in (299, 287):
        assert Judging(captured=captured, written=captured).found.expected_frames == captured


async def test_what_was_not_seen_comes_before_what_was_not_filmed() -> None:
    judging = Judging(captured=300)
    judging.bench.showings.clear()
    assert judging.found.fault is SweepFault.DISPLAY
    judging.bench.showings[0] = ShowingFigures(299, 0, 1, 2)
    assert "299 of about 600 flips" in judging.found.problem
    accepted = Judging(captured=300, written=300, misses_accepted=True)
    accepted.bench.showings[0] = ShowingFigures(299, 0, 1, 2)
    assert accepted.found.problem == ""


async def test_it_waits_for_a_frame_behind_the_sweep() -> None:
    judging = Judging(captured=299, written=299, newest_ns=11 * SECOND_NS - 1)
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            judging.bench.tally = FrameTally(captured=300, written=300, newest_ns=11 * SECOND_NS)

    found = await judging.judge.judge(judging.showing, within_s=3, pause=pause)
    assert (found.frames, len(waited)) == (300, 3)


async def test_it_waits_no_longer_than_it_may() -> None:
    judging = Judging(captured=299, written=299)
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    found = await judging.judge.judge(judging.showing, within_s=0.5, pause=pause)
    assert found.frames == 299
    assert not waited
    judging.bench.tally = FrameTally(captured=299, written=299, newest_ns=5)
    await judging.judge.judge(judging.showing, within_s=0.5, pause=pause)
    assert sum(waited) == pytest.approx(0.5)


async def test_what_breaks_is_judged_as_broken() -> None:
    judging = Judging(captured=300, written=300)

    def breaks() -> None:
        raise ZeroDivisionError

    cast("Any", judging.instruments.stage).figures = breaks
    found = await judging.judge.judge(judging.showing, within_s=1)
    assert (found.frames, found.fault) == (300, SweepFault.UNKNOWN)
    assert "could not be counted" in found.problem


async def test_a_recording_that_is_gone_has_no_frames() -> None:
    judging = Judging()
    cast("Any", judging.instruments.engine).frames_between = lambda *_: None
    assert judging.found.fault is SweepFault.FRAMES_MISSING
