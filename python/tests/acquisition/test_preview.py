from __future__ import annotations

import threading
import time
from queue import Queue
from typing import TYPE_CHECKING

import numpy as np
import pytest

from macroscope_worker.acquisition import Placement, SensorPart
from macroscope_worker.acquisition._frame import Frame
from macroscope_worker.acquisition._preview import Preview
from macroscope_worker.acquisition._ring import SPARE_SLOTS, Ring
from macroscope_worker.cameras import FrameFormat
from macroscope_worker.clock import clock_ns

from .scripted_camera import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macroscope_worker.acquisition import PreviewPicture

FORMAT = FrameFormat(32, 16, 2, 12)


@pytest.fixture
def preview() -> Iterator[Preview]:
    made = Preview()
    yield made
    made.close()


def offer(preview: Preview, ring: Ring, frame_id: int) -> None:
    """As the capture thread does."""
    slot = ring.take()
    slot.pixels[:] = frame_id
    preview.offer(Frame(slot, ring.format, frame_id, clock_ns()))
    slot.release()


def test_everyone_gets_the_newest_frame_in_their_own_size(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    large: Queue[PreviewPicture] = Queue()
    small: Queue[PreviewPicture] = Queue()
    preview.subscribe(32, 32, 1000, large.put)
    preview.subscribe(16, 16, 1000, small.put)
    offer(preview, ring, 1)
    assert large.get(timeout=PATIENCE_S).pixels.shape == (16, 32)
    picture = small.get(timeout=PATIENCE_S)
    assert picture.pixels.shape == (8, 16)
    assert (picture.frame_id, picture.binning, picture.pixels.max()) == (1, 2, 1)


def test_a_subscriber_gets_the_frame_that_is_there_already(preview: Preview) -> None:
    offer(preview, Ring(FORMAT, 1), 5)
    pictures: Queue[PreviewPicture] = Queue()
    preview.subscribe(16, 16, 1000, pictures.put)
    assert pictures.get(timeout=PATIENCE_S).frame_id == 5


def test_a_slow_receiver_misses_frames_and_holds_up_no_one(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    entered, leave = threading.Event(), threading.Event()
    seen: Queue[int] = Queue()

    def receive(picture: PreviewPicture) -> None:
        seen.put(picture.frame_id)
        entered.set()
        assert leave.wait(PATIENCE_S)

    preview.subscribe(16, 16, 100_000, receive)
    offer(preview, ring, 0)
    assert entered.wait(PATIENCE_S)
    # More frames than the ring has slots: the receiver pins one, the newest is kept, the others go round.
    for frame_id in range(1, 3 * (ring.slots + SPARE_SLOTS)):
        offer(preview, ring, frame_id)
    leave.set()
    assert [seen.get(timeout=PATIENCE_S) for _ in range(2)] == [0, frame_id]


def test_the_rate_is_kept(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    pictures: Queue[PreviewPicture] = Queue()
    preview.subscribe(16, 16, 20, pictures.put)
    fast: Queue[PreviewPicture] = Queue()
    preview.subscribe(16, 16, 100_000, fast.put)
    started = time.monotonic()
    for frame_id in range(30):
        offer(preview, ring, frame_id)
        # Each frame reaches the fast one before the next comes, so the slow one had its chance too.
        assert fast.get(timeout=PATIENCE_S).frame_id == frame_id
        threading.Event().wait(0.01)
    elapsed_s = time.monotonic() - started
    assert 2 <= pictures.qsize() <= 20 * elapsed_s + 2


def test_a_receiver_that_fails_is_dropped_and_the_others_go_on(
    preview: Preview, caplog: pytest.LogCaptureFixture
) -> None:
    ring = Ring(FORMAT, 1)
    pictures: Queue[PreviewPicture] = Queue()

    def fail(_picture: PreviewPicture) -> None:
        raise RuntimeError("no window")

    preview.subscribe(16, 16, 1000, fail)
    preview.subscribe(16, 16, 1000, pictures.put)
    for frame_id in range(2):
        offer(preview, ring, frame_id)
        assert pictures.get(timeout=PATIENCE_S).frame_id == frame_id
    assert caplog.text.count("it gets no more pictures") == 1


def test_unsubscribed_means_no_more_pictures(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    gone: Queue[PreviewPicture] = Queue()
    stays: Queue[PreviewPicture] = Queue()
    end = preview.subscribe(16, 16, 1000, gone.put)
    preview.subscribe(16, 16, 1000, stays.put)
    end()
    end()
    offer(preview, ring, 0)
    stays.get(timeout=PATIENCE_S)
    assert gone.empty()


def test_forgetting_gives_the_slot_back(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    offer(preview, ring, 0)
    preview.forget()
    assert len(ring.free) == ring.slots + SPARE_SLOTS


@pytest.mark.parametrize("wish", [(0, 16, 10), (16, 0, 10), (16, 16, 0), (16, 16, float("nan"))])
def test_an_impossible_wish_is_refused(preview: Preview, wish: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="at least"):
        preview.subscribe(*wish, lambda _picture: None)


def test_a_part_comes_in_full_where_the_whole_is_binned(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    slot = ring.take()
    slot.pixels[:] = np.arange(32 * 16).reshape(16, 32)
    whole: Queue[PreviewPicture] = Queue()
    part: Queue[PreviewPicture] = Queue()
    preview.subscribe(16, 16, 1000, whole.put)
    preview.subscribe(16, 16, 1000, part.put, SensorPart(110, 54, 16, 8))
    preview.offer(Frame(slot, FORMAT, 1, clock_ns(), placement=Placement(100, 50, 2)))
    assert whole.get(timeout=PATIENCE_S).binning == 2
    picture = part.get(timeout=PATIENCE_S)
    assert (picture.binning, picture.part_x_px, picture.part_y_px) == (1, 5, 2)
    assert (picture.image_width_px, picture.image_height_px, picture.placement) == (32, 16, Placement(100, 50, 2))
    assert np.array_equal(picture.pixels, slot.pixels[2:6, 5:13])


def test_whoever_takes_frames_waits_for_a_newer_one(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    assert preview.take(0, 0.01) is None
    offer(preview, ring, 3)
    frame = preview.take(0, PATIENCE_S)
    assert frame is not None
    assert frame.frame_id == 3
    taken: Queue[Frame | None] = Queue()
    taker = threading.Thread(target=lambda: taken.put(preview.take(frame.received_ns, PATIENCE_S)))
    taker.start()
    offer(preview, ring, 4)
    newer = taken.get(timeout=PATIENCE_S)
    taker.join()
    assert newer is not None
    assert newer.frame_id == 4
    frame.slot.release()
    newer.slot.release()
    assert preview.take(newer.received_ns, 0.01) is None


def test_a_taken_frame_stays_as_it_is_while_the_ring_goes_round(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    offer(preview, ring, 1)
    frame = preview.take(0, PATIENCE_S)
    assert frame is not None
    for frame_id in range(2, 3 * (ring.slots + SPARE_SLOTS)):
        offer(preview, ring, frame_id)
    assert frame.slot.pixels.max() == 1
    frame.slot.release()


def test_capture_finds_a_slot_with_the_disk_behind_a_slow_preview_and_a_slow_look(preview: Preview) -> None:
    ring = Ring(FORMAT, 1)
    for_the_disk = [ring.take() for _ in range(ring.slots)]
    entered, leave = threading.Event(), threading.Event()

    def receive(_picture: PreviewPicture) -> None:
        entered.set()
        assert leave.wait(PATIENCE_S)

    preview.subscribe(16, 16, 100_000, receive)
    offer(preview, ring, 1)
    assert entered.wait(PATIENCE_S)
    offer(preview, ring, 2)
    looked_at = preview.take(0, PATIENCE_S)
    assert looked_at is not None
    offer(preview, ring, 3)
    ring.take().release()
    leave.set()
    for slot in (*for_the_disk, looked_at.slot):
        slot.release()
