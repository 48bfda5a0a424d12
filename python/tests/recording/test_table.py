from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.recording import RunPaths, recorded_frames
from macroscope_worker.recording._checksum import crc32c
from macroscope_worker.recording._table import (
    HEADER_BYTES,
    RECORD,
    RECORD_BYTES,
    encode_record,
    parse_table,
    table_header,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

u64 = st.integers(0, 2**64 - 1)


def table_of(frames: int) -> bytes:
    return table_header() + b"".join(
        encode_record(frame_id=i, slot=i, received_ns=10 * i, camera_ns=i, pixel_crc32c=i) for i in range(frames)
    )


@given(u64, u64, u64, u64, st.none() | u64, st.integers(0, 2**32 - 1), st.integers(0, 255), st.booleans())
def test_reads_back_every_field(
    frame_id: int,
    count: int,
    slot: int,
    received_ns: int,
    camera_ns: int | None,
    crc: int,
    outcome: int,
    renumbered: bool,
) -> None:
    record = encode_record(
        frame_id=frame_id,
        count=count,
        slot=slot,
        received_ns=received_ns,
        camera_ns=camera_ns,
        pixel_crc32c=crc,
        outcome=outcome,
        renumbered=renumbered,
    )
    (read,) = parse_table(table_header() + record).records
    assert (read["frame_id"], read["count"], read["slot"], read["received_ns"]) == (frame_id, count, slot, received_ns)
    assert (read["camera_ns"] if read["flags"] & 1 else None) == camera_ns
    assert (read["pixel_crc32c"], read["outcome"], bool(read["flags"] & 2)) == (crc, outcome, renumbered)


def test_numpy_alone_reads_a_table_by_what_its_header_says(tmp_path: object) -> None:
    data = table_of(5)
    _, _, text_bytes, _ = struct.unpack_from("<8sIII", data)
    header = json.loads(data[20 : 20 + text_bytes])
    dtype = np.dtype(
        {
            "names": [field["name"] for field in header["fields"]],
            "formats": [field["type"] for field in header["fields"]],
            "offsets": [field["offset"] for field in header["fields"]],
            "itemsize": header["record_bytes"],
        }
    )
    records = np.frombuffer(data, dtype, offset=header["header_bytes"])
    assert dtype == RECORD
    assert records["received_ns"].tolist() == [0, 10, 20, 30, 40]


@given(st.integers(0, 6), st.data())
def test_a_table_cut_off_anywhere_has_all_whole_records(frames: int, data: st.DataObject) -> None:
    table = table_of(frames)
    cut = data.draw(st.integers(HEADER_BYTES, len(table)))
    read = parse_table(table[:cut])
    whole, torn = divmod(cut - HEADER_BYTES, RECORD_BYTES)
    assert read.records["frame_id"].tolist() == list(range(whole))
    assert read.torn_bytes == torn
    assert not read.damaged


@given(st.integers(1, 6), st.data())
def test_a_flipped_bit_costs_its_record_and_no_other(frames: int, data: st.DataObject) -> None:
    table = bytearray(table_of(frames))
    place = data.draw(st.integers(HEADER_BYTES, len(table) - 1))
    table[place] ^= 1 << data.draw(st.integers(0, 7))
    hit = (place - HEADER_BYTES) // RECORD_BYTES
    read = parse_table(bytes(table))
    assert read.records["frame_id"].tolist() == [i for i in range(frames) if i != hit]
    # A damaged last record cannot be told from a write that was cut off.
    assert (read.damaged, read.torn_bytes) == (((), RECORD_BYTES) if hit == frames - 1 else ((hit,), 0))


@given(st.data())
def test_a_damaged_header_is_refused(data: st.DataObject) -> None:
    table = bytearray(table_of(1))
    place = data.draw(st.integers(0, HEADER_BYTES - 1))
    table[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ValueError, match=r"."):
        parse_table(bytes(table))


def with_header_text(change: Callable[[dict[str, Any]], None]) -> bytes:
    data = table_of(2)
    _, version, text_bytes, _ = struct.unpack_from("<8sIII", data)
    header = json.loads(data[20 : 20 + text_bytes])
    change(header)
    text = json.dumps(header).encode()
    head = struct.pack("<8sIII", b"MSFRAMES", version, len(text), crc32c(text)) + text
    return head.ljust(HEADER_BYTES, b"\0") + data[HEADER_BYTES:]


def test_a_table_whose_header_words_its_meanings_otherwise_is_read() -> None:
    # Recordings outlive the program's wording.
    data = with_header_text(lambda header: header["fields"][0].update(meaning="frame number"))
    assert parse_table(data).records["frame_id"].tolist() == [0, 1]


def test_records_of_another_layout_are_refused() -> None:
    with pytest.raises(ValueError, match="another layout"):
        parse_table(with_header_text(lambda header: header["fields"][0].update(offset=8)))
    with pytest.raises(ValueError, match="another layout"):
        parse_table(with_header_text(lambda header: header.pop("fields")))


@given(st.binary(max_size=300))
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_table(data)


def test_records_are_counted_by_the_length_of_the_file(tmp_path: Path) -> None:
    paths = RunPaths(tmp_path)
    assert recorded_frames(paths) == 0
    for cut, expected in ((0, 3), (1, 2), (3 * 64, 0), (3 * 64 + 1, 0)):
        data = table_of(3)
        paths.table.write_bytes(data[: len(data) - cut])
        assert recorded_frames(paths) == expected
