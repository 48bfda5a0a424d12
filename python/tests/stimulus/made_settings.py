"""Geometry and stimulus of a screen that stands upright before the animal, as messages of the contract."""

from __future__ import annotations

from typing import Any

from macroscope.configuration.v1.display_pb import DisplayGeometry
from macroscope.configuration.v1.stimulus_pb import StimulusSettings


def geometry(**changes: Any) -> DisplayGeometry:
    values: dict[str, Any] = {
        "width_px": 1000,
        "height_px": 1000,
        "width_cm": 50.0,
        "height_cm": 50.0,
        "distance_cm": 25.0,
        "lateral_angle_deg": 0.0,
        "tilt_deg": 0.0,
    }
    return DisplayGeometry(**(values | changes))


def stimulus(**changes: Any) -> StimulusSettings:
    return StimulusSettings(**({"bar_width_deg": 20.0, "drift_speed_deg_per_s": 10.0} | changes))
