from __future__ import annotations

import os

from macroscope_worker.services.process_health import ProcessHealth


def test_samples_this_process() -> None:
    health = ProcessHealth()
    first, second = health.sample(1.5), health.sample(0)
    assert first.pid == os.getpid()
    assert first.loop_lag_ms == 1.5
    assert first.resident_bytes > 1_000_000
    assert second.uptime_s >= first.uptime_s > 0
    assert second.cpu_percent >= 0
