"""Copies of frames for the disk: the newest one, or the average of the next ones."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from macroscope_worker.acquisition import Cancellation
from macroscope_worker.clock import clock_ns
from macroscope_worker.imaging._errors import ImagingError, NoFrame

if TYPE_CHECKING:
    import numpy.typing as npt

    from macroscope_worker.acquisition import Frame, Placement
    from macroscope_worker.imaging._looking import Looking

SILENCE_S: Final = 3.0
"""Without a frame for so long, none is waited for any more; a camera of 1 Hz has given three."""
_EVERY_FRAME_HZ: Final = 100_000.0
_LOOK_AT_CANCELLATION_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class TakenPicture:
    """One frame, or the sum of several. `unix_ns`: wall clock when the last one had arrived."""

    pixels: npt.NDArray[Any]
    frames: int
    frame_id: int
    received_ns: int
    camera_ns: int | None
    unix_ns: int
    significant_bits: int
    placement: Placement


class _Sum:
    """What the imaging thread adds up, and the caller waits for."""

    def __init__(self, frames: int) -> None:
        self.wanted = frames
        self.taken = 0
        self.pixels: npt.NDArray[Any] | None = None
        self.last: TakenPicture | None = None
        self.changed_at_ns = clock_ns()
        self.disturbed = False
        self.done = threading.Event()

    def see(self, frame: Frame) -> None:
        if self.done.is_set():
            return
        pixels, before = frame.slot.pixels, self.last
        same = before is None or (
            (before.placement, before.significant_bits) == (frame.placement, frame.format.significant_bits)
            and before.pixels.shape == pixels.shape
        )
        if not same:
            self.disturbed = True
            self.done.set()
            return
        if self.pixels is None:
            # 65536 frames of 16 bits fit into 32.
            self.pixels = pixels.copy() if self.wanted == 1 else pixels.astype(np.uint32)
        else:
            np.add(self.pixels, pixels, out=self.pixels)
        self.taken += 1
        self.changed_at_ns = clock_ns()
        self.last = TakenPicture(
            pixels=self.pixels,
            frames=self.taken,
            frame_id=frame.frame_id,
            received_ns=frame.received_ns,
            camera_ns=frame.camera_ns,
            unix_ns=time.time_ns() - (clock_ns() - frame.received_ns),
            significant_bits=frame.format.significant_bits,
            placement=frame.placement,
        )
        if self.taken == self.wanted:
            self.done.set()


def take_frames(looking: Looking, frames: int, cancellation: Cancellation | None = None) -> TakenPicture:
    """Wait for so many frames and add them up.

    Raises
    ------
    NoFrame
        None comes.
    ImagingError
        The camera was set otherwise meanwhile, so that they do not lie on each other.
    CommandCanceled
        Nobody waits any more.
    """
    cancellation = cancellation or Cancellation()
    total = _Sum(frames)
    end = looking.begin(_EVERY_FRAME_HZ, total.see)
    try:
        while not total.done.wait(_LOOK_AT_CANCELLATION_S):
            cancellation.check()
            if clock_ns() - total.changed_at_ns > SILENCE_S * 1e9:
                raise NoFrame
    finally:
        end()
    if total.disturbed or total.last is None:
        raise ImagingError("The camera was set otherwise while frames were averaged. Take the reference again.")
    return total.last
