from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.imaging import Region, Regions, RegionShape
from macroscope_worker.services.news import News
from macroscope_worker.worker.region_memory import MEMORY_NAME, RegionMemory

if TYPE_CHECKING:
    from pathlib import Path

V1 = Region("a", "V1 \u00fc", RegionShape.ELLIPSE, 10.5, 10, 20, 20, 7)


@pytest.mark.asyncio
async def test_a_worker_after_this_one_has_the_regions(tmp_path: Path) -> None:
    regions, stored = Regions(), News()

    class TellingMemory(RegionMemory):
        def store(self, regions: tuple[Region, ...]) -> None:
            super().store(regions)
            stored.tell()

    following = asyncio.create_task(TellingMemory(tmp_path).follow(regions))
    await asyncio.sleep(0)
    regions.put(V1, 512, 512)
    await stored.wait()
    following.cancel()
    assert RegionMemory(tmp_path).load() == (V1,)


def drawn(**changed: str) -> str:
    """A file with one region, some values of it as they are given."""
    values = {"id": '"a"', "name": '"V1"', "shape": "2", "x_px": "10", "y_px": "10", "width_px": "20"}
    values |= {"height_px": "20", "colour": "7", **changed}
    return f'{{"regions": [{{{", ".join(f"{json.dumps(name)}: {value}" for name, value in values.items())}}}]}}'


def test_a_file_that_somebody_wrote_is_read(tmp_path: Path) -> None:
    (tmp_path / MEMORY_NAME).write_text(drawn())
    assert [region.id for region in RegionMemory(tmp_path).load()] == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"regions": [{}]}',
        '{"regions": [{"id": 1, "shape": 9}]}',
        drawn(x_px="NaN"),
        drawn(x_px="1e300"),
        drawn(width_px="0"),
        drawn(height_px="Infinity"),
        drawn(colour="1e999"),
        drawn(name='"\\ud800"'),
        drawn(id='"../a"'),
    ],
)
def test_what_makes_no_sense_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / MEMORY_NAME).write_text(text)
    assert RegionMemory(tmp_path).load() == ()


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert RegionMemory(tmp_path).load() == ()
