from __future__ import annotations

import numpy as np

from macroscope_worker.recording._checksum import crc32c


def test_is_the_castagnoli_checksum() -> None:
    assert crc32c(b"123456789") == 0xE3069283


def test_takes_arrays_as_they_lie_in_memory() -> None:
    pixels = np.arange(12, dtype="<u2").reshape(3, 4)
    assert crc32c(pixels) == crc32c(pixels.tobytes())
