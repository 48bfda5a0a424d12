"""Writes test/vectors/stimulus-geometry.json: `python -m tests.stimulus.golden_geometry` in python/.

Nothing here is taken from the product, and nothing is derived as it is there. The screen is spanned by three unit
vectors, which are spherical directions themselves; a point's altitude is 90° less its angle from the zenith, its
azimuth the angle between its shadow on the ground and straight ahead. Extremes are searched for over the whole screen.
"""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

PATH = Path(__file__).resolve().parents[3] / "test" / "vectors" / "stimulus-geometry.json"

SCREENS = [
    # name, distance, lateral angle, tilt, width, height, pixels across, pixels down
    ("straight ahead", 25, 0, 0, 60.96, 36.195, 1920, 1080),
    ("the defaults", 25, 30, 20, 60.96, 36.195, 1920, 1080),
    ("to the right, downwards", 25, -45, -10, 60.96, 36.195, 1920, 1080),
    ("near, as Marshel 2011 had it", 10, 20, 0, 83.3, 67.5, 1280, 1024),
    ("far and upright", 120, 15, 5, 30, 50, 1080, 1920),
    ("beside the animal", 15, 90, 0, 52.1, 29.3, 2560, 1440),
    ("leans, the zenith just off the screen", 25, 30, 54, 60.96, 36.195, 1920, 1080),
    ("leans, the zenith on the screen", 25, 30, 56, 60.96, 36.195, 1920, 1080),
    ("overhead", 25, 30, 90, 60.96, 36.195, 1920, 1080),
    ("below", 25, -30, -90, 60.96, 36.195, 1920, 1080),
    ("tall and leaning", 10, 0, 30, 20, 60, 1000, 3000),
    ("oblong pixels", 25, 10, 10, 40, 40, 640, 1280),
]
ACROSS = (-1.0, -0.73, -0.31, 0.0, 0.42, 1.0)
DOWN = (-1.0, -0.55, 0.0, 0.37, 1.0)


def direction(azimuth_deg: float, altitude_deg: float) -> tuple[float, float, float]:
    """The unit vector (right, up, ahead) of a spherical direction."""
    azimuth, altitude = math.radians(azimuth_deg), math.radians(altitude_deg)
    return (math.cos(altitude) * math.sin(azimuth), math.sin(altitude), math.cos(altitude) * math.cos(azimuth))


def point(screen: tuple[Any, ...], x_cm: float, y_cm: float) -> tuple[float, ...]:
    """From the eye to a screen point."""
    _, distance, lateral, tilt, *_ = screen
    normal = direction(-lateral, tilt)
    right = direction(90 - lateral, 0)
    up = direction(-lateral, tilt + 90)
    return tuple(distance * n + x_cm * r + y_cm * u for n, r, u in zip(normal, right, up, strict=True))


def angle_deg(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Between two vectors, well conditioned everywhere (Kahan)."""
    length_a, length_b = math.hypot(*a), math.hypot(*b)
    difference = [x * length_b - y * length_a for x, y in zip(a, b, strict=True)]
    total = [x * length_b + y * length_a for x, y in zip(a, b, strict=True)]
    return math.degrees(2 * math.atan2(math.hypot(*difference), math.hypot(*total)))


def angles(screen: tuple[Any, ...], x_cm: float, y_cm: float) -> tuple[float, float]:
    """Azimuth and altitude of a screen point, in degrees."""
    right, up, ahead = point(screen, x_cm, y_cm)
    shadow = (right, 0.0, ahead)
    azimuth = angle_deg(shadow, (0.0, 0.0, 1.0)) if math.hypot(*shadow) > 0 else 0.0
    return math.copysign(azimuth, right), 90.0 - angle_deg((right, up, ahead), (0.0, 1.0, 0.0))


def extreme(screen: tuple[Any, ...], which: int, sign: int) -> float:
    """The most of azimuth (0) or altitude (1) over the screen: the best of a lattice, then ever finer ones around."""
    half_width, half_height = screen[4] / 2, screen[5] / 2
    x, y, span_x, span_y = 0.0, 0.0, half_width, half_height
    best, found = -math.inf, (0.0, 0.0)
    for _ in range(45):
        steps = [step / 8 for step in range(-8, 9)]
        for i, j in itertools.product(steps, steps):
            at = (
                min(half_width, max(-half_width, x + i * span_x)),
                min(half_height, max(-half_height, y + j * span_y)),
            )
            value = sign * angles(screen, *at)[which]
            if value > best:
                best, found = value, at
        x, y = found
        span_x, span_y = span_x / 2, span_y / 2
    return sign * best


def zenith_on_screen(screen: tuple[Any, ...]) -> bool:
    """The vertical through the eye goes through the screen: where it meets the plane, it is within the edges."""
    _, distance, _, tilt, _, height, *_ = screen
    vertical = math.copysign(1.0, tilt)
    normal, up = direction(0, tilt), direction(0, tilt + 90)
    along = vertical * normal[1]
    return along > 0 and abs(distance / along * vertical * up[1]) < height / 2


def golden() -> list[dict[str, Any]]:
    """The vectors."""
    found = []
    for screen in SCREENS:
        name, distance, lateral, tilt, width, height, width_px, height_px = screen
        around = zenith_on_screen(screen)
        middle = point(screen, 0, 0)
        corner_px = [
            angle_deg(point(screen, -width / width_px / 2, 0), point(screen, width / width_px / 2, 0)),
            angle_deg(point(screen, 0, -height / height_px / 2), point(screen, 0, height / height_px / 2)),
        ]
        assert math.isclose(math.hypot(*middle), distance)
        found.append(
            {
                "name": name,
                "geometry": {
                    "distanceCm": distance,
                    "lateralAngleDeg": lateral,
                    "tiltDeg": tilt,
                    "widthCm": width,
                    "heightCm": height,
                    "widthPx": width_px,
                    "heightPx": height_px,
                },
                "fieldOfView": {
                    "azimuthMinDeg": -180.0 if around else extreme(screen, 0, -1),
                    "azimuthMaxDeg": 180.0 if around else extreme(screen, 0, 1),
                    "altitudeMinDeg": -90.0 if around and tilt < 0 else extreme(screen, 1, -1),
                    "altitudeMaxDeg": 90.0 if around and tilt > 0 else extreme(screen, 1, 1),
                    "pixelDeg": max(corner_px),
                },
                "points": [
                    [x_cm, y_cm, *angles(screen, x_cm, y_cm)]
                    for i, j in itertools.product(ACROSS, DOWN)
                    for x_cm, y_cm in [(i * width / 2, j * height / 2)]
                    if math.hypot(*point(screen, x_cm, y_cm)[::2]) > 1e-6  # Every azimuth is right at a pole.
                ],
            }
        )
    return found


if __name__ == "__main__":
    lines = json.dumps({"tolerance_deg": 1e-9, "screens": golden()}, indent=1)
    PATH.write_text(lines + "\n", encoding="utf-8")
