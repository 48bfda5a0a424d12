from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.journal import _mcap_records as mcap
from macroscope_worker.journal._mcap_records import HEAD, Opcode, Record, records

if TYPE_CHECKING:
    from pathlib import Path


def encoded(*made: tuple[int, bytes]) -> bytes:
    return b"".join(HEAD.pack(opcode, len(content)) + content for opcode, content in made)


def read(data: bytes) -> list[Record]:
    return list(records(io.BytesIO(data), len(data)))


def test_records_follow_one_another() -> None:
    data = encoded((5, b"abc"), (4, b""), (9, b"later"))
    found = read(data)
    assert [(record.opcode, record.content) for record in found] == [(5, b"abc"), (4, b""), (9, b"later")]
    assert b"".join(record.raw for record in found) == data
    assert found[-1].end == len(data)


@given(st.lists(st.tuples(st.integers(1, 15), st.binary(max_size=40)), max_size=8), st.integers(0, 400))
def test_a_file_that_is_cut_off_has_its_whole_records(made: list[tuple[int, bytes]], cut: int) -> None:
    data = encoded(*made)[:cut]
    found = read(data)
    assert [(record.opcode, record.content) for record in found] == made[: len(found)]
    whole = len(encoded(*made[: len(found)]))
    assert whole <= len(data)
    assert len(found) == len(made) or whole + len(encoded(made[len(found)])) > len(data)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(data: bytes) -> None:
    for record in read(data):
        for parse in (
            mcap.parse_message,
            mcap.parse_schema,
            mcap.parse_channel,
            mcap.parse_metadata,
            mcap.parse_metadata_index,
            mcap.parse_data_end,
        ):
            try:
                parse(record.content)
            except ValueError:
                continue
    mcap.summary_start(data)


@pytest.mark.parametrize("opcode", [0, 0x10, 0x80, 0xFF])
def test_what_is_no_record_ends_the_reading(opcode: int) -> None:
    assert len(read(encoded((Opcode.MESSAGE, b"x"), (opcode, b"y"), (Opcode.MESSAGE, b"z")))) == 1


@pytest.mark.parametrize("length", [1 << 62, 1 << 63, (1 << 64) - 1])
def test_a_length_that_no_record_has_takes_no_memory(tmp_path: Path, length: int) -> None:
    path = tmp_path / "events.mcap"
    path.write_bytes(HEAD.pack(Opcode.MESSAGE, length) + bytes(100))
    with path.open("rb") as file:
        assert list(records(file, path.stat().st_size)) == []
