from __future__ import annotations

import argparse

import pytest

from macroscope_worker.cli._settings import parse_setting


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("exposure_us=20000", ("exposure_us", 20000.0)),
        ("region_of_interest.x_px=8", ("region_of_interest.x_px", 8.0)),
        ("pixel_format=Mono12", ("pixel_format", 3.0)),
        ("pixel_format=5", ("pixel_format", 5.0)),
    ],
)
def test_reads_numbers_and_pixel_formats(text: str, setting: tuple[str, float]) -> None:
    assert parse_setting(text) == setting


@pytest.mark.parametrize("text", ["", "=", "exposure_us", "exposure_us=", "=5", "gain=inf", "pixel_format=rgb"])
def test_refuses_the_rest(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        parse_setting(text)
