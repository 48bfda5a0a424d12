from __future__ import annotations

import json
import threading
from dataclasses import replace
from queue import Queue
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tifffile

from macroscope_worker.acquisition import Cancellation, CommandCanceled, Placement
from macroscope_worker.imaging import Imaging, ImagingError, Region, RegionNotFound, RegionShape, histogram_of
from macroscope_worker.imaging._pictures import take_frames

from .frames import PATIENCE_S, FrameGiver, random_pixels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from macroscope_worker.imaging import HistogramSample

V1 = Region("a", "V1", RegionShape.RECTANGLE, 8, 4, 16, 8)


@pytest.fixture
def giver(tmp_path: Path) -> Iterator[FrameGiver]:
    made = FrameGiver(tmp_path)
    yield made
    made.close()


@pytest.fixture
def imaging(giver: FrameGiver) -> Iterator[Imaging]:
    made = Imaging(giver, animal_id=lambda: "m12")
    yield made
    made.close()


def next_sample(imaging: Imaging) -> threading.Event:
    added = threading.Event()
    imaging.history.subscribe(added.set)
    return added


def test_a_histogram_of_all_or_of_a_region(giver: FrameGiver, imaging: Imaging) -> None:
    assert imaging.histogram(timeout_s=0.01) is None
    pixels = random_pixels(5, 64, 64)
    frame = giver.offer(pixels)
    whole = imaging.histogram()
    assert whole is not None
    assert (whole.frame_id, whole.mean) == (frame.frame_id, pytest.approx(pixels.mean()))
    imaging.put_region(V1)
    part = imaging.histogram("a")
    assert part is not None
    assert np.array_equal(part.counts, histogram_of(pixels[4:12, 8:24], 12).counts)
    with pytest.raises(RegionNotFound):
        imaging.histogram("b")


def test_histograms_come_for_each_frame_until_they_are_not_wanted(giver: FrameGiver, imaging: Imaging) -> None:
    samples: Queue[HistogramSample] = Queue()
    end = imaging.watch_histogram(30_000, "", samples.put)
    for number in (1, 2):
        giver.offer(random_pixels(number, 64, 64))
        assert samples.get(timeout=PATIENCE_S).frame_id == number
    end()
    giver.offer(random_pixels(3, 64, 64))
    assert imaging.histogram() is not None
    assert samples.empty()


def test_regions_are_measured_while_there_are_any(giver: FrameGiver, imaging: Imaging) -> None:
    added = next_sample(imaging)
    pixels = random_pixels(6, 64, 64)
    imaging.put_region(V1)
    imaging.put_region(replace(V1, id="b", shape=RegionShape.ELLIPSE))
    frame = giver.offer(pixels)
    assert added.wait(PATIENCE_S)
    courses = imaging.history.read(0, 10)
    assert courses.region_ids == ("a", "b")
    assert courses.received_ns[0] == frame.received_ns
    assert courses.means[0, 0] == pytest.approx(pixels[4:12, 8:24].mean())
    imaging.regions.remove("a")
    imaging.regions.remove("b")
    assert imaging.history.read(0, 10).region_ids == ()


def test_a_region_stays_where_it_is_on_the_brain(giver: FrameGiver, imaging: Imaging) -> None:
    sensor = random_pixels(7, 64, 64).astype(float)
    binned = sensor.reshape(32, 2, 32, 2).mean(axis=(1, 3))[:, 2:].astype(np.uint16)
    imaging.put_region(V1)
    added = next_sample(imaging)
    giver.offer(binned, placement=Placement(4, 0, 2))
    assert added.wait(PATIENCE_S)
    assert imaging.history.read(0, 1).means[0, 0] == pytest.approx(sensor[4:12, 8:24].mean(), rel=0.001)


def test_a_region_that_the_image_does_not_show_has_no_mean(giver: FrameGiver, imaging: Imaging) -> None:
    imaging.put_region(V1)
    added = next_sample(imaging)
    giver.offer(random_pixels(8, 16, 16), placement=Placement(48, 48, 1))
    assert added.wait(PATIENCE_S)
    assert np.isnan(imaging.history.read(0, 1).means).all()


def test_a_snapshot_is_the_frame_with_all_that_is_known_of_it(
    giver: FrameGiver, imaging: Imaging, tmp_path: Path
) -> None:
    pixels = random_pixels(9, 64, 48)
    frame = giver.offer(pixels, placement=Placement(16, 8, 2))
    saved = imaging.take_snapshot("focus")
    assert saved.frame_id == frame.frame_id
    assert saved.tiff_path.parent == tmp_path / "snapshots"
    with tifffile.TiffFile(saved.tiff_path) as file:
        assert np.array_equal(file.asarray(), pixels)
        facts = json.loads(str(file.pages.first.description))
    assert (facts["frame_id"], facts["camera_id"], facts["animal_id"]) == (frame.frame_id, "simulated:a", "m12")
    assert (facts["sensor_x_px"], facts["sensor_y_px"], facts["binning"]) == (16, 8, 2)
    assert saved.png_path.read_bytes().startswith(b"\x89PNG")
    assert imaging.take_snapshot("focus").tiff_path != saved.tiff_path


def test_a_reference_is_the_mean_of_the_next_frames(giver: FrameGiver, imaging: Imaging) -> None:
    frames = [random_pixels(number, 64, 64) for number in range(3)]
    taken: Queue[object] = Queue()
    giver.offer(frames[0])
    taker = threading.Thread(target=lambda: taken.put(imaging.take_reference("vessels", 3)))
    seen: Queue[int] = Queue()
    imaging._looking.begin(100_000, lambda frame: seen.put(frame.frame_id))
    seen.get(timeout=PATIENCE_S)
    taker.start()
    # The first frame is there already; the looks are counted so that none is passed over.
    while len(imaging._looking._looks) < 2:
        threading.Event().wait(0.001)
    for pixels in frames[1:]:
        while imaging._looking._looks[1].seen_ns < giver.preview._latest.received_ns:  # type: ignore[union-attr]
            threading.Event().wait(0.001)
        giver.offer(pixels)
    reference = taken.get(timeout=PATIENCE_S)
    taker.join()
    (listed,) = imaging.references.list("m12")
    assert listed == reference
    values = tifffile.imread(listed.path)
    assert np.allclose(values, np.mean(frames, axis=0) * 65535 / 4095, atol=0.51)


def test_frames_that_do_not_lie_on_each_other_are_not_averaged(giver: FrameGiver, imaging: Imaging) -> None:
    giver.offer(random_pixels(1, 64, 64))
    failed: Queue[Exception] = Queue()

    def take() -> None:
        try:
            imaging.take_reference("", 2)
        except ImagingError as error:
            failed.put(error)

    taker = threading.Thread(target=take)
    taker.start()
    while not imaging._looking._looks or imaging._looking._looks[0].seen_ns < 0:
        threading.Event().wait(0.001)
    giver.offer(random_pixels(1, 64, 64), placement=Placement(2, 0, 1))
    assert "set otherwise" in str(failed.get(timeout=PATIENCE_S))
    taker.join()


def test_what_nobody_waits_for_is_given_up(imaging: Imaging) -> None:
    cancellation = Cancellation()
    cancellation.cancel("its caller is gone.")
    with pytest.raises(CommandCanceled):
        take_frames(imaging._looking, 1, cancellation)
    assert imaging._looking._looks == []


def test_regions_of_an_earlier_worker_are_measured_at_once(giver: FrameGiver) -> None:
    imaging = Imaging(giver, regions=[V1])
    try:
        added = next_sample(imaging)
        giver.offer(random_pixels(1, 64, 64))
        assert added.wait(PATIENCE_S)
        assert imaging.history.read(0, 1).region_ids == ("a",)
    finally:
        imaging.close()
