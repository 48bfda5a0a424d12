"""Preallocated frames, so that nothing is allocated while frames arrive."""

from __future__ import annotations

import mmap
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from macroscope_worker.cameras import FrameFormat

PAGE_BYTES = 4096

# Beyond what may wait for the disk: one frame being filled, the newest one, one that the preview works on, and one
# that is looked at by whoever holds a frame through the engine.
# With these the capture thread always finds a free slot, however slow the disk is.
SPARE_SLOTS = 4


class Slot:
    """Memory for one frame, page-aligned and padded to whole pages. Counted by its holders."""

    __slots__ = ("_holders", "_ring", "memory", "pixels")

    def __init__(self, ring: Ring, memory: npt.NDArray[np.uint8], pixels: npt.NDArray[Any]) -> None:
        self._ring = ring
        self._holders = 0
        self.memory = memory
        """All bytes of the slot, the padding included."""
        self.pixels = pixels
        """The frame, shape (height, width)."""

    def taken(self) -> None:
        """The ring gave it out: one holder. The ring's lock is held."""
        self._holders = 1

    def hold(self) -> None:
        """Keep the slot from being used again until `release`."""
        with self._ring.lock:
            self._holders += 1

    def release(self) -> None:
        """Give up one hold; the last one frees the slot."""
        with self._ring.lock:
            self._holders -= 1
            if self._holders == 0:
                self._ring.free.append(self)


class Ring:
    """`slots` frames may wait for the disk; `SPARE_SLOTS` more serve capture and preview."""

    def __init__(
        self, frame_format: FrameFormat, total_bytes: int, minimum_slots: int = 8, maximum_slots: int = 4096
    ) -> None:
        self.format = frame_format
        self.slot_bytes = -(-frame_format.nbytes // PAGE_BYTES) * PAGE_BYTES
        self.slots = min(max(total_bytes // self.slot_bytes, minimum_slots), maximum_slots)
        self.lock = threading.Lock()
        # Anonymous pages are zero, so the padding written to disk is zero too. Untouched slots cost no memory:
        # free slots are taken last-in first-out, so that few are touched while the disk keeps up.
        memory = np.frombuffer(mmap.mmap(-1, self.slot_bytes * (self.slots + SPARE_SLOTS)), dtype=np.uint8)
        self.free = [self._slot(memory, index) for index in range(self.slots + SPARE_SLOTS)]

    def take(self) -> Slot:
        """Take a free slot, held once.

        Raises
        ------
        IndexError
            A holder forgot to release: the spare slots make this impossible otherwise.
        """
        with self.lock:
            slot = self.free.pop()
            slot.taken()
            return slot

    def _slot(self, memory: npt.NDArray[np.uint8], index: int) -> Slot:
        part = memory[index * self.slot_bytes : (index + 1) * self.slot_bytes]
        pixels = part[: self.format.nbytes].view(self.format.dtype).reshape(self.format.shape)
        return Slot(self, part, pixels)
