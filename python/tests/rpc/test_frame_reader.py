from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rpc.test_frame import frames

from macroscope_worker.rpc.frame import Frame, FrameError, FrameFault, encode_frame
from macroscope_worker.rpc.frame_reader import FrameReader


def feed(reader: FrameReader, data: bytes, sizes: list[int]) -> list[Frame]:
    """Give the reader the bytes in pieces of at most these sizes, again and again."""
    found: list[Frame] = []
    start, turn = 0, 0
    while start < len(data):
        buffer = reader.buffer()
        assert len(buffer) > 0
        piece = data[start : start + min(len(buffer), sizes[turn % len(sizes)])]
        buffer[: len(piece)] = piece
        found += reader.filled(len(piece))
        start += len(piece)
        turn += 1
    return found


def plain(frame: Frame) -> tuple[int, int, bytes, bytes]:
    return frame.lane, frame.connection, bytes(frame.envelope), bytes(frame.tail)


@given(
    st.lists(frames, max_size=8),
    st.lists(st.integers(1, 500), min_size=1, max_size=20),
    st.sampled_from([16, 64, 4096]),
)
def test_cuts_any_stream_into_its_frames(sent: list[Frame], sizes: list[int], scratch_bytes: int) -> None:
    reader = FrameReader(scratch_bytes=scratch_bytes)
    found = feed(reader, b"".join(encode_frame(frame) for frame in sent), sizes)
    assert [plain(frame) for frame in found] == [plain(frame) for frame in sent]
    assert reader.idle


@given(st.lists(frames, min_size=1, max_size=4), st.data())
def test_a_stream_that_breaks_off_gives_the_whole_frames_only(sent: list[Frame], data: st.DataObject) -> None:
    stream = b"".join(encode_frame(frame) for frame in sent)
    end = data.draw(st.integers(0, len(stream)))
    reader = FrameReader(scratch_bytes=64)
    found = feed(reader, stream[:end], [37])
    assert [plain(frame) for frame in found] == [plain(frame) for frame in sent][: len(found)]
    assert sum(frame.nbytes for frame in found) <= end
    assert reader.idle == (sum(frame.nbytes for frame in found) == end)


@given(st.binary(min_size=1, max_size=400), st.integers(1, 40))
def test_any_bytes_are_frames_or_a_fault(data: bytes, size: int) -> None:
    try:
        found = feed(FrameReader(scratch_bytes=32), data, [size])
    except FrameError:
        return
    assert b"".join(encode_frame(Frame(*plain(frame))) for frame in found) == data[: sum(f.nbytes for f in found)]


def test_frames_stay_valid_when_the_reader_goes_on() -> None:
    reader = FrameReader()
    first = feed(reader, encode_frame(Frame(1, 1, b"first", b"tail")), [1000])[0]
    feed(reader, encode_frame(Frame(1, 1, b"other", b"liat")), [1000])
    assert (bytes(first.envelope), bytes(first.tail)) == (b"first", b"tail")


def test_takes_no_memory_for_a_frame_that_is_too_large() -> None:
    reader = FrameReader()
    header = bytearray(encode_frame(Frame(4, 1, b"")))
    header[12:16] = b"\xff\xff\xff\xff"
    tracemalloc.start()
    try:
        with pytest.raises(FrameError) as caught:
            feed(reader, bytes(header), [16])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.fault is FrameFault.TOO_LARGE
    assert peak < 1_000_000


def test_a_large_frame_is_read_into_memory_of_its_size() -> None:
    frame = Frame(4, 1, b"head", b"\x07" * 1_000_000)
    reader = FrameReader()
    data = encode_frame(frame)
    reader.buffer()[:100] = data[:100]
    assert reader.filled(100) == []
    assert len(reader.buffer()) == len(data) - 100
    [found] = feed(reader, data[100:], [300_000])
    assert plain(found) == plain(frame)
