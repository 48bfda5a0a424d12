"""Looking at the brain, as a part of the worker process: its thread, what it remembers, its service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from macroscope_worker.imaging import Imaging
from macroscope_worker.services.imaging import ImagingService

from .region_memory import RegionMemory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macroscope_worker.acquisition import Engine
    from macroscope_worker.services.engine_threads import EngineThreads


class ImagingDesk:
    """Owns them from `open`, on the event loop, to `close`, which comes before the engine's."""

    def __init__(self, engine: Engine, imaging: Imaging, memory: RegionMemory) -> None:
        self.imaging = imaging
        self._engine = engine
        self._remembering = asyncio.create_task(memory.follow(imaging.regions))

    @classmethod
    async def open(
        cls, engine: Engine, runtime_directory: Path, animal_id: Callable[[], str] = lambda: ""
    ) -> ImagingDesk:
        """Begin, with the regions that an earlier worker watched."""
        memory = RegionMemory(runtime_directory)
        regions = await asyncio.to_thread(memory.load)
        return cls(engine, Imaging(engine, regions=regions, animal_id=animal_id), memory)

    def service(self, threads: EngineThreads) -> ImagingService:
        """What is served of it."""
        return ImagingService(self.imaging, self._engine, threads)

    async def close(self) -> None:
        """End the thread and the remembering."""
        self._remembering.cancel()
        await asyncio.gather(self._remembering, return_exceptions=True)
        await asyncio.to_thread(self.imaging.close)
