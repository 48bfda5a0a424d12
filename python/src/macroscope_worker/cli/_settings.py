"""`--set NAME=VALUE`."""

from __future__ import annotations

import argparse
import math


def parse_setting(text: str) -> tuple[str, float]:
    """Read one setting. Values are numbers; a pixel format may be named, as in `pixel_format=mono12`."""
    from macroscope_worker.cameras import PixelFormat  # noqa: PLC0415 - not needed by the other commands

    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    if name == "pixel_format" and value.upper() in PixelFormat.__members__:
        return name, float(PixelFormat[value.upper()])
    try:
        number = float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number") from None
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{name} cannot be {value}")
    return name, number
