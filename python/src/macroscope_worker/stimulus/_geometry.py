"""Where the screen's points lie in the visual field of an eye before it: closed formulas, in degrees.

Source: Marshel, Garrett, Nauhaus & Callaway 2011 (supplement), Juavinett et al. 2017: altitude-corrected spherical
coordinates of a flat screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_POLE_DEG = 90.0
_BEHIND_DEG = 180.0


@dataclass(frozen=True, slots=True)
class Geometry:
    """A flat screen before the eye.

    Unturned it stands upright in front of the animal: x_cm counts from its middle to the right and y_cm upwards, both
    as the animal sees it, and the eye looks at the middle along the screen's normal, `distance_cm` away.
    `tilt_deg` then leans it about the horizontal axis through the eye (positive: upwards), and after that
    `lateral_angle_deg` turns it about the vertical axis through the eye (positive: to the animal's left).

    Raises ValueError for what no screen can be.
    """

    distance_cm: float
    lateral_angle_deg: float
    tilt_deg: float
    width_cm: float
    height_cm: float
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        for name in ("distance_cm", "width_cm", "height_cm", "width_px", "height_px"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                msg = f"{name} has to be above zero, and is {value}."
                raise ValueError(msg)
        for name in ("lateral_angle_deg", "tilt_deg"):
            value = getattr(self, name)
            if not -_POLE_DEG <= value <= _POLE_DEG:  # False for NaN too.
                msg = f"{name} has to be from -90 to 90, and is {value}."
                raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class FieldOfView:
    """The extremes of what a screen covers. Azimuth is positive to the animal's right, altitude upwards.

    `pixel_deg` is the largest angle at the eye that a pixel's side takes: that of one in the screen's middle, which is
    nearest to the eye.
    """

    azimuth_min_deg: float
    azimuth_max_deg: float
    altitude_min_deg: float
    altitude_max_deg: float
    pixel_deg: float


def angles_at(geometry: Geometry, x_cm: float, y_cm: float) -> tuple[float, float]:
    """Azimuth and altitude of a screen point, in degrees; azimuth from -180 to 180, altitude from -90 to 90.

    At the zenith and the nadir every azimuth would be right.
    """
    tilt = math.radians(geometry.tilt_deg)
    lateral = math.radians(geometry.lateral_angle_deg)
    up = y_cm * math.cos(tilt) + geometry.distance_cm * math.sin(tilt)
    ahead = geometry.distance_cm * math.cos(tilt) - y_cm * math.sin(tilt)
    turned_right = x_cm * math.cos(lateral) - ahead * math.sin(lateral)
    turned_ahead = x_cm * math.sin(lateral) + ahead * math.cos(lateral)
    # The same as asin(up / r), and exact near the poles too.
    altitude = math.atan2(up, math.hypot(x_cm, ahead))
    return math.degrees(math.atan2(turned_right, turned_ahead)), math.degrees(altitude)


def field_of_view(geometry: Geometry) -> FieldOfView:
    """What the screen covers, over all its points and not only its corners."""
    azimuth_min_deg, azimuth_max_deg = _azimuths(geometry)
    altitudes = [angles_at(geometry, x_cm, y_cm)[1] for x_cm, y_cm in _altitude_candidates(geometry)]
    altitude_min_deg, altitude_max_deg = min(altitudes), max(altitudes)
    if _least_ahead_cm(geometry) <= 0:
        if geometry.tilt_deg > 0:
            altitude_max_deg = _POLE_DEG
        else:
            altitude_min_deg = -_POLE_DEG
    return FieldOfView(azimuth_min_deg, azimuth_max_deg, altitude_min_deg, altitude_max_deg, _pixel_deg(geometry))


def _least_ahead_cm(geometry: Geometry) -> float:
    """How far ahead of the eye the leaned screen's edge is that leans towards it; below zero it is behind.

    Then the zenith, or the nadir, is on the screen.
    """
    tilt = math.radians(geometry.tilt_deg)
    return geometry.distance_cm * math.cos(tilt) - geometry.height_cm / 2 * abs(math.sin(tilt))


def _azimuths(geometry: Geometry) -> tuple[float, float]:
    """Before it is turned, azimuth = atan(x / ahead): most at a corner of the edge that is least ahead."""
    least_ahead_cm = _least_ahead_cm(geometry)
    if least_ahead_cm < 0:
        return -_BEHIND_DEG, _BEHIND_DEG
    half_deg = math.degrees(math.atan2(geometry.width_cm / 2, least_ahead_cm))
    return -half_deg - geometry.lateral_angle_deg, half_deg - geometry.lateral_angle_deg


def _altitude_candidates(geometry: Geometry) -> Iterator[tuple[float, float]]:
    """The screen points where the altitude can be extreme, the poles aside.

    sin(altitude) = (y cos t + d sin t) / sqrt(x² + y² + d²) has no extreme between the edges but at a pole. Along the
    top and the bottom it is extreme at the ends or in the middle. Along a side it is also where its derivative is
    zero, y = (x² + d²) cos t / (d sin t), but that is farther out than the pole: then the pole is on the screen.
    """
    half_width_cm, half_height_cm = geometry.width_cm / 2, geometry.height_cm / 2
    return product((0.0, half_width_cm), (-half_height_cm, half_height_cm))


def _pixel_deg(geometry: Geometry) -> float:
    side_cm = max(geometry.width_cm / geometry.width_px, geometry.height_cm / geometry.height_px)
    return math.degrees(2 * math.atan(side_cm / 2 / geometry.distance_cm))
