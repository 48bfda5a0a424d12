from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.camera.v1.settings_pb import CameraSettings, NumberRange, PixelFormat, RegionOfInterest
from tests.services.fake_engine import PARAMETERS

from macroscope_worker.cameras import Parameter
from macroscope_worker.cameras import PixelFormat as DomainPixelFormat
from macroscope_worker.services.settings_translation import changes_of, limits_of, setting_paths, settings_of

paths = st.sampled_from(setting_paths())
values = {path: st.integers(1, 5).map(float) for path in setting_paths()}


def test_knows_every_field_of_the_schema_by_its_path() -> None:
    assert setting_paths() == (
        "exposure_us",
        "gain",
        "frame_rate_hz",
        "binning",
        "region_of_interest.x_px",
        "region_of_interest.y_px",
        "region_of_interest.width_px",
        "region_of_interest.height_px",
        "pixel_format",
    )


@given(st.dictionaries(paths, st.integers(1, 5).map(float)))
def test_what_a_camera_works_with_survives_the_way_there_and_back(given_values: dict[str, float]) -> None:
    settings = settings_of({path: Parameter(path, value) for path, value in given_values.items()})
    assert changes_of(CameraSettings.from_binary(settings.to_binary())) == given_values


def test_only_what_is_present_is_a_change() -> None:
    settings = CameraSettings(gain=0.0, region_of_interest=RegionOfInterest(x_px=0))
    assert changes_of(settings) == {"gain": 0.0, "region_of_interest.x_px": 0.0}
    assert changes_of(CameraSettings()) == {}


def test_what_the_camera_does_not_have_stays_absent() -> None:
    settings = settings_of(PARAMETERS)
    assert settings.has_field("gain")
    assert not settings.has_field("frame_rate_hz")
    assert settings.region_of_interest is not None
    assert not settings.region_of_interest.has_field("y_px")
    assert settings.pixel_format == PixelFormat.MONO16
    assert isinstance(settings.pixel_format, PixelFormat)
    assert settings_of({}) == CameraSettings()


def test_limits_stand_in_the_order_of_the_schema() -> None:
    unknown = {**PARAMETERS, "not.in.schema": Parameter("not.in.schema", 1.0)}
    limits = limits_of(unknown)
    assert [entry.parameter for entry in limits] == [
        "exposure_us",
        "gain",
        "binning",
        "region_of_interest.x_px",
        "region_of_interest.width_px",
        "pixel_format",
    ]
    exposure, gain, binning = limits[:3]
    assert exposure.range == NumberRange(minimum=10.0, maximum=1e6)
    assert (gain.range, gain.read_only, gain.reason, gain.unit) == (None, True, "fixed here", "dB")
    assert (binning.choices, binning.fixed_while_recording) == ([1.0, 2.0, 4.0], True)


@pytest.mark.parametrize("domain", list(DomainPixelFormat))
def test_pixel_formats_have_the_same_numbers(domain: DomainPixelFormat) -> None:
    assert PixelFormat(domain.value).name == domain.name
    assert len(PixelFormat) == len(DomainPixelFormat) + 1
