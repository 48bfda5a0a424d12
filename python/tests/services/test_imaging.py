from __future__ import annotations

import math
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tifffile
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.imaging.v1.imaging_connect import ImagingServiceClient
from macroscope.imaging.v1.imaging_pb import (
    GetReferenceRequest,
    ListReferencesRequest,
    PutRegionRequest,
    Region,
    RegionShape,
    RemoveRegionRequest,
    TakeReferenceRequest,
    TakeSnapshotRequest,
    WatchHistogramRequest,
    WatchRegionsRequest,
    WatchTimeCoursesRequest,
)
from macroscope.rpc.v1.options_pb import Role
from tests.imaging.frames import FrameGiver, random_pixels
from tests.rpc.pair import SERVER
from tests.rpc.serving import bare
from tests.services.fake_engine import FakeEngine

from macroscope_worker.imaging import Imaging
from macroscope_worker.rpc.server import Server
from macroscope_worker.services.engine_threads import EngineThreads
from macroscope_worker.services.error_mapping import translate
from macroscope_worker.services.imaging import ImagingService
from macroscope_worker.services.news import News

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.acquisition import Frame

pytestmark = pytest.mark.asyncio

V1 = Region(id="a", name="V1", shape=RegionShape.RECTANGLE, x_px=8, y_px=4, width_px=16, height_px=8, colour=3)


class LookedAtEngine(FakeEngine):
    def __init__(self, giver: FrameGiver) -> None:
        super().__init__()
        self._giver = giver
        self._acquisition = replace(self._acquisition, default_directory=giver.folder)

    def take_frame(self, after_ns: int, timeout_s: float) -> Frame | None:
        return self._giver.take_frame(after_ns, timeout_s)


@dataclass
class Served:
    giver: FrameGiver
    engine: LookedAtEngine
    imaging: Imaging
    client: ImagingServiceClient


@asynccontextmanager
async def served(folder: Path, role: Role = Role.OPERATOR) -> AsyncIterator[Served]:
    giver, threads = FrameGiver(folder), EngineThreads()
    engine = LookedAtEngine(giver)
    imaging = Imaging(engine, animal_id=lambda: "m12")
    server = Server(SERVER, [ImagingService(imaging, engine, threads)], translate=translate)
    try:
        yield Served(giver, engine, imaging, (await bare(server, role=role)).client(ImagingServiceClient))
    finally:
        server.close()
        threads.close()
        imaging.close()
        giver.close()


async def test_histograms_come_as_frames_do(tmp_path: Path) -> None:
    async with served(tmp_path) as worker:
        pixels = random_pixels(1, 64, 64)
        worker.giver.offer(pixels)
        stream = worker.client.watch_histogram(WatchHistogramRequest(max_rate_hz=30))
        histogram = (await anext(stream)).histogram
        assert histogram is not None
        assert sum(histogram.counts) == histogram.sampled_px == pixels.size
        assert histogram.mean == pytest.approx(pixels.mean())
        assert (histogram.frame_id, histogram.significant_bits) == (1, 12)


async def test_a_histogram_of_a_region_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    async with served(tmp_path) as worker:
        with pytest.raises(ConnectError) as caught:
            await anext(worker.client.watch_histogram(WatchHistogramRequest(max_rate_hz=1, region_id="x")))
        assert caught.value.code is Code.NOT_FOUND


async def test_regions_are_told_at_once_and_with_each_change(tmp_path: Path) -> None:
    async with served(tmp_path) as worker:
        stream = worker.client.watch_regions(WatchRegionsRequest())
        first = await anext(stream)
        assert (len(first.regions), first.sensor_width_px, first.sensor_height_px) == (0, 512, 512)
        put = await worker.client.put_region(PutRegionRequest(region=V1))
        second = await anext(stream)
        assert second.revision == put.revision > first.revision
        assert second.regions == [V1]
        removed = await worker.client.remove_region(RemoveRegionRequest(id="a"))
        third = await anext(stream)
        assert (third.revision, len(third.regions)) == (removed.revision, 0)


async def test_another_sensor_is_told_too(tmp_path: Path) -> None:
    async with served(tmp_path) as worker:
        stream = worker.client.watch_regions(WatchRegionsRequest())
        await anext(stream)
        worker.engine.set_camera(replace(worker.engine.camera(), revision=2, sensor_width_px=2048))
        assert (await anext(stream)).sensor_width_px == 2048


@pytest.mark.parametrize(
    "region",
    [
        Region(id="a", name="V1", shape=RegionShape.ELLIPSE, x_px=500, width_px=20, height_px=1),
        Region(id="../x", name="V1", shape=RegionShape.ELLIPSE, width_px=20, height_px=1),
        Region(id="a", name="V1", width_px=20, height_px=1),
        Region(id="a", name="V1", shape=RegionShape.ELLIPSE, width_px=math.nan, height_px=1),
    ],
)
async def test_a_region_that_makes_no_sense_is_refused(tmp_path: Path, region: Region) -> None:
    async with served(tmp_path) as worker:
        with pytest.raises(ConnectError) as caught:
            await worker.client.put_region(PutRegionRequest(region=region))
        assert caught.value.code is Code.INVALID_ARGUMENT


async def test_the_seventeenth_region_is_refused(tmp_path: Path) -> None:
    async with served(tmp_path) as worker:
        for number in range(16):
            region = Region(id=f"r{number}", name="R", shape=RegionShape.ELLIPSE, width_px=2, height_px=2)
            await worker.client.put_region(PutRegionRequest(region=region))
        with pytest.raises(ConnectError) as caught:
            await worker.client.put_region(PutRegionRequest(region=V1))
        assert caught.value.code is Code.RESOURCE_EXHAUSTED
        with pytest.raises(ConnectError) as missing:
            await worker.client.remove_region(RemoveRegionRequest(id="a"))
        assert missing.value.code is Code.NOT_FOUND


async def test_time_courses_begin_with_the_past_and_go_on(tmp_path: Path) -> None:
    async with served(tmp_path) as worker:
        await worker.client.put_region(PutRegionRequest(region=V1))
        added = News()
        worker.imaging.history.subscribe(added.tell)
        pixels = random_pixels(1, 64, 64)
        worker.giver.offer(pixels)
        await added.wait()
        stream = worker.client.watch_time_courses(WatchTimeCoursesRequest(history_s=60))
        past = await anext(stream)
        assert (past.region_ids, past.frame_id, past.live) == (["a"], [1], False)
        assert past.mean_counts == [pytest.approx(pixels[4:12, 8:24].mean())]
        assert (await anext(stream)).live
        worker.giver.offer(random_pixels(2, 64, 64))
        news = await anext(stream)
        assert (news.frame_id, news.live) == ([2], True)


async def test_a_snapshot_and_a_reference_go_to_the_disk(tmp_path: Path) -> None:
    async with served(tmp_path) as worker:
        pixels = random_pixels(3, 64, 64)
        worker.giver.offer(pixels)
        saved = await worker.client.take_snapshot(TakeSnapshotRequest(name="focus"))
        assert (tifffile.imread(saved.tiff_path) == pixels).all()
        assert Path(saved.png_path).parent == tmp_path / "snapshots"
        taken = (await worker.client.take_reference(TakeReferenceRequest(name="vessels", frames=1))).reference
        assert taken is not None
        assert (taken.animal_id, taken.frames, taken.width_px) == ("m12", 1, 64)
        listed = (await worker.client.list_references(ListReferencesRequest(animal_id="m12"))).references
        assert listed == [taken]
        got = await worker.client.get_reference(GetReferenceRequest(id=taken.id, max_width_px=32, max_height_px=32))
        assert (got.width_px, got.height_px, len(got.pixels)) == (32, 32, 32 * 32)
        with pytest.raises(ConnectError) as caught:
            await worker.client.get_reference(GetReferenceRequest(id="../x", max_width_px=32, max_height_px=32))
        assert caught.value.code is Code.NOT_FOUND


async def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    async with served(tmp_path) as worker:
        (tmp_path / "snapshots").write_text("a file where the folder would be")
        worker.giver.offer(random_pixels(3, 64, 64))
        with pytest.raises(ConnectError) as caught:
            await worker.client.take_snapshot(TakeSnapshotRequest())
        assert caught.value.code is Code.PERMISSION_DENIED


async def test_a_viewer_looks_and_changes_nothing(tmp_path: Path) -> None:
    async with served(tmp_path, Role.VIEWER) as worker:
        assert (await anext(worker.client.watch_regions(WatchRegionsRequest()))).revision
        with pytest.raises(ConnectError) as caught:
            await worker.client.put_region(PutRegionRequest(region=V1))
        assert caught.value.code is Code.PERMISSION_DENIED
