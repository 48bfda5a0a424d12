from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.acquisition.scripted_camera import ScriptedCamera, live_engine

from macroscope_worker.imaging import Region, RegionShape
from macroscope_worker.worker.imaging_desk import ImagingDesk
from macroscope_worker.worker.region_memory import RegionMemory

if TYPE_CHECKING:
    from pathlib import Path

V1 = Region("a", "V1", RegionShape.RECTANGLE, 0, 0, 4, 4)


@pytest.mark.asyncio
async def test_it_looks_at_the_engines_frames_with_the_regions_of_before(tmp_path: Path) -> None:
    RegionMemory(tmp_path).store((V1,))
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        desk = await ImagingDesk.open(engine, tmp_path)
        try:
            camera.deliver(1)
            sample = desk.imaging.histogram("a")
            assert sample is not None
            assert (sample.frame_id, sample.sampled_px) == (1, 16)
        finally:
            await desk.close()
