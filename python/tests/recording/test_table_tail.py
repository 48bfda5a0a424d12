from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from macroscope_worker.recording._table import HEADER_BYTES, encode_record, parse_table, table_header
from macroscope_worker.recording._table_tail import records_since

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, times_ns: list[int], torn: bytes = b"") -> Path:
    path = folder / "frames.table"
    records = (encode_record(frame_id=n, received_ns=at_ns) for n, at_ns in enumerate(times_ns))
    path.write_bytes(table_header() + b"".join(records) + torn)
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    times_ns=st.lists(st.integers(0, 1000), max_size=40).map(sorted),
    since_ns=st.integers(0, 1001),
    piece=st.integers(1, 9),
    torn=st.integers(0, 63),
)
def test_has_all_since_then(tmp_path: Path, times_ns: list[int], since_ns: int, piece: int, torn: int) -> None:
    path = written(tmp_path, times_ns, b"\0" * torn)
    whole = parse_table(path.read_bytes()).records
    records = records_since(path, since_ns, piece_records=piece)
    assert records.tolist() == whole[len(whole) - len(records) :].tolist()
    assert set(whole["frame_id"][whole["received_ns"] >= since_ns]) <= set(records["frame_id"])


def test_reads_no_further_back_than_it_has_to(tmp_path: Path) -> None:
    path = written(tmp_path, list(range(100)))
    assert records_since(path, 95, piece_records=4)["frame_id"].tolist() == [92, 93, 94, 95, 96, 97, 98, 99]


def test_a_damaged_record_says_nothing_of_the_time(tmp_path: Path) -> None:
    path = written(tmp_path, list(range(100)))
    data = bytearray(path.read_bytes())
    at = HEADER_BYTES + 96 * 64
    data[at + 32 : at + 40] = bytes(8)  # Its time is 0 now, and its checksum wrong.
    path.write_bytes(data)
    assert records_since(path, 90, piece_records=4)["frame_id"].tolist() == [*range(88, 96), 97, 98, 99]


def test_what_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "frames.table"
    path.write_bytes(b"no table")
    with pytest.raises(ValueError, match="header"):
        records_since(path, 0)
    with pytest.raises(OSError, match="away"):
        records_since(tmp_path / "away", 0)
