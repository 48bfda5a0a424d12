"""A part of the brain that is watched."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class RegionShape(IntEnum):
    """Numbers equal those of imaging.proto."""

    RECTANGLE = 1
    ELLIPSE = 2


@dataclass(frozen=True, slots=True)
class Region:
    """In sensor pixels, unbinned, from the sensor's corner, so that binning and read-out region may change."""

    id: str
    name: str
    shape: RegionShape
    x_px: float
    y_px: float
    width_px: float
    height_px: float
    colour: int = 0

    @property
    def place(self) -> tuple[RegionShape, float, float, float, float]:
        """Everything that says which pixels it has; name and colour do not."""
        return (self.shape, self.x_px, self.y_px, self.width_px, self.height_px)
