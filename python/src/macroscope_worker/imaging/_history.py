"""The regions' means of the last ten minutes, in memory that does not grow."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from macroscope_worker.imaging._regions import MOST_REGIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from macroscope_worker.imaging._region import Region

MOST_RATE_HZ: Final = 10.0
HISTORY_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class TimeCourses:
    """Samples in order of time. `next_index` is where to go on reading.

    `means` has a row for each time and a column for each region; NaN where it had no pixel.
    """

    region_ids: tuple[str, ...]
    received_ns: npt.NDArray[np.uint64]
    frame_ids: npt.NDArray[np.uint64]
    means: npt.NDArray[np.float32]
    next_index: int


class History:
    """One thread adds, any thread reads. A region that moves begins anew: what was elsewhere is not its past."""

    def __init__(self, samples: int = int(HISTORY_S * MOST_RATE_HZ)) -> None:
        self._samples = samples
        self._lock = threading.Lock()
        self._received_ns = np.zeros(samples, np.uint64)
        self._frame_ids = np.zeros(samples, np.uint64)
        self._means = np.full((samples, MOST_REGIONS), np.nan, np.float32)
        self._count = 0
        self._columns: dict[str, int] = {}
        self._places: dict[str, object] = {}
        self._listeners: list[Callable[[], None]] = []

    def keep(self, regions: Sequence[Region]) -> None:
        """Have room for these regions; forget others, and the past of those that have moved."""
        with self._lock:
            wanted = {region.id: region.place for region in regions}
            for region_id in [each for each in self._columns if each not in wanted]:
                del self._columns[region_id]
                del self._places[region_id]
            free = [column for column in range(MOST_REGIONS) if column not in self._columns.values()]
            for region_id, place in wanted.items():
                if self._places.get(region_id) == place:
                    continue
                column = self._columns.setdefault(region_id, free[0] if free else 0)
                if column in free:
                    free.remove(column)
                self._means[:, column] = np.nan
                self._places[region_id] = place

    def add(self, received_ns: int, frame_id: int, means: Mapping[str, float]) -> None:
        """One sample; regions that are not kept any more are left out."""
        with self._lock:
            place = self._count % self._samples
            self._received_ns[place] = received_ns
            self._frame_ids[place] = frame_id
            self._means[place] = np.nan
            for region_id, mean in means.items():
                column = self._columns.get(region_id)
                if column is not None:
                    self._means[place, column] = mean
            self._count += 1
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()

    def first_after(self, received_ns: int) -> int:
        """The index of the oldest sample after this time."""
        with self._lock:
            first = max(0, self._count - self._samples)
            times = self._received_ns[np.arange(first, self._count) % self._samples]
            return first + int(np.searchsorted(times, received_ns, side="right"))

    def read(self, index: int, most: int) -> TimeCourses:
        """At most so many samples from this index on; what is no longer kept is passed over."""
        with self._lock:
            first = max(index, self._count - self._samples, 0)
            places = np.arange(first, max(first, min(self._count, first + most))) % self._samples
            region_ids = tuple(self._columns)
            columns = [self._columns[region_id] for region_id in region_ids]
            return TimeCourses(
                region_ids,
                self._received_ns[places],
                self._frame_ids[places],
                self._means[places][:, columns],
                first + len(places),
            )

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called after each sample, from the thread that added it; it must not wait."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe
