"""The sweep that is shown to look at it, without a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope.stimulus.v1.stimulus_pb import BarSweep

from ._errors import TestRefused
from ._geometry import Geometry, field_of_view
from ._sweep import Direction, SweepLimits, sweep_ranges

if TYPE_CHECKING:
    from macroscope.configuration.v1.display_pb import DisplayGeometry
    from macroscope.configuration.v1.stimulus_pb import Direction as DirectionMessage
    from macroscope.configuration.v1.stimulus_pb import StimulusSettings


def make_test_sweep(
    display: DisplayGeometry | None, stimulus: StimulusSettings | None, direction: DirectionMessage, started_ns: int
) -> BarSweep:
    """One sweep of a direction from `started_ns` on. Raises TestRefused where the settings give none."""
    if display is None or stimulus is None:
        raise TestRefused("No stimulus is configured yet. Try again in a moment.")
    try:
        field = field_of_view(
            Geometry(
                distance_cm=display.distance_cm,
                lateral_angle_deg=display.lateral_angle_deg,
                tilt_deg=display.tilt_deg,
                width_cm=display.width_cm,
                height_cm=display.height_cm,
                width_px=display.width_px,
                height_px=display.height_px,
            )
        )
        ranges = sweep_ranges(field, stimulus.bar_width_deg, _limits(stimulus))
        from_deg, to_deg = ranges.ends(Direction(direction))
        duration_s = abs(to_deg - from_deg) / stimulus.drift_speed_deg_per_s
    except (ValueError, ZeroDivisionError) as error:
        raise TestRefused(f"The settings give no sweep: {error} Correct the geometry or the stimulus.") from error
    return BarSweep(
        direction=direction,
        from_deg=from_deg,
        to_deg=to_deg,
        started_ns=started_ns,
        ended_ns=started_ns + round(duration_s * 1e9),
    )


def _limits(stimulus: StimulusSettings) -> SweepLimits:
    """Those that are set: a field that is absent reads as zero."""
    return SweepLimits(
        stimulus.azimuth_from_deg if stimulus.has_field("azimuth_from_deg") else None,
        stimulus.azimuth_to_deg if stimulus.has_field("azimuth_to_deg") else None,
        stimulus.altitude_from_deg if stimulus.has_field("altitude_from_deg") else None,
        stimulus.altitude_to_deg if stimulus.has_field("altitude_to_deg") else None,
    )
