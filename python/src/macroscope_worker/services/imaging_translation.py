"""Histograms, regions, time courses and references, between the domain and the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope.imaging.v1 import imaging_pb as contract

from macroscope_worker.imaging import Region, RegionShape

if TYPE_CHECKING:
    from macroscope_worker.imaging import HistogramSample, Reference, RegionsSnapshot, TimeCourses


def histogram_to_proto(sample: HistogramSample) -> contract.Histogram:
    """One histogram."""
    return contract.Histogram(
        frame_id=sample.frame_id,
        received_ns=sample.received_ns,
        counts=sample.counts.tolist(),
        significant_bits=sample.significant_bits,
        minimum=sample.minimum,
        maximum=sample.maximum,
        mean=sample.mean,
        low=sample.low,
        high=sample.high,
        saturated_px=sample.saturated_px,
        sampled_px=sample.sampled_px,
    )


def region_of(message: contract.Region) -> Region:
    """A region that somebody drew; the schema's rules hold for it."""
    return Region(
        id=message.id,
        name=message.name,
        shape=RegionShape(message.shape),
        x_px=message.x_px,
        y_px=message.y_px,
        width_px=message.width_px,
        height_px=message.height_px,
        colour=message.colour,
    )


def region_to_proto(region: Region) -> contract.Region:
    """A region."""
    return contract.Region(
        id=region.id,
        name=region.name,
        shape=contract.RegionShape(region.shape),
        x_px=region.x_px,
        y_px=region.y_px,
        width_px=region.width_px,
        height_px=region.height_px,
        colour=region.colour,
    )


def regions_to_proto(snapshot: RegionsSnapshot, sensor_size: tuple[int, int]) -> contract.WatchRegionsResponse:
    """All regions, and the sensor that they lie on."""
    return contract.WatchRegionsResponse(
        revision=snapshot.revision,
        regions=[region_to_proto(region) for region in snapshot.regions],
        sensor_width_px=sensor_size[0],
        sensor_height_px=sensor_size[1],
    )


def courses_to_proto(courses: TimeCourses, *, live: bool) -> contract.WatchTimeCoursesResponse:
    """A batch of samples."""
    return contract.WatchTimeCoursesResponse(
        region_ids=list(courses.region_ids),
        received_ns=courses.received_ns.tolist(),
        frame_id=courses.frame_ids.tolist(),
        mean_counts=courses.means.ravel().tolist(),
        live=live,
    )


def reference_to_proto(reference: Reference) -> contract.Reference:
    """What is known of a reference."""
    return contract.Reference(
        id=reference.id,
        name=reference.name,
        animal_id=reference.animal_id,
        taken_unix_ns=reference.taken_unix_ns,
        path=str(reference.path),
        width_px=reference.width_px,
        height_px=reference.height_px,
        frames=reference.frames,
        sensor_x_px=reference.sensor_x_px,
        sensor_y_px=reference.sensor_y_px,
        binning=reference.binning,
    )
