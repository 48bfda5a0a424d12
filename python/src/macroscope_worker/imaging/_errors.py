"""What can go wrong when the brain is looked at."""

from __future__ import annotations

from macroscope_worker.errors import MacroscopeError


class ImagingError(MacroscopeError):
    """Something about pictures, regions or references."""


class NoFrame(ImagingError):
    """There is nothing to look at."""

    def __init__(self) -> None:
        super().__init__("No frame comes from a camera. Choose a camera, and wait until its picture is there.")


class RegionNotFound(ImagingError):
    """No region has this id."""

    def __init__(self, region_id: str) -> None:
        super().__init__(f"There is no region {region_id!r} any more. Draw it again.")
        self.region_id = region_id


class RegionOutside(ImagingError):
    """A region lies beside the sensor."""

    def __init__(self, name: str, sensor_width_px: int, sensor_height_px: int) -> None:
        super().__init__(
            f"The region {name!r} reaches beyond the sensor of {sensor_width_px} x {sensor_height_px} pixels. "
            "Draw it inside the picture."
        )


class RegionsFull(ImagingError):
    """There are as many regions as can be watched."""

    def __init__(self, most: int) -> None:
        super().__init__(f"There are {most} regions, which is the most. Remove one first.")
        self.most = most


class ReferenceNotFound(ImagingError):
    """No reference of this id is kept."""

    def __init__(self, reference_id: str) -> None:
        super().__init__(f"There is no reference {reference_id!r}. List the references again: it may have been moved.")
        self.reference_id = reference_id
