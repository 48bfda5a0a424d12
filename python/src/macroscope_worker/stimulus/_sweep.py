"""Where a sweep's bar starts and ends, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._geometry import FieldOfView


class Direction(IntEnum):
    """Which way the bar drifts, as the animal sees it. Numbers equal those of stimulus.proto."""

    LEFT_TO_RIGHT = 1
    RIGHT_TO_LEFT = 2
    TOP_TO_BOTTOM = 3
    BOTTOM_TO_TOP = 4

    @property
    def horizontal(self) -> bool:
        """The bar follows azimuth; else altitude."""
        return self in {Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT}

    @property
    def rising(self) -> bool:
        """The angle grows from start to end."""
        return self in {Direction.LEFT_TO_RIGHT, Direction.BOTTOM_TO_TOP}


@dataclass(frozen=True, slots=True)
class SweepRange:
    """The lower and the upper end of what the bar's middle travels. Raises ValueError when there is nothing between."""

    low_deg: float
    high_deg: float

    def __post_init__(self) -> None:
        if not self.high_deg > self.low_deg:
            msg = f"A sweep has to end above where it starts, and goes from {self.low_deg:g}° to {self.high_deg:g}°."
            raise ValueError(msg)

    @property
    def length_deg(self) -> float:
        """Above zero."""
        return self.high_deg - self.low_deg


@dataclass(frozen=True, slots=True)
class SweepLimits:
    """What is set of the ends of sweeps. None: half a bar beyond what the screen covers, where the bar is not seen."""

    azimuth_from_deg: float | None = None
    azimuth_to_deg: float | None = None
    altitude_from_deg: float | None = None
    altitude_to_deg: float | None = None


@dataclass(frozen=True, slots=True)
class SweepRanges:
    """What the bar's middle travels: azimuths on horizontal sweeps, altitudes on vertical ones."""

    azimuth: SweepRange
    altitude: SweepRange

    def ends(self, direction: Direction) -> tuple[float, float]:
        """Where the bar's middle starts and ends, in degrees."""
        chosen = self.azimuth if direction.horizontal else self.altitude
        return (chosen.low_deg, chosen.high_deg) if direction.rising else (chosen.high_deg, chosen.low_deg)


def sweep_ranges(field: FieldOfView, bar_width_deg: float, limits: SweepLimits) -> SweepRanges:
    """What sweeps of a bar travel over a screen. Raises ValueError when a sweep's ends are the wrong way round."""
    half_deg = bar_width_deg / 2
    return SweepRanges(
        azimuth=SweepRange(
            _or(limits.azimuth_from_deg, field.azimuth_min_deg - half_deg),
            _or(limits.azimuth_to_deg, field.azimuth_max_deg + half_deg),
        ),
        altitude=SweepRange(
            _or(limits.altitude_from_deg, field.altitude_min_deg - half_deg),
            _or(limits.altitude_to_deg, field.altitude_max_deg + half_deg),
        ),
    )


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
