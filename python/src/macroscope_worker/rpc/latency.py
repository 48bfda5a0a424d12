"""How long calls took: a histogram in steps of a constant factor, where a percentile is off by a tenth at the most."""

from __future__ import annotations

import bisect
import itertools
import math
from dataclasses import dataclass
from typing import Final

STEPS_PER_DOUBLING: Final = 4
STEPS: Final = 30 * STEPS_PER_DOUBLING + 1
"""From 1 µs, and all below, to 2^30 µs (18 minutes), and all above."""

_NS_PER_US: Final = 1_000
_NS_PER_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Latency:
    """Times of calls that have ended."""

    count: int
    mean_ms: float
    p50_ms: float
    p99_ms: float
    max_ms: float


class LatencyHistogram:
    """Counts of times. Adding one is a logarithm and four additions."""

    def __init__(self) -> None:
        self._steps = [0] * STEPS
        self._count = 0
        self._sum_ns = 0
        self._max_ns = 0

    def add(self, duration_ns: int) -> None:
        """Count one call."""
        self._steps[step_of(duration_ns)] += 1
        self._count += 1
        self._sum_ns += duration_ns
        self._max_ns = max(self._max_ns, duration_ns)

    def summary(self) -> Latency:
        """What was counted; all zero when nothing was."""
        if self._count == 0:
            return Latency(0, 0.0, 0.0, 0.0, 0.0)
        return Latency(
            count=self._count,
            mean_ms=self._sum_ns / self._count / _NS_PER_MS,
            p50_ms=self._percentile_ms(0.5),
            p99_ms=self._percentile_ms(0.99),
            max_ms=self._max_ns / _NS_PER_MS,
        )

    def _percentile_ms(self, part: float) -> float:
        """The middle of the step in which the call of this rank is, and no more than the longest."""
        rank = math.ceil(part * self._count)
        up_to = list(itertools.accumulate(self._steps))
        step = bisect.bisect_left(up_to, rank)
        middle_ms = math.exp2((step + 0.5) / STEPS_PER_DOUBLING) / 1_000
        return min(middle_ms, self._max_ns / _NS_PER_MS)


def step_of(duration_ns: int) -> int:
    """The step that a time belongs to."""
    if duration_ns <= _NS_PER_US:
        return 0
    return min(int(STEPS_PER_DOUBLING * math.log2(duration_ns / _NS_PER_US)), STEPS - 1)
