"""Looking at the brain: histogram, regions with their time courses, snapshots, references."""

from __future__ import annotations

from macroscope_worker.imaging._errors import (
    ImagingError,
    NoFrame,
    ReferenceNotFound,
    RegionNotFound,
    RegionOutside,
    RegionsFull,
)
from macroscope_worker.imaging._histogram import HistogramSample, histogram_of
from macroscope_worker.imaging._history import HISTORY_S, History, TimeCourses
from macroscope_worker.imaging._imaging import Imaging, ImagingEngine, SavedSnapshot
from macroscope_worker.imaging._references import Reference, References
from macroscope_worker.imaging._region import Region, RegionShape
from macroscope_worker.imaging._regions import MOST_REGIONS, Regions, RegionsSnapshot

__all__ = [
    "HISTORY_S",
    "MOST_REGIONS",
    "HistogramSample",
    "History",
    "Imaging",
    "ImagingEngine",
    "ImagingError",
    "NoFrame",
    "Reference",
    "ReferenceNotFound",
    "References",
    "Region",
    "RegionNotFound",
    "RegionOutside",
    "RegionShape",
    "Regions",
    "RegionsFull",
    "RegionsSnapshot",
    "SavedSnapshot",
    "TimeCourses",
    "histogram_of",
]
