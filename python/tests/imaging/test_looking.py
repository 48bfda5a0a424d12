from __future__ import annotations

import threading
import time
from queue import Queue
from typing import TYPE_CHECKING

import numpy as np
import pytest

from macroscope_worker.acquisition._ring import SPARE_SLOTS
from macroscope_worker.imaging._looking import Looking

from .frames import PATIENCE_S, FrameGiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macroscope_worker.acquisition import Frame

PIXELS = np.zeros((8, 8), np.uint16)


@pytest.fixture
def giver() -> Iterator[FrameGiver]:
    made = FrameGiver()
    yield made
    made.close()


@pytest.fixture
def looking(giver: FrameGiver) -> Iterator[Looking]:
    made = Looking(giver)
    yield made
    made.close()


def test_whoever_begins_sees_the_frame_that_is_there_and_each_frame_once(giver: FrameGiver, looking: Looking) -> None:
    giver.offer(PIXELS)
    seen: Queue[int] = Queue()
    looking.begin(100_000, lambda frame: seen.put(frame.frame_id))
    assert seen.get(timeout=PATIENCE_S) == 1
    for number in range(2, 6):
        giver.offer(PIXELS)
        assert seen.get(timeout=PATIENCE_S) == number
    assert seen.empty()


def test_capture_goes_on_while_a_look_takes_its_time(giver: FrameGiver, looking: Looking) -> None:
    entered, leave = threading.Event(), threading.Event()
    seen: Queue[tuple[int, int]] = Queue()

    def see(frame: Frame) -> None:
        entered.set()
        assert leave.wait(PATIENCE_S)
        seen.put((frame.frame_id, int(frame.slot.pixels.max())))

    looking.begin(100_000, see)
    giver.offer(np.full((8, 8), 1, np.uint16))
    assert entered.wait(PATIENCE_S)
    (ring,) = giver.rings.values()
    # More frames than the ring has slots: the look holds one, the newest is kept, the others go round.
    for number in range(2, 3 * (ring.slots + SPARE_SLOTS)):
        giver.offer(np.full((8, 8), number, np.uint16))
    leave.set()
    assert [seen.get(timeout=PATIENCE_S) for _ in range(2)] == [(1, 1), (number, number)]


def test_the_rate_is_kept(giver: FrameGiver, looking: Looking) -> None:
    slow: Queue[int] = Queue()
    fast: Queue[int] = Queue()
    looking.begin(20, lambda frame: slow.put(frame.frame_id))
    looking.begin(100_000, lambda frame: fast.put(frame.frame_id))
    started = time.monotonic()
    for number in range(1, 31):
        giver.offer(PIXELS)
        assert fast.get(timeout=PATIENCE_S) == number
        threading.Event().wait(0.01)
    assert 2 <= slow.qsize() <= 20 * (time.monotonic() - started) + 2


def test_ended_means_no_more_looks(giver: FrameGiver, looking: Looking) -> None:
    gone: Queue[int] = Queue()
    stays: Queue[int] = Queue()
    end = looking.begin(100_000, lambda frame: gone.put(frame.frame_id))
    looking.begin(100_000, lambda frame: stays.put(frame.frame_id))
    end()
    end()
    giver.offer(PIXELS)
    assert stays.get(timeout=PATIENCE_S) == 1
    assert gone.empty()


def test_who_fails_is_not_asked_again_and_the_others_are(
    giver: FrameGiver, looking: Looking, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_frame: Frame) -> None:
        raise RuntimeError("broken")

    seen: Queue[int] = Queue()
    looking.begin(100_000, fail)
    looking.begin(100_000, lambda frame: seen.put(frame.frame_id))
    for number in (1, 2):
        giver.offer(PIXELS)
        assert seen.get(timeout=PATIENCE_S) == number
    assert caplog.text.count("not tried again") == 1


def test_nobody_looks_nothing_is_held(giver: FrameGiver, looking: Looking) -> None:
    seen: Queue[int] = Queue()
    end = looking.begin(100_000, lambda frame: seen.put(frame.frame_id))
    giver.offer(PIXELS)
    seen.get(timeout=PATIENCE_S)
    end()
    looking.close()
    giver.preview.forget()
    (ring,) = giver.rings.values()
    assert len(ring.free) == ring.slots + SPARE_SLOTS
