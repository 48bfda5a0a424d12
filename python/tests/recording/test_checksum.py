from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.recording._checksum import crc32c, crc32c_of_rows


def test_is_the_castagnoli_checksum() -> None:
    assert crc32c(b"123456789") == 0xE3069283


def test_takes_arrays_as_they_lie_in_memory() -> None:
    pixels = np.arange(12, dtype="<u2").reshape(3, 4)
    assert crc32c(pixels) == crc32c(pixels.tobytes())


@given(st.integers(0, 70), st.binary(max_size=700))
def test_of_rows_it_is_that_of_each(width: int, data: bytes) -> None:
    rows = np.frombuffer(data[: len(data) // max(1, width) * width], np.uint8).reshape(-1, width or 1)
    assert crc32c_of_rows(rows).tolist() == [crc32c(row.tobytes()) for row in rows]
