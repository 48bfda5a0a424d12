"""The stimulus: its geometry and times, the scene that is shown, and the flips of the display."""

from __future__ import annotations

from ._errors import DisplayAttached, DisplayNotAttached, StimulusError, TestRefused
from ._flips import ShowingFigures
from ._geometry import FieldOfView, Geometry, angles_at, field_of_view
from ._run_plan import PlannedSweep, RunPlan, RunPlanSettings, SweepOrder, plan_run, run_duration_s
from ._stage import DISPLAY_TOPIC, FLIPS_TOPIC, SCENES_TOPIC, Attachment, Stage
from ._sweep import Direction, SweepLimits, SweepRange, SweepRanges, sweep_ranges

__all__ = [
    "DISPLAY_TOPIC",
    "FLIPS_TOPIC",
    "SCENES_TOPIC",
    "Attachment",
    "Direction",
    "DisplayAttached",
    "DisplayNotAttached",
    "FieldOfView",
    "Geometry",
    "PlannedSweep",
    "RunPlan",
    "RunPlanSettings",
    "ShowingFigures",
    "Stage",
    "StimulusError",
    "SweepLimits",
    "SweepOrder",
    "SweepRange",
    "SweepRanges",
    "TestRefused",
    "angles_at",
    "field_of_view",
    "plan_run",
    "run_duration_s",
    "sweep_ranges",
]
