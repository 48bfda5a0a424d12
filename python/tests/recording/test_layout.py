from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.recording._layout import MAX_FRAMES_PER_SHARD, ShardLayout


@given(st.integers(1, 1 << 28), st.integers(0, 10_000_000))
def test_every_frame_has_its_own_place_on_whole_pages(frame_bytes: int, planned_frames: int) -> None:
    layout = ShardLayout.choose(frame_bytes, planned_frames)
    last = layout.frames - 1
    assert 1 <= layout.frames <= MAX_FRAMES_PER_SHARD
    assert layout.offset_of(0) >= 16 * layout.frames + 4
    assert layout.offset_of(0) % 4096 == layout.offset_of(last) % 4096 == 0
    assert layout.slot_bytes >= frame_bytes
    assert layout.offset_of(last) + frame_bytes <= layout.file_bytes


def test_shards_are_of_about_a_gigabyte() -> None:
    assert ShardLayout.choose(2048 * 2048 * 2, 0).file_bytes == 4096 + (1 << 30)


def test_a_short_plan_makes_a_small_shard() -> None:
    assert ShardLayout.choose(2048 * 2048 * 2, 3).frames == 3


def test_a_frame_larger_than_a_shard_still_fits_in_one() -> None:
    assert ShardLayout.choose(1 << 31, 0).frames == 1
