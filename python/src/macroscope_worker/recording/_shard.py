"""One shard file while it is written."""

from __future__ import annotations

import errno
import mmap
from typing import TYPE_CHECKING, Any

import numpy as np

from macroscope_worker.recording._layout import PAGE_BYTES
from macroscope_worker.recording._zarr import shard_index

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from macroscope_worker.recording._layout import ShardLayout
    from macroscope_worker.recording._storage import Storage

DIRECT_FROM_BYTES = 128 << 10
"""Slots of this size are written past the page cache. Measured per GB written: frames of 8 MiB 0.12 s of a core so and
2.2 s through the cache, of 512 KiB 0.16 s and 0.20 s, of 32 KiB 1.1 s and 0.6 s."""


class ShardWriter:
    """A shard file, reserved on the disk and with its whole index, into which frames are written one after the other.

    `capacity` slots are reserved: fewer than the layout's where the disk has no room for more.
    """

    def __init__(self, path: Path, layout: ShardLayout, capacity: int, storage: Storage) -> None:
        self.path = path
        self.capacity = capacity
        self.used_slots = 0
        self._layout = layout
        self._storage = storage
        # A page-aligned copy for what does not come aligned itself: O_DIRECT takes nothing else.
        self._aligned: npt.NDArray[np.uint8] | None = None
        self._file, self.direct = storage.create(path, direct=layout.slot_bytes >= DIRECT_FROM_BYTES)
        try:
            self._reserved = storage.allocate(self._file, layout.end_of(capacity))
            index = np.frombuffer(mmap.mmap(-1, layout.head_bytes), np.uint8)
            written = shard_index(layout)
            index[: len(written)] = np.frombuffer(written, np.uint8)
            self._write(index, 0)
        except BaseException:
            self.close()
            raise

    @property
    def is_full(self) -> bool:
        """No reserved slot is left."""
        return self.used_slots >= self.capacity

    @property
    def reserved_bytes(self) -> int:
        """What the disk keeps for frames that have not come yet, and counts as free no more."""
        return (self.capacity - self.used_slots) * self._layout.slot_bytes if self._reserved else 0

    def write(self, memory: npt.NDArray[np.uint8]) -> None:
        """Write a frame, with or without its padding, into the next slot."""
        layout = self._layout
        if memory.nbytes != layout.slot_bytes or (self.direct and memory.ctypes.data % PAGE_BYTES):
            memory = self._align(memory)
        self._write(memory, layout.offset_of(self.used_slots))
        self.used_slots += 1

    def sync(self) -> None:
        """Make what was written durable."""
        self._storage.sync(self._file)

    def cut(self) -> None:
        """Give back what was reserved behind the last frame. Readers ask for no frame outside the array's shape."""
        if self.used_slots < self._layout.frames:
            self._storage.truncate(self._file, self._layout.end_of(self.used_slots))

    def close(self) -> None:
        """Close the file. A second call does nothing."""
        if self._file >= 0:
            file, self._file = self._file, -1
            self._storage.close(file)

    def _align(self, memory: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        if self._aligned is None:
            self._aligned = np.frombuffer(mmap.mmap(-1, self._layout.slot_bytes), np.uint8)
        self._aligned[: self._layout.frame_bytes] = memory[: self._layout.frame_bytes]
        return self._aligned

    def _write(self, data: npt.NDArray[Any], offset: int) -> None:
        try:
            self._storage.write_at(self._file, data, offset)
        except OSError as error:
            # Some file systems take O_DIRECT when opening and refuse it when writing; nothing was written then.
            if not self.direct or error.errno != errno.EINVAL:
                raise
            self._storage.make_buffered(self._file)
            self.direct = False
            self._storage.write_at(self._file, data, offset)
