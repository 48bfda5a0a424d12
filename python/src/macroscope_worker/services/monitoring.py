"""The health of camera, memory, disk and worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macroscope.monitoring.v1 import monitoring_connect
from macroscope.monitoring.v1.monitoring_pb import WatchHardwareRequest, WatchHardwareResponse

from .monitoring_translation import health_to_proto
from .news import Pace
from .process_health import ProcessHealth

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from .engine_port import EnginePort


class MonitoringService(monitoring_connect.MonitoringService):
    """Samples for as long as somebody watches."""

    def __init__(self, engine: EnginePort) -> None:
        self._engine = engine

    async def watch_hardware(
        self, request: WatchHardwareRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchHardwareResponse]:
        """A sample now, and again at the rate asked for."""
        del ctx
        pace = Pace(1 / request.rate_hz)
        process = ProcessHealth()
        while True:
            lag_ms = await pace.wait()
            # Not in a command's thread: a driver that hangs may hold them all. It waits for nothing.
            yield WatchHardwareResponse(status=health_to_proto(self._engine.health(), process.sample(lag_ms)))
