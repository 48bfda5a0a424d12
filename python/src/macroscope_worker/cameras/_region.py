"""The region of interest: a rectangle of image pixels, and what limits it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._parameter import NumberRange, Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

X = "region_of_interest.x_px"
Y = "region_of_interest.y_px"
WIDTH = "region_of_interest.width_px"
HEIGHT = "region_of_interest.height_px"
REGION_NAMES = frozenset({X, Y, WIDTH, HEIGHT})


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in image pixels, after binning."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int

    def changed(self, changes: Mapping[str, float]) -> Region:
        """With the changes that concern it, unchecked: what is no number leaves the value as it is."""
        return Region(
            _whole(changes.get(X), self.x_px),
            _whole(changes.get(Y), self.y_px),
            _whole(changes.get(WIDTH), self.width_px),
            _whole(changes.get(HEIGHT), self.height_px),
        )

    def rebinned(self, old: int, new: int) -> Region:
        """The same field of view, as near as whole pixels allow, when the binning changes."""
        return Region(
            self.x_px * old // new,
            self.y_px * old // new,
            self.width_px * old // new,
            self.height_px * old // new,
        )


@dataclass(frozen=True, slots=True)
class RegionLimits:
    """What a camera allows of a region, at its present binning."""

    max_width_px: int
    max_height_px: int
    min_width_px: int = 1
    min_height_px: int = 1
    width_step_px: int = 1
    height_step_px: int = 1
    x_step_px: int = 1
    y_step_px: int = 1

    def whole(self) -> Region:
        """The largest region."""
        return self.nearest(Region(0, 0, self.max_width_px, self.max_height_px))

    def nearest(self, region: Region) -> Region:
        """A region that is allowed, with the size and then the place nearest to the one given."""
        width = _step(region.width_px, self.min_width_px, self.max_width_px, self.width_step_px)
        height = _step(region.height_px, self.min_height_px, self.max_height_px, self.height_step_px)
        x = _step(region.x_px, 0, self.max_width_px - width, self.x_step_px)
        y = _step(region.y_px, 0, self.max_height_px - height, self.y_step_px)
        return Region(x, y, width, height)

    def parameters(self, region: Region, now: Region | None = None) -> dict[str, Parameter]:
        """The four parameters, with limits for a region as wanted; each leaves room for the three others.

        `now` gives their values, when they differ from the region wanted.
        """
        now = now or region
        room_x, room_y = self.max_width_px - region.width_px, self.max_height_px - region.height_px
        width, height = self.max_width_px - region.x_px, self.max_height_px - region.y_px
        rows = (
            (X, now.x_px, 0, room_x, self.x_step_px),
            (Y, now.y_px, 0, room_y, self.y_step_px),
            (WIDTH, now.width_px, self.min_width_px, width, self.width_step_px),
            (HEIGHT, now.height_px, self.min_height_px, height, self.height_step_px),
        )
        return {
            name: Parameter(
                name,
                float(value),
                NumberRange(float(low), float(max(low, high)), float(step)),
                fixed_while_recording=True,
            )
            for name, value, low, high, step in rows
        }


def _whole(value: float | None, otherwise: int) -> int:
    return int(value) if value is not None and math.isfinite(value) else otherwise


def _step(value: int, low: int, high: int, step: int) -> int:
    return max(low, low + (min(value, high) - low) // step * step)
