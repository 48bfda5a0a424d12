"""A simulated scientific CMOS sensor in front of the simulated cortex: light to counts, cheaply.

Everything that does not change from frame to frame is worked out once for the settings. A frame is then a few whole-
number operations on 16-bit fields, done in pieces that stay in the processor's cache.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ._cortex_scene import CortexScene, FloatImage, Rhythms
    from ._frame_format import PixelFormat
    from ._region import Region

_FULL_WELL_E = 30_000.0
_E_PER_COUNT = 0.46
_OFFSET_COUNTS = 100.0
_READ_NOISE_E = 1.6
_BRIGHTEST_E_PER_US = 0.9
_MAX_COUNT = 65535

_NOISE_SD = 16  # of the stored noise, a power of two
_NOISE_SHIFT = 4
_NOISE_REACH = 72  # 4.5 standard deviations; the tails are cut there
_NOISE_SLACK_PX = 1 << 19
_RHYTHM_SHIFT = 6
_RHYTHM_FULL = 63
_PIECE_PX = 1 << 15


@dataclass(frozen=True, slots=True)
class SensorSettings:
    """All that decides how a scene becomes counts."""

    exposure_us: float
    gain_db: float
    binning: int
    region: Region
    pixel_format: PixelFormat


class CortexSensor:
    """Makes frames of a scene, the same for the same seed, settings and frame number."""

    def __init__(self, scene: CortexScene, seed: int) -> None:
        self._scene = scene
        self._seed = seed
        rng = np.random.default_rng([seed, 1])
        noise = rng.standard_normal(scene.light.size + _NOISE_SLACK_PX, dtype=np.float32)
        noise *= _NOISE_SD
        np.clip(noise, -_NOISE_REACH, _NOISE_REACH, out=noise)
        self._noise = np.rint(noise, out=noise).astype(np.int16)
        self._scratch = np.empty((2, _PIECE_PX), np.int16)

    def expose(self, settings: SensorSettings) -> None:
        """Take over settings: works out the fields that frames are made of."""
        light = _binned(self._scene.light, settings)
        counts_per_e = 10 ** (settings.gain_db / 20) / _E_PER_COUNT
        electrons = np.minimum(light * np.float32(_BRIGHTEST_E_PER_US * settings.exposure_us), np.float32(_FULL_WELL_E))
        signal = electrons * np.float32(counts_per_e)
        sd = np.sqrt(electrons + np.float32(_READ_NOISE_E**2)) * np.float32(counts_per_e / settings.binning)
        # A pixel far above the top stays there: neither its noise nor the animal's rhythms show.
        hidden = signal + _OFFSET_COUNTS - 6 * sd > 1.02 * _MAX_COUNT
        sd[hidden] = 0
        largest_sd = float(sd.max())
        spare = max(0, math.ceil(math.log2(max(largest_sd * _NOISE_REACH / 32767, 1e-9))))
        self._noise_shift = np.int16(max(0, _NOISE_SHIFT - spare))
        self._sd = _fixed(sd * np.float32(2.0 ** (int(self._noise_shift) - _NOISE_SHIFT)), 32767 // _NOISE_REACH)

        swing = signal
        swing[hidden] = 0
        self._rhythms = [
            _fixed(swing * _binned(share, settings), 32767 // _RHYTHM_FULL // 3)
            for share in (self._scene.heartbeat, self._scene.breathing, self._scene.vasomotion)
        ]
        base = electrons * np.float32(counts_per_e) + np.float32(_OFFSET_COUNTS)
        self._base = np.clip(np.rint(base), 0, _MAX_COUNT).astype(np.uint16).reshape(-1)
        reach = 520 + math.ceil(largest_sd * _NOISE_REACH / _NOISE_SD)
        self._risky = [
            bool(piece.max() > _MAX_COUNT - reach or piece.min() < reach)
            for piece in (self._base[start : start + _PIECE_PX] for start in range(0, self._base.size, _PIECE_PX))
        ]
        self._drop_bits = np.uint16(16 - settings.pixel_format.bits)

    def render(self, frame: int, rhythms: Rhythms, into: npt.NDArray[Any]) -> None:
        """Fill `into`, C-contiguous and of the settings' format, with a frame."""
        factors = [
            np.int16(round(_RHYTHM_FULL * value))
            for value in (rhythms.heartbeat, rhythms.breathing, rhythms.vasomotion)
        ]
        flat = into.reshape(-1)
        shift = _mixed(self._seed, frame) % _NOISE_SLACK_PX
        for piece, start in enumerate(range(0, flat.size, _PIECE_PX)):
            part = slice(start, min(start + _PIECE_PX, flat.size))
            change, extra = self._scratch[:, : part.stop - part.start]
            np.multiply(self._rhythms[0][part], factors[0], out=change)
            for field, factor in zip(self._rhythms[1:], factors[1:], strict=True):
                np.multiply(field[part], factor, out=extra)
                np.add(change, extra, out=change)
            np.right_shift(change, np.int16(_RHYTHM_SHIFT), out=change)
            np.multiply(self._noise[part.start + shift : part.stop + shift], self._sd[part], out=extra)
            np.right_shift(extra, self._noise_shift, out=extra)
            np.add(change, extra, out=change)
            base = self._base[part]
            if self._risky[piece]:
                change = np.clip(change.astype(np.int32), -base.astype(np.int32), _MAX_COUNT - base.astype(np.int32))
                change = change.astype(np.int16)
            # Two's complement: adding the signed change as an unsigned number comes out right, as it cannot pass an
            # end.
            counts = change.view(np.uint16)
            np.add(base, counts, out=counts)
            if self._drop_bits:
                np.right_shift(counts, self._drop_bits, out=counts)
            np.copyto(flat[part], counts, casting="unsafe")


def _binned(image: FloatImage, settings: SensorSettings) -> FloatImage:
    """The region's pixels, each the mean of binning * binning sensor pixels."""
    size, region = settings.binning, settings.region
    cut = image[
        region.y_px * size : (region.y_px + region.height_px) * size,
        region.x_px * size : (region.x_px + region.width_px) * size,
    ]
    if size == 1:
        return cut
    mean: FloatImage = cut.reshape(region.height_px, size, region.width_px, size).mean(axis=(1, 3), dtype=np.float32)
    return mean


def _fixed(field: FloatImage, largest: int) -> npt.NDArray[np.int16]:
    """Whole numbers, flat, cut at what the sums of render() have room for."""
    return np.clip(np.rint(field), -largest, largest).astype(np.int16).reshape(-1)


def _mixed(seed: int, frame: int) -> int:
    """A number that looks random, of the seed and the frame (splitmix64)."""
    mask = (1 << 64) - 1
    value = (seed * 0x9E3779B97F4A7C15 + (frame + 1) * 0xD1342543DE82EF95) & mask
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & mask
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & mask
    return value ^ (value >> 31)
