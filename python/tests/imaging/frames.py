"""Frames as the engine gives them, without a camera."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from macroscope_worker.acquisition import (
    AcquisitionPhase,
    AcquisitionSnapshot,
    CameraPhase,
    CameraSnapshot,
    Frame,
    Placement,
)
from macroscope_worker.acquisition._preview import Preview
from macroscope_worker.acquisition._ring import Ring
from macroscope_worker.cameras import CameraDescription, FrameFormat
from macroscope_worker.clock import clock_ns

if TYPE_CHECKING:
    import numpy.typing as npt

PATIENCE_S = 10.0


def random_pixels(seed: int, width_px: int, height_px: int, bits: int = 12) -> npt.NDArray[Any]:
    values = np.random.default_rng(seed).integers(0, 1 << bits, (height_px, width_px))
    return values.astype(np.uint8 if bits <= 8 else np.uint16)


class FrameGiver:
    """The part of the engine that is looked at; a test offers the frames."""

    def __init__(self, folder: Path = Path("/nowhere"), *, sensor_px: int = 64) -> None:
        self.preview = Preview()
        self.folder = folder
        self.rings: dict[FrameFormat, Ring] = {}
        self.offered = 0
        self.held = threading.Event()
        description = CameraDescription("simulated:a", "A", "simulated", simulated=True)
        self.snapshot = CameraSnapshot(1, CameraPhase.LIVE, description, {}, sensor_px, sensor_px, 12)

    def offer(self, pixels: npt.NDArray[Any], bits: int = 12, placement: Placement | None = None) -> Frame:
        """As the capture thread does."""
        frame_format = FrameFormat(pixels.shape[1], pixels.shape[0], pixels.itemsize, bits)
        slot = self.rings.setdefault(frame_format, Ring(frame_format, 1)).take()
        slot.pixels[:] = pixels
        self.offered += 1
        frame = Frame(slot, frame_format, self.offered, clock_ns(), placement=placement or Placement())
        self.preview.offer(frame)
        slot.release()
        return frame

    def take_frame(self, after_ns: int, timeout_s: float) -> Frame | None:
        return self.preview.take(after_ns, timeout_s)

    def camera(self) -> CameraSnapshot:
        return self.snapshot

    def acquisition(self) -> AcquisitionSnapshot:
        return AcquisitionSnapshot(1, AcquisitionPhase.IDLE, None, self.folder, 10**9, 0.0)

    def close(self) -> None:
        self.preview.close()
