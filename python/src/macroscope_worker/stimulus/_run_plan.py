"""The sweeps of a run in their order, and how long all of it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._sweep import Direction, SweepRanges


class SweepOrder(IntEnum):
    """Numbers equal those of acquisition.proto."""

    BLOCKED = 1
    """All sweeps of a direction, then the next direction."""
    INTERLEAVED = 2
    """One sweep of each direction, and again."""


@dataclass(frozen=True, slots=True)
class RunPlanSettings:
    """What a run is planned from. Raises ValueError for what no run can be."""

    ranges: SweepRanges
    drift_speed_deg_per_s: float
    baseline_s: float
    between_sweeps_s: float
    sweeps_per_direction: int
    directions: tuple[Direction, ...]
    order: SweepOrder = SweepOrder.BLOCKED

    def __post_init__(self) -> None:
        if not (math.isfinite(self.drift_speed_deg_per_s) and self.drift_speed_deg_per_s > 0):
            msg = f"The bar has to drift, and its speed is {self.drift_speed_deg_per_s:g}°/s."
            raise ValueError(msg)
        if not (0 <= self.baseline_s < math.inf and 0 <= self.between_sweeps_s < math.inf):
            msg = "Baseline and pause cannot be negative."
            raise ValueError(msg)
        if self.sweeps_per_direction < 1 or not self.directions:
            msg = "A run has at least one sweep in one direction."
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class PlannedSweep:
    """One sweep of a plan: the bar's middle moves evenly from `from_deg` to `to_deg`."""

    index: int
    """Its place in the plan, from 0."""
    direction: Direction
    direction_number: int
    """Among the directions, from 1."""
    sweep_number: int
    """Within the direction, from 1."""
    from_deg: float
    to_deg: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A baseline, the sweeps with a pause between each two, and a baseline."""

    sweeps: tuple[PlannedSweep, ...]
    baseline_s: float
    between_sweeps_s: float
    duration_s: float


def plan_run(settings: RunPlanSettings) -> RunPlan:
    """All sweeps of a run, in order."""
    sweeps = tuple(
        _sweep(settings, index, direction_number, sweep_number)
        for index, (direction_number, sweep_number) in enumerate(_order(settings))
    )
    return RunPlan(sweeps, settings.baseline_s, settings.between_sweeps_s, run_duration_s(settings))


def run_duration_s(settings: RunPlanSettings) -> float:
    """How long a run takes, without a list of its sweeps: baselines, sweeps, and the pauses between them."""
    sweeping_s = math.fsum(_sweep_s(settings, direction) for direction in settings.directions)
    pauses = settings.sweeps_per_direction * len(settings.directions) - 1
    return 2 * settings.baseline_s + settings.sweeps_per_direction * sweeping_s + pauses * settings.between_sweeps_s


def _order(settings: RunPlanSettings) -> Iterator[tuple[int, int]]:
    """Numbers of direction and sweep, from 1."""
    directions = range(1, len(settings.directions) + 1)
    sweeps = range(1, settings.sweeps_per_direction + 1)
    if settings.order == SweepOrder.INTERLEAVED:
        return ((direction, sweep) for sweep in sweeps for direction in directions)
    return ((direction, sweep) for direction in directions for sweep in sweeps)


def _sweep(settings: RunPlanSettings, index: int, direction_number: int, sweep_number: int) -> PlannedSweep:
    direction = settings.directions[direction_number - 1]
    from_deg, to_deg = settings.ranges.ends(direction)
    return PlannedSweep(
        index=index,
        direction=direction,
        direction_number=direction_number,
        sweep_number=sweep_number,
        from_deg=from_deg,
        to_deg=to_deg,
        duration_s=_sweep_s(settings, direction),
    )


def _sweep_s(settings: RunPlanSettings, direction: Direction) -> float:
    from_deg, to_deg = settings.ranges.ends(direction)
    return abs(to_deg - from_deg) / settings.drift_speed_deg_per_s
