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
    from .engine_threads import EngineThreads


class MonitoringService(monitoring_connect.MonitoringService):
    """Samples for as long as somebody watches."""

    def __init__(self, engine: EnginePort, threads: EngineThreads) -> None:
        self._engine = engine
        self._threads = threads

    async def watch_hardware(
        self, request: WatchHardwareRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchHardwareResponse]:
        """A sample now, and again at the rate asked for."""
        del ctx
        pace = Pace(1 / request.rate_hz)
        process = ProcessHealth()
        while True:
            lag_ms = await pace.wait()
            # In a thread: the disk may be slow to say what is free.
            health = await self._threads.command(self._engine.health)
            yield WatchHardwareResponse(status=health_to_proto(health, process.sample(lag_ms)))
