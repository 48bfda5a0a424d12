"""The worker's clock: the times of frames, pings and states."""

from __future__ import annotations

import time
from typing import Final

clock_ns: Final = time.perf_counter_ns
"""Monotonic nanoseconds since some moment before the start, the same for all threads of the machine.

Python's `time.monotonic_ns` would do elsewhere, where both read the same clock. On Windows, before Python 3.13, it
goes in steps of 15.6 ms: half a frame at 30 Hz.
"""
