"""The plan of a run."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.stimulus import (
    Direction,
    RunPlanSettings,
    SweepOrder,
    SweepRange,
    SweepRanges,
    plan_run,
)

SETTINGS = RunPlanSettings(
    ranges=SweepRanges(SweepRange(-70, 70), SweepRange(-45, 45)),
    drift_speed_deg_per_s=9,
    baseline_s=5,
    between_sweeps_s=3,
    sweeps_per_direction=2,
    directions=(Direction.TOP_TO_BOTTOM, Direction.LEFT_TO_RIGHT),
)


def test_blocked_is_direction_by_direction_in_their_order() -> None:
    plan = plan_run(SETTINGS)
    assert [(sweep.direction, sweep.direction_number, sweep.sweep_number) for sweep in plan.sweeps] == [
        (Direction.TOP_TO_BOTTOM, 1, 1),
        (Direction.TOP_TO_BOTTOM, 1, 2),
        (Direction.LEFT_TO_RIGHT, 2, 1),
        (Direction.LEFT_TO_RIGHT, 2, 2),
    ]


def test_interleaved_is_one_sweep_of_each_direction_and_again() -> None:
    plan = plan_run(replace(SETTINGS, order=SweepOrder.INTERLEAVED))
    assert [(sweep.direction_number, sweep.sweep_number) for sweep in plan.sweeps] == [(1, 1), (2, 1), (1, 2), (2, 2)]


def test_a_sweep_takes_its_way_at_its_speed() -> None:
    first, *_, last = plan_run(SETTINGS).sweeps
    assert (first.from_deg, first.to_deg, first.duration_s) == (45, -45, 10)
    assert (last.from_deg, last.to_deg) == (-70, 70)
    assert last.duration_s == pytest.approx(140 / 9)


def test_a_run_is_two_baselines_the_sweeps_and_the_pauses_between() -> None:
    plan = plan_run(SETTINGS)
    assert plan.duration_s == pytest.approx(2 * 5 + 2 * 10 + 2 * 140 / 9 + 3 * 3)
    assert (plan.baseline_s, plan.between_sweeps_s) == (5, 3)


def test_one_sweep_has_no_pause() -> None:
    one = replace(SETTINGS, sweeps_per_direction=1, directions=(Direction.TOP_TO_BOTTOM,))
    assert plan_run(one).duration_s == pytest.approx(2 * 5 + 10)


@given(
    st.integers(1, 30),
    st.permutations(list(Direction)).flatmap(lambda order: st.integers(1, 4).map(lambda count: tuple(order[:count]))),
    st.sampled_from(SweepOrder),
    st.floats(0.1, 3600),
    st.floats(0.1, 3600),
    st.floats(0.01, 1000),
)
def test_every_sweep_of_every_direction_is_there_once(
    sweeps: int,
    directions: tuple[Direction, ...],
    order: SweepOrder,
    baseline_s: float,
    between_sweeps_s: float,
    drift_speed_deg_per_s: float,
) -> None:
    settings = replace(
        SETTINGS,
        sweeps_per_direction=sweeps,
        directions=directions,
        order=order,
        baseline_s=baseline_s,
        between_sweeps_s=between_sweeps_s,
        drift_speed_deg_per_s=drift_speed_deg_per_s,
    )
    plan = plan_run(settings)
    assert [sweep.index for sweep in plan.sweeps] == list(range(sweeps * len(directions)))
    assert {(sweep.direction, sweep.sweep_number) for sweep in plan.sweeps} == {
        (direction, number) for direction in directions for number in range(1, sweeps + 1)
    }
    assert all(sweep.direction == directions[sweep.direction_number - 1] for sweep in plan.sweeps)
    # The times add up, step by step, as whoever runs the plan goes through them.
    at_s = baseline_s
    for sweep in plan.sweeps:
        at_s += sweep.duration_s + (between_sweeps_s if sweep.index < len(plan.sweeps) - 1 else baseline_s)
    assert plan.duration_s == pytest.approx(at_s)


@pytest.mark.parametrize(
    "change",
    [
        {"drift_speed_deg_per_s": 0},
        {"drift_speed_deg_per_s": math.inf},
        {"baseline_s": -1},
        {"between_sweeps_s": math.nan},
        {"sweeps_per_direction": 0},
        {"directions": ()},
    ],
)
def test_what_no_run_can_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        replace(SETTINGS, **change)  # type: ignore[arg-type]
