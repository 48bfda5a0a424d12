"""What the worker process itself costs."""

from __future__ import annotations

import time

import psutil
from macroscope.monitoring.v1.monitoring_pb import WorkerHealth


class ProcessHealth:
    """Samples of this process; the CPU time is counted from one sample to the next."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        # The wall clock may be set while the worker runs.
        self._started_s = time.monotonic() - (time.time() - self._process.create_time())
        self._process.cpu_percent()

    def sample(self, loop_lag_ms: float) -> WorkerHealth:
        """A sample now."""
        with self._process.oneshot():
            return WorkerHealth(
                pid=self._process.pid,
                uptime_s=max(0.0, time.monotonic() - self._started_s),
                resident_bytes=self._process.memory_info().rss,
                cpu_percent=self._process.cpu_percent(),
                loop_lag_ms=loop_lag_ms,
            )
