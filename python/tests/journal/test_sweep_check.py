from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from macroscope.workflow.v1.workflow_pb import RunOutcome, SweepOutcome

from macroscope_worker.journal import verify_events

from .made_journal import FLIP_NS, FRAME_NS, SWEEP_NS, MadeRun

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def problems(made: MadeRun, directory: Path) -> list[str]:
    return list(verify_events(made.write(directory)).problems)


def test_sweeps_flips_and_frames_that_agree(tmp_path: Path) -> None:
    report = verify_events(MadeRun().write(tmp_path))
    assert report.problems == ()
    assert (report.sweeps, report.flips) == (3, 299)


def forget_flips(made: MadeRun) -> None:
    made.flips = [flip for flip in made.flips if flip["showing"] != 2]


def move_flips(made: MadeRun) -> None:
    # Of one sweep, all labelled with it: they were shown three refreshes late.
    for flip in made.flips:
        flip["showing"] = 0 if flip["showing"] == 2 else flip["showing"]
    for flip in made.flips:
        at_ns = flip["at_ns"] - 3 * FLIP_NS
        if made.sweeps[1].started_ns <= at_ns < made.sweeps[1].ended_ns:
            flip["showing"] = 2


def lose_frames(made: MadeRun) -> None:
    began_ns = made.sweeps[1].started_ns
    made.frames = [at_ns for at_ns in made.frames if not began_ns <= at_ns < began_ns + 4 * FRAME_NS]


def count_wrongly_what_is_written(made: MadeRun) -> None:
    made.sweeps[1].written_frames -= 4


def lose_all_frames(made: MadeRun) -> None:
    made.frames = [at_ns for at_ns in made.frames if not made.sweeps[1].started_ns <= at_ns < made.sweeps[1].ended_ns]


def name_a_showing_that_was_none(made: MadeRun) -> None:
    for flip in made.flips[-5:]:
        flip["showing"] = 9


def swap_showings(made: MadeRun) -> None:
    for flip in made.flips:
        flip["showing"] = {1: 2, 2: 1}.get(flip["showing"], flip["showing"])


def number_wrongly(made: MadeRun) -> None:
    made.sweeps[2].showing = 5


def overlap(made: MadeRun) -> None:
    made.sweeps[2].started_ns = made.sweeps[1].ended_ns - 1


def show_one_twice(made: MadeRun) -> None:
    made.sweeps[2].sweep_index = 1


def miss_refreshes(made: MadeRun) -> None:
    next(flip for flip in made.flips if flip["showing"] == 2)["missed"] = 7


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (forget_flips, "Sweep 2 (showing 2) has no flips"),
        (move_flips, "2 flips of sweep 2 (showing 2) lie outside of its times"),
        (lose_frames, "26 camera frames arrived in sweep 2 (showing 2), and the workflow counted 30"),
        (
            count_wrongly_what_is_written,
            "30 camera frames of sweep 2 (showing 2) are written, and the workflow counted 26",
        ),
        (lose_all_frames, "No camera frame arrived in sweep 2"),
        (name_a_showing_that_was_none, "Flips are there of sweeps that were never shown: 9."),
        (swap_showings, "Flips of sweep 2 (showing 2) lie before"),
        (number_wrongly, "Sweeps are not numbered one after the other: 1, 2, 6."),
        (overlap, "Sweep 3 (showing 3) starts before the end"),
        (show_one_twice, "shown whole more than once: 2."),
        (show_one_twice, "were not shown whole, though the run is complete: 3."),
        (miss_refreshes, "60 flips that missed 7 refreshes, and the workflow counted 60 and 0"),
    ],
)
def test_what_does_not_agree_is_told(tmp_path: Path, break_it: Callable[[MadeRun], None], words: str) -> None:
    made = MadeRun()
    break_it(made)
    found = problems(made, tmp_path)
    assert any(words in problem for problem in found), found


def test_a_journal_of_before_written_frames_were_counted_is_none_the_worse(tmp_path: Path) -> None:
    made = MadeRun()
    for sweep in made.sweeps:
        sweep.expected_frames = sweep.written_frames = 0
    assert problems(made, tmp_path) == []


def test_a_flip_up_to_a_refresh_beside_its_sweep_is_in_it(tmp_path: Path) -> None:
    made = MadeRun()
    sweep = made.sweeps[1]
    after = next(flip for flip in made.flips if flip["at_ns"] >= sweep.ended_ns)
    assert after["at_ns"] < sweep.ended_ns + FLIP_NS
    after["showing"] = 2
    sweep.flips += 1
    assert problems(made, tmp_path) == []


def test_a_broken_sweep_and_its_repetition_are_two(tmp_path: Path) -> None:
    made = MadeRun(sweeps=3)
    made.sweeps[1].outcome = SweepOutcome.BROKEN
    made.sweeps[1].flips = 0
    made.sweeps[2].sweep_index = 1
    made.run.sweeps = 2
    report = verify_events(made.write(tmp_path))
    assert report.problems == ()
    assert report.sweeps == 3


def test_a_run_that_was_stopped_early_has_not_all_sweeps(tmp_path: Path) -> None:
    made = MadeRun()
    made.run.sweeps, made.run.outcome = 10, RunOutcome.STOPPED
    assert problems(made, tmp_path) == []


def test_the_sweep_of_a_run_that_was_killed_is_not_judged(tmp_path: Path) -> None:
    made = MadeRun()
    made.run.sweeps, made.run.outcome = 10, RunOutcome.RUNNING
    made.sweeps.pop()
    made.frames = [at_ns for at_ns in made.frames if at_ns < made.length_ns - SWEEP_NS]
    made.sweeps[-1].outcome, made.sweeps[-1].flips = SweepOutcome.RUNNING, 0
    run = made.write(tmp_path, finish=False)
    assert verify_events(run).problems == ()


def test_a_recording_without_a_workflow_has_no_sweeps(tmp_path: Path) -> None:
    made: Any = MadeRun()
    made.run.run_id = "of another run"
    written = made.messages

    def of_another_run(_run_id: str) -> Any:
        return written("of another run")

    made.messages = of_another_run
    report = verify_events(made.write(tmp_path))
    assert (report.problems, report.sweeps, report.flips) == ((), 0, 299)
