"""The stimulus: its geometry and times, the scene that is shown, and the flips of the display."""

from __future__ import annotations

from ._geometry import FieldOfView, Geometry, angles_at, field_of_view
from ._run_plan import PlannedSweep, RunPlan, RunPlanSettings, SweepOrder, plan_run
from ._sweep import Direction, SweepLimits, SweepRange, SweepRanges, sweep_ranges

__all__ = [
    "Direction",
    "FieldOfView",
    "Geometry",
    "PlannedSweep",
    "RunPlan",
    "RunPlanSettings",
    "SweepLimits",
    "SweepOrder",
    "SweepRange",
    "SweepRanges",
    "angles_at",
    "field_of_view",
    "plan_run",
    "sweep_ranges",
]
