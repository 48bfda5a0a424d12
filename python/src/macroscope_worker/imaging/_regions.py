"""The regions that are watched: by id, at most sixteen, with a revision."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from macroscope_worker.imaging._errors import RegionNotFound, RegionOutside, RegionsFull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from macroscope_worker.imaging._region import Region

MOST_REGIONS: Final = 16


@dataclass(frozen=True, slots=True)
class RegionsSnapshot:
    """All regions, in the order in which they were drawn."""

    revision: int
    regions: tuple[Region, ...] = ()


class Regions:
    """Thread-safe. Listeners are called from the thread that changed something and must not wait."""

    def __init__(self, regions: Iterable[Region] = ()) -> None:
        self._lock = threading.Lock()
        self._snapshot = RegionsSnapshot(1, tuple(regions)[:MOST_REGIONS])
        self._listeners: list[Callable[[], None]] = []

    @property
    def snapshot(self) -> RegionsSnapshot:
        """The regions now."""
        return self._snapshot

    def find(self, region_id: str) -> Region:
        """Raises RegionNotFound."""
        for region in self._snapshot.regions:
            if region.id == region_id:
                return region
        raise RegionNotFound(region_id)

    def put(self, region: Region, sensor_width_px: int, sensor_height_px: int) -> int:
        """Add a region, or change the one of that id; returns the revision. A size of 0 is a sensor that is not known.

        Raises RegionOutside or RegionsFull.
        """
        if sensor_width_px and sensor_height_px and not _fits(region, sensor_width_px, sensor_height_px):
            raise RegionOutside(region.name, sensor_width_px, sensor_height_px)
        with self._lock:
            before = self._snapshot.regions
            if any(each.id == region.id for each in before):
                after = tuple(region if each.id == region.id else each for each in before)
            elif len(before) >= MOST_REGIONS:
                raise RegionsFull(MOST_REGIONS)
            else:
                after = (*before, region)
            revision = self._change(after)
        self._tell()
        return revision

    def remove(self, region_id: str) -> int:
        """Forget a region; returns the revision. Raises RegionNotFound."""
        with self._lock:
            self.find(region_id)
            revision = self._change(tuple(each for each in self._snapshot.regions if each.id != region_id))
        self._tell()
        return revision

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called after each change; returns what ends it."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def _change(self, regions: tuple[Region, ...]) -> int:
        if regions != self._snapshot.regions:
            self._snapshot = RegionsSnapshot(self._snapshot.revision + 1, regions)
        return self._snapshot.revision

    def _tell(self) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()


def _fits(region: Region, sensor_width_px: int, sensor_height_px: int) -> bool:
    # A hair's breadth for what windows compute in other units.
    across, down = region.x_px + region.width_px, region.y_px + region.height_px
    return across <= sensor_width_px + 1e-6 and down <= sensor_height_px + 1e-6
