from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.imaging import histogram_of

from .frames import random_pixels


@given(seed=st.integers(0, 10_000), bits=st.sampled_from([8, 10, 12, 14, 16]), width=st.integers(1, 40))
def test_it_is_what_numpy_says(seed: int, bits: int, width: int) -> None:
    pixels = random_pixels(seed, width, 23, bits)
    sample = histogram_of(pixels, bits, 7, 8)
    counts, _ = np.histogram(pixels, bins=256, range=(0, 1 << bits))
    assert np.array_equal(sample.counts, counts)
    assert (sample.minimum, sample.maximum) == (pixels.min(), pixels.max())
    assert sample.mean == pytest.approx(pixels.mean())
    assert sample.saturated_px == np.count_nonzero(pixels == (1 << bits) - 1)
    assert (sample.sampled_px, sample.significant_bits) == (pixels.size, bits)
    assert sample.low == np.percentile(pixels, 0.1, method="inverted_cdf")
    assert sample.high == np.percentile(pixels, 99.9, method="inverted_cdf")
    assert (sample.frame_id, sample.received_ns) == (7, 8)


@given(st.integers(1, 7))
def test_few_bits_have_empty_bins_between(bits: int) -> None:
    pixels = np.arange(1 << bits, dtype=np.uint8)
    counts = histogram_of(pixels, bits).counts
    assert np.array_equal(np.flatnonzero(counts), pixels.astype(int) * 256 >> bits)
    assert counts.sum() == pixels.size


def test_what_is_above_the_largest_value_counts_as_saturated() -> None:
    sample = histogram_of(np.array([0, 4095, 4096, 65535], np.uint16), 12)
    assert (sample.saturated_px, sample.maximum, sample.counts.sum()) == (3, 4095, 4)
