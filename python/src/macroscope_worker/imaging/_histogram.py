"""How bright the pixels of a frame are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

BINS: Final = 256
LOW_PART: Final = 0.001
HIGH_PART: Final = 0.999


@dataclass(frozen=True, slots=True)
class HistogramSample:
    """Of the pixels that were looked at. `received_ns`: worker's clock.

    `counts` has 256 bins of even width over 0 to 2^significant_bits - 1. Below `low` lie at most 0.1 % of the
    pixels, up to `high` 99.9 %: exact values, not edges of bins.
    """

    frame_id: int
    received_ns: int
    counts: npt.NDArray[np.int64]
    significant_bits: int
    minimum: int
    maximum: int
    mean: float
    low: int
    high: int
    saturated_px: int
    sampled_px: int


def histogram_of(
    values: npt.NDArray[Any], significant_bits: int, frame_id: int = 0, received_ns: int = 0
) -> HistogramSample:
    """Count values, at least one. What is above the largest value, which no camera should give, counts as it."""
    largest = (1 << significant_bits) - 1
    each = np.bincount(values.ravel(), minlength=largest + 1)
    if len(each) > largest + 1:
        each[largest] += each[largest + 1 :].sum()
        each = each[: largest + 1]
    below = np.cumsum(each)
    sampled_px = int(below[-1])
    present = np.flatnonzero(each)
    bins = np.arange(largest + 1) * BINS >> significant_bits if significant_bits < 8 else None
    counts = (
        np.bincount(bins, weights=each, minlength=BINS).astype(np.int64)
        if bins is not None
        else each.reshape(BINS, -1).sum(axis=1)
    )
    # Not np.dot: it wakes the threads of a linear algebra library, which take ten times as long as the sum when the
    # processor is busy.
    total = int((each * np.arange(largest + 1)).sum())
    return HistogramSample(
        frame_id=frame_id,
        received_ns=received_ns,
        counts=counts,
        significant_bits=significant_bits,
        minimum=int(present[0]),
        maximum=int(present[-1]),
        mean=total / sampled_px,
        low=_value_at(below, LOW_PART),
        high=_value_at(below, HIGH_PART),
        saturated_px=int(each[largest]),
        sampled_px=sampled_px,
    )


def _value_at(below: npt.NDArray[np.int64], part: float) -> int:
    """The smallest value that so large a part of the pixels does not exceed."""
    return int(np.searchsorted(below, max(1.0, part * int(below[-1]))))
