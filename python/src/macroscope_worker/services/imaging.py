"""Looking at the brain: histogram, regions and their time courses, snapshots, references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from macroscope.imaging.v1 import imaging_connect
from macroscope.imaging.v1.imaging_pb import (
    GetReferenceRequest,
    GetReferenceResponse,
    ListReferencesRequest,
    ListReferencesResponse,
    PutRegionRequest,
    PutRegionResponse,
    Region,
    RemoveRegionRequest,
    RemoveRegionResponse,
    TakeReferenceRequest,
    TakeReferenceResponse,
    TakeSnapshotRequest,
    TakeSnapshotResponse,
    WatchHistogramRequest,
    WatchHistogramResponse,
    WatchRegionsRequest,
    WatchRegionsResponse,
    WatchTimeCoursesRequest,
    WatchTimeCoursesResponse,
)

from macroscope_worker.clock import clock_ns

from .imaging_translation import (
    courses_to_proto,
    histogram_to_proto,
    reference_to_proto,
    region_of,
    regions_to_proto,
)
from .news import Deliveries, News

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from macroscope_worker.imaging import HistogramSample, Imaging

    from .engine_port import EnginePort
    from .engine_threads import EngineThreads

_BATCH_SAMPLES: Final = 1000
"""Of the past, in one message: 100 s, some 100 kB with all regions."""


class ImagingService(imaging_connect.ImagingService):
    """Serves what is made of the live camera's frames beside recording them."""

    def __init__(self, imaging: Imaging, engine: EnginePort, threads: EngineThreads) -> None:
        self._imaging = imaging
        self._engine = engine
        self._threads = threads

    async def watch_histogram(
        self, request: WatchHistogramRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchHistogramResponse]:
        """The newest frame's histogram, as often as asked for."""
        del ctx
        samples: Deliveries[HistogramSample] = Deliveries()
        end = self._imaging.watch_histogram(request.max_rate_hz, request.region_id, samples.deliver)
        try:
            while True:
                yield WatchHistogramResponse(histogram=histogram_to_proto(await samples.take()))
        finally:
            end()

    async def watch_regions(
        self, request: WatchRegionsRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchRegionsResponse]:
        """The regions now, and again whenever they or the sensor change."""
        del request, ctx
        news = News()
        ends = (self._imaging.regions.subscribe(news.tell), self._engine.subscribe(news.tell))
        told: tuple[object, object] | None = None
        try:
            while True:
                snapshot, sensor = self._imaging.regions.snapshot, self._imaging.sensor_size()
                if told != (snapshot, sensor):
                    told = (snapshot, sensor)
                    yield regions_to_proto(snapshot, sensor)
                await news.wait()
        finally:
            for end in ends:
                end()

    async def put_region(self, request: PutRegionRequest, ctx: RequestContext[Any, Any], /) -> PutRegionResponse:
        """Add or change a region."""
        del ctx
        return PutRegionResponse(revision=self._imaging.put_region(region_of(request.region or Region())))

    async def remove_region(
        self, request: RemoveRegionRequest, ctx: RequestContext[Any, Any], /
    ) -> RemoveRegionResponse:
        """Forget a region."""
        del ctx
        return RemoveRegionResponse(revision=self._imaging.regions.remove(request.id))

    async def watch_time_courses(
        self, request: WatchTimeCoursesRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchTimeCoursesResponse]:
        """What is known of the last minutes, then what comes."""
        del ctx
        history, news = self._imaging.history, News()
        unsubscribe = history.subscribe(news.tell)
        index = history.first_after(clock_ns() - int(request.history_s * 1e9))
        live = False
        try:
            while True:
                courses = history.read(index, _BATCH_SAMPLES)
                index = courses.next_index
                if len(courses.received_ns) == 0:
                    if not live:
                        live = True
                        yield courses_to_proto(courses, live=True)
                    await news.wait()
                    continue
                yield courses_to_proto(courses, live=live)
        finally:
            unsubscribe()

    async def take_snapshot(
        self, request: TakeSnapshotRequest, ctx: RequestContext[Any, Any], /
    ) -> TakeSnapshotResponse:
        """Save the newest frame."""
        del ctx
        saved = await self._threads.query(lambda cancellation: self._imaging.take_snapshot(request.name, cancellation))
        return TakeSnapshotResponse(
            tiff_path=str(saved.tiff_path), png_path=str(saved.png_path), frame_id=saved.frame_id
        )

    async def take_reference(
        self, request: TakeReferenceRequest, ctx: RequestContext[Any, Any], /
    ) -> TakeReferenceResponse:
        """Average the next frames."""
        del ctx
        reference = await self._threads.query(
            lambda cancellation: self._imaging.take_reference(request.name, request.frames, cancellation)
        )
        return TakeReferenceResponse(reference=reference_to_proto(reference))

    async def list_references(
        self, request: ListReferencesRequest, ctx: RequestContext[Any, Any], /
    ) -> ListReferencesResponse:
        """The references on the disk."""
        del ctx
        found = await self._threads.query(lambda _: self._imaging.references.list(request.animal_id))
        return ListReferencesResponse(references=[reference_to_proto(reference) for reference in found])

    async def get_reference(
        self, request: GetReferenceRequest, ctx: RequestContext[Any, Any], /
    ) -> GetReferenceResponse:
        """A reference's picture."""
        del ctx
        references = self._imaging.references
        reference = await self._threads.query(lambda _: references.find(request.id))
        pixels = await self._threads.query(
            lambda _: references.picture(reference, request.max_width_px, request.max_height_px)
        )
        return GetReferenceResponse(
            reference=reference_to_proto(reference),
            width_px=pixels.shape[1],
            height_px=pixels.shape[0],
            # The field takes any bytes without gaps; the generated type says `bytes` only.
            pixels=cast("bytes", pixels.data.cast("B")),
        )
