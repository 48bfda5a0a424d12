"""The sweeps that the workflow tells of, against flips and frames: in number, in order, and in time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from macroscope.workflow.v1.workflow_pb import RunOutcome, SweepOutcome

from macroscope_worker.recording import OUTCOME_WRITTEN, DropReason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    from macroscope.workflow.v1.workflow_pb import Run, Sweep

    from ._flip_check import Flips

    Problem = Callable[[str], None]


def check_sweeps(run: Run, flips: Flips, frames: npt.NDArray[Any], problem: Problem) -> None:
    """Compare. `frames` are the records of the frame table."""
    shown = list(run.shown)
    _check_order(shown, problem)
    _check_plan(run, shown, problem)
    unknown = sorted(set(np.unique(flips.showing).tolist()) - {0} - {sweep.showing + 1 for sweep in shown})
    # The workflow of a program that was killed may not have told of the last one.
    if unknown and run.outcome != RunOutcome.RUNNING:
        problem(f"Flips are there of sweeps that were never shown: {_numbers(number - 1 for number in unknown)}.")
    last_ns = 0
    for sweep in shown:
        if sweep.outcome is SweepOutcome.COMPLETE:
            _check_sweep(sweep, flips, frames, problem)
        presented_ns = flips.presented_ns[flips.showing == sweep.showing + 1]
        if len(presented_ns):
            if int(presented_ns.min()) < last_ns:
                problem(f"Flips of {_name(sweep)} lie before the last one of the sweep before it.")
            last_ns = int(presented_ns.max())


def _check_order(shown: Sequence[Sweep], problem: Problem) -> None:
    if [sweep.showing for sweep in shown] != list(range(len(shown))):
        problem(f"Sweeps are not numbered one after the other: {_numbers(sweep.showing for sweep in shown)}.")
    for before, sweep in pairwise(shown):
        if sweep.started_ns < before.ended_ns:
            problem(f"{_name(sweep).capitalize()} starts before the end of the one before it.")


def _check_plan(run: Run, shown: Sequence[Sweep], problem: Problem) -> None:
    complete = [sweep.sweep_index for sweep in shown if sweep.outcome is SweepOutcome.COMPLETE]
    twice = sorted({index for index in complete if complete.count(index) > 1})
    if twice:
        problem(f"Sweeps of the plan were shown whole more than once: {_numbers(twice)}.")
    missing = sorted(set(range(run.sweeps)) - set(complete))
    if missing and run.outcome is RunOutcome.COMPLETE:
        problem(f"Sweeps of the plan were not shown whole, though the run is complete: {_numbers(missing)}.")


def _check_sweep(sweep: Sweep, flips: Flips, frames: npt.NDArray[Any], problem: Problem) -> None:
    of_sweep = flips.showing == sweep.showing + 1
    presented_ns = flips.presented_ns[of_sweep]
    count, missed = len(presented_ns), int(flips.missed_refreshes[of_sweep].sum())
    name = _name(sweep)
    if not count:
        problem(f"{name.capitalize()} has no flips, though it was shown whole.")
    elif (count, missed) != (sweep.flips, sweep.missed_refreshes):
        problem(
            f"{name.capitalize()} has {count} flips that missed {missed} refreshes, "
            f"and the workflow counted {sweep.flips} and {sweep.missed_refreshes}."
        )
    grace_ns = flips.refresh_ns + flips.clock_error_ns
    outside = int(
        np.count_nonzero((presented_ns < sweep.started_ns - grace_ns) | (presented_ns > sweep.ended_ns + grace_ns))
    )
    if outside:
        problem(f"{outside} flips of {name} lie outside of its times by more than a refresh.")
    arrived, written = frames_between(frames, sweep.started_ns, sweep.ended_ns)
    if not arrived:
        problem(f"No camera frame arrived in {name}.")
    elif arrived != sweep.frames:
        problem(f"{arrived} camera frames arrived in {name}, and the workflow counted {sweep.frames}.")
    # A journal of a program before this was counted has none.
    if sweep.expected_frames and written != sweep.written_frames:
        problem(f"{written} camera frames of {name} are written, and the workflow counted {sweep.written_frames}.")


def frames_between(records: npt.NDArray[Any], from_ns: int, to_ns: int) -> tuple[int, int]:
    """Frames of a frame table that arrived from a moment up to another: all, and those that were written."""
    received_ns = records["received_ns"]
    inside = (received_ns >= from_ns) & (received_ns < to_ns) & (records["outcome"] != DropReason.CAMERA_GAP)
    written = inside & (records["outcome"] == OUTCOME_WRITTEN)
    return int(records["count"][inside].sum()), int(records["count"][written].sum())


def _name(sweep: Sweep) -> str:
    return f"sweep {sweep.sweep_index + 1} (showing {sweep.showing + 1})"


def _numbers(numbers: Any) -> str:
    named = [str(number + 1) for number in numbers]
    return ", ".join(named[:20]) + (f" and {len(named) - 20} more" if len(named) > 20 else "")
