from __future__ import annotations

import pytest

from macroscope_worker.acquisition._ring import SPARE_SLOTS, Ring
from macroscope_worker.cameras import FrameFormat

FORMAT = FrameFormat(70, 50, 2, 12)


def test_slots_are_whole_aligned_pages_with_the_frame_at_their_start() -> None:
    ring = Ring(FORMAT, 10 * 8192)
    slots = [ring.take() for _ in range(ring.slots + SPARE_SLOTS)]
    assert ring.slots == 10
    for slot in slots:
        assert slot.memory.ctypes.data % 4096 == 0
        assert slot.memory.nbytes == 8192
        assert slot.pixels.shape == (50, 70)
        slot.pixels[:] = 0xFFFF
        assert not slot.memory[FORMAT.nbytes :].any()
    assert len({slot.memory.ctypes.data for slot in slots}) == len(slots)


def test_little_memory_still_makes_eight_slots() -> None:
    assert Ring(FORMAT, 1).slots == 8


def test_a_slot_comes_back_when_its_last_holder_lets_go() -> None:
    ring = Ring(FORMAT, 1)
    slot = ring.take()
    slot.hold()
    slot.release()
    assert slot not in ring.free
    slot.release()
    assert ring.take() is slot


def test_a_forgotten_release_shows() -> None:
    ring = Ring(FORMAT, 1)
    for _ in range(ring.slots + SPARE_SLOTS):
        ring.take()
    with pytest.raises(IndexError):
        ring.take()
