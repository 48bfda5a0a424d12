"""What the simulated camera looks at: vessels, light, tissue, and the rhythms of a living animal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatImage = npt.NDArray[np.float32]

_HEARTBEAT_HZ = 8.2
_BREATHING_HZ = 0.7
_VASOMOTION_HZ = 0.08


@dataclass(frozen=True, slots=True)
class Rhythms:
    """Where the animal's rhythms stand, each from -1 to 1."""

    heartbeat: float
    breathing: float
    vasomotion: float

    @classmethod
    def at(cls, seconds: float) -> Rhythms:
        """A function of time alone, so that a sequence can be repeated. Heart and breath wander a little."""
        heart = math.tau * _HEARTBEAT_HZ * seconds + 0.9 * math.sin(math.tau * 0.031 * seconds)
        breath = math.tau * _BREATHING_HZ * seconds + 0.6 * math.sin(math.tau * 0.017 * seconds)
        return cls(
            heartbeat=0.75 * math.sin(heart) + 0.25 * math.sin(2 * heart + 0.7),
            breathing=math.sin(breath),
            vasomotion=math.sin(math.tau * _VASOMOTION_HZ * seconds),
        )


@dataclass(frozen=True, slots=True)
class CortexScene:
    """A cortex under a lamp, one value a sensor pixel."""

    light: FloatImage
    """Light that comes back, 1 at the brightest spot."""
    heartbeat: FloatImage
    """Share of the light by which the heartbeat changes it."""
    breathing: FloatImage
    vasomotion: FloatImage

    @classmethod
    def grow(cls, size_px: int, seed: int) -> CortexScene:
        """Draw one. The same size and seed give the same scene."""
        rng = np.random.default_rng(seed)
        vessels = _grow_vessels(size_px, rng)
        cloud = _smooth_cloud(size_px, rng, cells=12)
        patches = _smooth_cloud(size_px, rng, cells=7)
        light = _illumination(size_px) * (1 - np.float32(0.45) * vessels) * (1 + np.float32(0.06) * cloud)
        light /= light.max()
        return cls(
            light=light,
            heartbeat=np.float32(0.0006) + np.float32(0.004) * vessels,
            breathing=np.full_like(light, 0.0012),
            vasomotion=np.float32(0.0025) * patches + np.float32(0.001) * vessels,
        )


def _illumination(size_px: int) -> FloatImage:
    """A lamp from the upper left, and the dark rim of the window in the skull."""
    axis = np.linspace(-1, 1, size_px, dtype=np.float32)
    x, y = axis[np.newaxis, :], axis[:, np.newaxis]
    lamp = np.exp(-((x + 0.2) ** 2 + (y + 0.15) ** 2) / np.float32(2.2))
    rim = 1 / (1 + np.exp((np.sqrt(x * x + y * y) - np.float32(1.2)) * 12))
    return (lamp * (0.25 + 0.75 * rim)).astype(np.float32)


def _smooth_cloud(size_px: int, rng: np.random.Generator, cells: int) -> FloatImage:
    """Random hills about `size/cells` wide, mean 0, from -1 to 1."""
    coarse = rng.standard_normal((cells + 3, cells + 3), dtype=np.float32)
    weights = _spline_weights(size_px, cells)
    image: FloatImage = np.asarray(weights @ coarse @ weights.T, np.float32)
    image -= image.mean()
    image /= np.abs(image).max()
    return image


def _spline_weights(size_px: int, cells: int) -> FloatImage:
    """Cubic B-spline weights of `cells + 3` knots for every pixel."""
    position = np.linspace(0, cells, size_px, endpoint=False)
    knots = np.arange(-1, cells + 2)
    distance = np.abs(position[:, np.newaxis] - knots[np.newaxis, :])
    near = 2 / 3 - distance**2 + distance**3 / 2
    far = np.clip(2 - distance, 0, None) ** 3 / 6
    return np.where(distance < 1, near, far).astype(np.float32)


def _grow_vessels(size_px: int, rng: np.random.Generator) -> FloatImage:
    """Trees of vessels that wind, branch and get thinner; 1 in the middle of a vessel, 0 beside it."""
    image = np.zeros((size_px, size_px), np.float32)
    for root in range(9):
        angle = math.tau * (root + rng.uniform(-0.35, 0.35)) / 9
        reach = 0.66 * size_px
        x, y = 0.5 * size_px + reach * math.cos(angle), 0.5 * size_px + reach * math.sin(angle)
        inward = angle + math.pi + rng.uniform(-0.4, 0.4)
        _grow_tree(image, rng, (x, y, inward, size_px * rng.uniform(0.006, 0.011), size_px * rng.uniform(0.6, 1.1)))
    return image


def _grow_tree(image: FloatImage, rng: np.random.Generator, trunk: tuple[float, float, float, float, float]) -> None:
    """Follow a trunk (x, y, heading, radius, length) and the branches that leave it."""
    size_px = image.shape[0]
    thinnest = 0.0013 * size_px
    waiting = [trunk]
    while waiting:
        x, y, heading, radius, length = waiting.pop()
        goal, bend = heading, 0.0
        while length > 0 and radius > thinnest:
            _stamp(image, x, y, radius)
            step = max(0.6 * radius, 0.7)  # in pixels; closer stamps would not show
            share = step / size_px
            bend += rng.normal(0, 9 * math.sqrt(share)) - 60 * bend * share - 90 * (heading - goal) * share
            heading += bend * 14 * share
            x += step * math.cos(heading)
            y += step * math.sin(heading)
            length -= step
            radius *= 1 - 0.5 * share
            if rng.random() < 13 * share:
                side = rng.choice((-1.0, 1.0))
                child = heading + side * rng.uniform(0.5, 1.1)
                waiting.append((x, y, child, radius * rng.uniform(0.4, 0.7), length * rng.uniform(0.4, 0.8)))
                goal -= 0.15 * side
                radius *= 0.96


def _stamp(image: npt.NDArray[Any], x: float, y: float, radius: float) -> None:
    """Darken a blurred disc. A vessel is these, close together."""
    reach = math.ceil(2.2 * radius)
    left, top = max(0, round(x) - reach), max(0, round(y) - reach)
    patch = image[top : max(0, round(y) + reach + 1), left : max(0, round(x) + reach + 1)]
    if patch.size == 0:
        return
    dx = np.arange(left, left + patch.shape[1], dtype=np.float32) - np.float32(x)
    dy = np.arange(top, top + patch.shape[0], dtype=np.float32) - np.float32(y)
    depth = np.float32(min(1.0, 0.3 + 90 * radius / image.shape[0]))
    across = np.float32(1 / (radius * radius))
    np.maximum(patch, depth * np.exp(-across * dy * dy)[:, np.newaxis] * np.exp(-across * dx * dx), out=patch)
