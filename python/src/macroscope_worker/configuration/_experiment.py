"""The one place that knows settings by name: from a configuration to the geometry, the plan, and what follows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from macroscope.configuration.v1.settings_pb import DerivedValues

from macroscope_worker.stimulus import (
    Direction,
    FieldOfView,
    Geometry,
    RunPlan,
    RunPlanSettings,
    SweepLimits,
    SweepOrder,
    SweepRanges,
    field_of_view,
    plan_run,
    run_duration_s,
    sweep_ranges,
)

if TYPE_CHECKING:
    from macroscope.configuration.v1.display_pb import DisplayGeometry
    from macroscope.configuration.v1.settings_pb import Configuration
    from macroscope.configuration.v1.stimulus_pb import StimulusSettings

M = TypeVar("M")

# The rules allow far less; a draft that breaks them is not planned at any length.
_MOST_SWEEPS: Final = 100_000
_LONGEST_S: Final = 1e9
_MOST_UINT64: Final = 2**64 - 1


@dataclass(frozen=True, slots=True)
class CameraRate:
    """What a camera sends; zeros without a camera."""

    frame_rate_hz: float = 0.0
    frame_bytes: int = 0


NO_CAMERA = CameraRate()


def geometry_of(display: DisplayGeometry) -> Geometry:
    """Where the screen stands. Raises ValueError when no screen can stand so."""
    return Geometry(
        distance_cm=display.distance_cm,
        lateral_angle_deg=display.lateral_angle_deg,
        tilt_deg=display.tilt_deg,
        width_cm=display.width_cm,
        height_cm=display.height_cm,
        width_px=display.width_px,
        height_px=display.height_px,
    )


def ranges_of(stimulus: StimulusSettings, field: FieldOfView) -> SweepRanges:
    """What sweeps travel. Raises ValueError when an end is on the wrong side."""
    limits = SweepLimits(
        azimuth_from_deg=stimulus.azimuth_from_deg if stimulus.has_field("azimuth_from_deg") else None,
        azimuth_to_deg=stimulus.azimuth_to_deg if stimulus.has_field("azimuth_to_deg") else None,
        altitude_from_deg=stimulus.altitude_from_deg if stimulus.has_field("altitude_from_deg") else None,
        altitude_to_deg=stimulus.altitude_to_deg if stimulus.has_field("altitude_to_deg") else None,
    )
    return sweep_ranges(field, stimulus.bar_width_deg, limits)


def plan_of(configuration: Configuration) -> RunPlan:
    """The run that a configuration asks for. Raises ValueError when it asks for none that can be."""
    field = field_of_view(geometry_of(_there(configuration.display)))
    return plan_run(_plan_settings(configuration, ranges_of(_there(configuration.stimulus), field)))


def derive(configuration: Configuration, camera: CameraRate = NO_CAMERA) -> DerivedValues | None:
    """What follows from a configuration; None when it makes no sense, as one may while it is typed."""
    try:
        field = field_of_view(geometry_of(_there(configuration.display)))
        ranges = ranges_of(_there(configuration.stimulus), field)
        settings = _plan_settings(configuration, ranges)
        run_s = run_duration_s(settings)
        if run_s > _LONGEST_S:
            return None
        speed = _there(configuration.stimulus).drift_speed_deg_per_s
        frames = math.ceil(run_s * camera.frame_rate_hz)
        return DerivedValues(
            azimuth_min_deg=field.azimuth_min_deg,
            azimuth_max_deg=field.azimuth_max_deg,
            altitude_min_deg=field.altitude_min_deg,
            altitude_max_deg=field.altitude_max_deg,
            pixel_deg=field.pixel_deg,
            horizontal_sweep_deg=ranges.azimuth.length_deg,
            vertical_sweep_deg=ranges.altitude.length_deg,
            horizontal_sweep_s=ranges.azimuth.length_deg / speed,
            vertical_sweep_s=ranges.altitude.length_deg / speed,
            sweeps=settings.sweeps_per_direction * len(settings.directions),
            run_s=run_s,
            frames=frames,
            bytes_needed=min(frames * camera.frame_bytes, _MOST_UINT64),
        )
    except (ValueError, OverflowError):
        return None


def summary_of(configuration: Configuration) -> str:
    """One line for people."""
    stimulus, acquisition = _there(configuration.stimulus), _there(configuration.acquisition)
    sweeps, directions = acquisition.sweeps_per_direction, len(acquisition.directions)
    return (
        f"{stimulus.bar_width_deg:g}° bar, {stimulus.drift_speed_deg_per_s:g} °/s, "
        f"{sweeps} {'sweep' if sweeps == 1 else 'sweeps'} in "
        f"{'one direction' if directions == 1 else f'each of {directions} directions'}"
    )


def _plan_settings(configuration: Configuration, ranges: SweepRanges) -> RunPlanSettings:
    acquisition, stimulus = _there(configuration.acquisition), _there(configuration.stimulus)
    if acquisition.sweeps_per_direction * len(acquisition.directions) > _MOST_SWEEPS:
        msg = "So many sweeps make no run."
        raise ValueError(msg)
    return RunPlanSettings(
        ranges=ranges,
        drift_speed_deg_per_s=stimulus.drift_speed_deg_per_s,
        baseline_s=acquisition.baseline_s,
        between_sweeps_s=acquisition.between_sweeps_s,
        sweeps_per_direction=acquisition.sweeps_per_direction,
        directions=tuple(Direction(direction) for direction in acquisition.directions),
        order=SweepOrder(acquisition.order),
    )


def _there(group: M | None) -> M:
    if group is None:
        msg = "A group of settings is missing."
        raise ValueError(msg)
    return group
