"""CRC32C, the checksum of Zarr's shard index, of every frame and of every record.

Measured: google_crc32c in C, 32 GB/s on 8 MiB in cache, without holding the interpreter's lock and without a copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import google_crc32c
import numpy as np

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt


_POLYNOMIAL: Final = 0x82F63B78
"""Castagnoli's, its bits reversed."""


def crc32c(data: bytes | npt.NDArray[Any]) -> int:
    """The checksum of bytes, or of a contiguous array's memory (a memoryview would have to be copied)."""
    return int(google_crc32c.value(data))


def crc32c_of_rows(rows: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """The checksum of each row of an array of bytes, all rows at once: slower a byte, far faster a short row."""
    crc = np.full(len(rows), 0xFFFFFFFF, np.uint32)
    for column in np.ascontiguousarray(rows.T):
        crc = _BYTES[(crc ^ column) & 0xFF] ^ (crc >> np.uint32(8))
    return crc ^ np.uint32(0xFFFFFFFF)


def _table() -> npt.NDArray[np.uint32]:
    """What each value of a byte does to a checksum."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> np.uint32(1)) ^ np.uint32(_POLYNOMIAL), table >> np.uint32(1))
    return table.astype(np.uint32)


_BYTES: Final = _table()
