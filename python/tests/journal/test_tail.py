from __future__ import annotations

import struct

import pytest

from macroscope_worker.journal._mcap_records import HEAD, Opcode
from macroscope_worker.journal._tail import first_record_of_tail

STARTED_NS = 1_700_000_000_000_000_000


def message(number: int, data: bytes = b"data", channel: int = 1, log_ns: int = STARTED_NS) -> bytes:
    content = struct.pack("<HIQQ", channel, number, log_ns + number, log_ns + number) + data
    return HEAD.pack(Opcode.MESSAGE, len(content)) + content


def first(tail: bytes) -> int | None:
    return first_record_of_tail(tail, {1, 2}, STARTED_NS)


@pytest.mark.parametrize("cut", range(34))
def test_finds_the_first_whole_message_wherever_the_tail_begins(cut: int) -> None:
    row = b"".join(message(number) for number in range(12))
    length = len(message(0))
    assert first(row[cut:]) == (-cut) % length


def test_is_not_misled_by_messages_that_contain_what_looks_like_one() -> None:
    nested = message(7, data=b"inner")
    row = b"".join(message(number, data=nested + b"and more") for number in range(12))
    tail = row[10:]
    at = first(tail)
    assert at == len(message(0, data=nested + b"and more")) - 10


@pytest.mark.parametrize("cut", [1, 5, 9, 20])
def test_the_last_message_may_be_cut_off(cut: int) -> None:
    row = message(0) + message(1) + message(2)
    assert first(row[:-cut]) == 0


@pytest.mark.parametrize(
    "tail",
    [
        b"",
        b"no record at all, and not one in it",
        bytes(1_000),
        message(1, channel=9) * 10,
        message(1, log_ns=STARTED_NS + 10**17) * 10,
        HEAD.pack(Opcode.MESSAGE, 1 << 40) + bytes(50),
    ],
)
def test_finds_none_where_there_is_none(tail: bytes) -> None:
    assert first(tail) is None
