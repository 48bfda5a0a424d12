"""The regions that were watched, so that a worker started after a crash watches them again."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from macroscope_worker.imaging import Region, RegionShape
from macroscope_worker.rpc.validation import violations_of
from macroscope_worker.services.imaging_translation import region_to_proto
from macroscope_worker.services.news import News
from macroscope_worker.whole_file import read_json, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.imaging import Regions

LOG = logging.getLogger(__name__)
MEMORY_NAME: Final = "regions.json"


class RegionMemory:
    """A file in the runtime directory."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / MEMORY_NAME

    def load(self) -> tuple[Region, ...]:
        """What an earlier worker watched; nothing where nothing makes sense. Waits for the disk."""
        try:
            found = read_json(self._path)
            return tuple(_region(each) for each in found["regions"])
        except (OSError, ValueError, TypeError, KeyError, OverflowError):
            return ()

    def store(self, regions: tuple[Region, ...]) -> None:
        """Write them down, whole. Waits for the disk; raises OSError."""
        write_whole(self._path, json.dumps({"regions": [asdict(region) for region in regions]}))

    async def follow(self, regions: Regions) -> None:
        """Keep the file as the regions are, until cancelled."""
        news = News()
        unsubscribe = regions.subscribe(news.tell)
        stored = regions.snapshot.regions
        try:
            while True:
                await news.wait()
                present = regions.snapshot.regions
                if present == stored:
                    continue
                try:
                    await asyncio.to_thread(self.store, present)
                    stored = present
                except OSError as error:
                    LOG.warning("the regions are not remembered", extra={"reason": str(error)})
        finally:
            unsubscribe()


def _region(found: dict[str, Any]) -> Region:
    """Raises what the conversions raise, and ValueError where a window could not have drawn it."""
    region = Region(
        id=str(found["id"]),
        name=str(found["name"]),
        shape=RegionShape(found["shape"]),
        x_px=float(found["x_px"]),
        y_px=float(found["y_px"]),
        width_px=float(found["width_px"]),
        height_px=float(found["height_px"]),
        colour=int(found["colour"]),
    )
    if violations_of(region_to_proto(region)):
        msg = "It is no region."
        raise ValueError(msg)
    return region
