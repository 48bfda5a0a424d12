"""The place of a screen in the visual field, against independent vectors and against its own symmetries."""

from __future__ import annotations

import json
import math
from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from macroscope_worker.stimulus import Geometry, angles_at, field_of_view

from .golden_geometry import PATH, golden

VECTORS: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
TOLERANCE = VECTORS["tolerance_deg"]

screens = pytest.mark.parametrize("screen", VECTORS["screens"], ids=lambda screen: screen["name"])

geometries = st.builds(
    Geometry,
    distance_cm=st.floats(1, 200),
    lateral_angle_deg=st.floats(-90, 90),
    tilt_deg=st.floats(-90, 90),
    width_cm=st.floats(1, 500),
    height_cm=st.floats(1, 500),
    width_px=st.integers(1, 8000),
    height_px=st.integers(1, 8000),
)
parts = st.floats(-0.5, 0.5)


def geometry_of(screen: dict[str, Any]) -> Geometry:
    place = screen["geometry"]
    return Geometry(
        distance_cm=place["distanceCm"],
        lateral_angle_deg=place["lateralAngleDeg"],
        tilt_deg=place["tiltDeg"],
        width_cm=place["widthCm"],
        height_cm=place["heightCm"],
        width_px=place["widthPx"],
        height_px=place["heightPx"],
    )


def default(**changes: float) -> Geometry:
    values: dict[str, Any] = {
        "distance_cm": 25,
        "lateral_angle_deg": 0,
        "tilt_deg": 0,
        "width_cm": 60.96,
        "height_cm": 36.195,
        "width_px": 1920,
        "height_px": 1080,
    }
    return Geometry(**{**values, **changes})


def test_has_at_least_200_points() -> None:
    assert sum(len(screen["points"]) for screen in VECTORS["screens"]) >= 200


def test_the_file_is_what_the_script_writes() -> None:
    for written, screen in zip(golden(), VECTORS["screens"], strict=True):
        assert written["name"] == screen["name"]
        assert written["geometry"] == screen["geometry"]
        assert written["fieldOfView"] == pytest.approx(screen["fieldOfView"], abs=TOLERANCE)
        for point, expected in zip(written["points"], screen["points"], strict=True):
            assert point == pytest.approx(expected, abs=TOLERANCE)


@screens
def test_points_lie_where_an_independent_derivation_has_them(screen: dict[str, Any]) -> None:
    geometry = geometry_of(screen)
    for x_cm, y_cm, azimuth_deg, altitude_deg in screen["points"]:
        assert angles_at(geometry, x_cm, y_cm) == pytest.approx((azimuth_deg, altitude_deg), abs=TOLERANCE)


@screens
def test_the_field_of_view_is_what_a_search_over_the_screen_finds(screen: dict[str, Any]) -> None:
    assert list(astuple(field_of_view(geometry_of(screen)))) == pytest.approx(
        list(screen["fieldOfView"].values()), abs=TOLERANCE
    )


def test_right_and_up_are_positive_and_the_middle_is_straight_ahead() -> None:
    geometry = default()
    assert angles_at(geometry, 0, 0) == (0, 0)
    assert angles_at(geometry, 25, 0) == pytest.approx((45, 0))
    assert angles_at(geometry, 0, 25) == pytest.approx((0, 45))
    assert angles_at(geometry, 10, 10)[1] == pytest.approx(math.degrees(math.asin(10 / math.sqrt(825))))


def test_a_positive_lateral_angle_is_to_the_left_and_a_positive_tilt_upwards() -> None:
    assert angles_at(default(lateral_angle_deg=30), 0, 0) == pytest.approx((-30, 0))
    assert angles_at(default(tilt_deg=20), 0, 0) == pytest.approx((0, 20))
    assert angles_at(default(lateral_angle_deg=30, tilt_deg=20), 0, 0) == pytest.approx((-30, 20))


def test_the_altitude_is_highest_in_the_middle_of_the_edge_and_not_in_a_corner() -> None:
    geometry = default()
    corner = angles_at(geometry, geometry.width_cm / 2, geometry.height_cm / 2)[1]
    middle = angles_at(geometry, 0, geometry.height_cm / 2)[1]
    assert corner < middle == field_of_view(geometry).altitude_max_deg


def test_a_screen_overhead_covers_every_azimuth_and_the_zenith() -> None:
    field = field_of_view(default(tilt_deg=90))
    assert (field.azimuth_min_deg, field.azimuth_max_deg, field.altitude_max_deg) == (-180, 180, 90)
    assert field.altitude_min_deg > 0


def test_a_screen_below_covers_the_nadir() -> None:
    field = field_of_view(default(tilt_deg=-90))
    assert (field.azimuth_min_deg, field.azimuth_max_deg, field.altitude_min_deg) == (-180, 180, -90)
    assert field.altitude_max_deg < 0


@given(geometries, parts, parts)
def test_no_point_lies_outside_of_the_field_of_view(geometry: Geometry, across: float, down: float) -> None:
    field = field_of_view(geometry)
    azimuth_deg, altitude_deg = angles_at(geometry, across * geometry.width_cm, down * geometry.height_cm)
    assert field.azimuth_min_deg - 1e-6 <= azimuth_deg <= field.azimuth_max_deg + 1e-6
    assert field.altitude_min_deg - 1e-6 <= altitude_deg <= field.altitude_max_deg + 1e-6


@given(geometries)
def test_angles_stay_on_the_sphere(geometry: Geometry) -> None:
    field = field_of_view(geometry)
    assert -180 <= field.azimuth_min_deg < field.azimuth_max_deg <= 180
    assert -90 <= field.altitude_min_deg < field.altitude_max_deg <= 90
    assert 0 < field.pixel_deg < 180


@given(geometries, parts, parts)
def test_the_other_side_is_the_mirror_image(geometry: Geometry, across: float, down: float) -> None:
    x_cm, y_cm = across * geometry.width_cm, down * geometry.height_cm
    upright = default(distance_cm=geometry.distance_cm, tilt_deg=geometry.tilt_deg)
    right, left = angles_at(upright, x_cm, y_cm), angles_at(upright, -x_cm, y_cm)
    assume(abs(right[0]) < 179.999 and abs(right[1]) < 89.999)
    assert left == pytest.approx((-right[0], right[1]), abs=1e-9)


@given(geometries, parts, parts)
def test_turning_takes_from_the_azimuth_and_leaves_the_altitude(geometry: Geometry, across: float, down: float) -> None:
    x_cm, y_cm = across * geometry.width_cm, down * geometry.height_cm
    before = default(distance_cm=geometry.distance_cm, tilt_deg=geometry.tilt_deg)
    after = default(
        distance_cm=geometry.distance_cm,
        tilt_deg=geometry.tilt_deg,
        lateral_angle_deg=geometry.lateral_angle_deg,
    )
    azimuth_deg, altitude_deg = angles_at(before, x_cm, y_cm)
    assume(abs(altitude_deg) < 89.999)
    turned = angles_at(after, x_cm, y_cm)
    assert turned[1] == pytest.approx(altitude_deg, abs=1e-9)
    difference = (turned[0] - azimuth_deg + geometry.lateral_angle_deg + 180) % 360 - 180
    assert difference == pytest.approx(0, abs=1e-6)


@given(geometries)
def test_no_pixel_is_larger_than_the_one_in_the_middle(geometry: Geometry) -> None:
    def seen(x_cm: float, y_cm: float) -> tuple[float, float, float]:
        length = math.sqrt(x_cm**2 + y_cm**2 + geometry.distance_cm**2)
        return x_cm / length, y_cm / length, geometry.distance_cm / length

    pitch_cm = geometry.width_cm / geometry.width_px
    edge = seen(geometry.width_cm / 2, 0), seen(geometry.width_cm / 2 - pitch_cm, 0)
    cosine = min(1.0, sum(a * b for a, b in zip(*edge, strict=True)))
    assert math.degrees(math.acos(cosine)) <= field_of_view(geometry).pixel_deg + 1e-4


@pytest.mark.parametrize(
    "change",
    [{"distance_cm": 0}, {"width_cm": -1}, {"height_px": 0}, {"tilt_deg": 91}, {"lateral_angle_deg": math.nan}],
)
def test_what_no_screen_can_be_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        default(**change)
