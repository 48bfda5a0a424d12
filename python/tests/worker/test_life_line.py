from __future__ import annotations

import asyncio
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.worker.life_line import LifeLine, LifeLineError, parse_token

TOKEN = "k" * 40


@given(st.binary(max_size=200))
def test_any_line_is_a_token_or_an_error(line: bytes) -> None:
    try:
        token = parse_token(line)
    except LifeLineError:
        return
    assert 32 <= len(token) <= 128


@pytest.mark.parametrize(
    "line",
    [b"", b'{"token": "short"}\n', b"[]\n", b'{"token": 5}\n', json.dumps({"token": TOKEN}).encode(), b"\xff\n"],
)
def test_refuses_what_no_host_writes_and_does_not_repeat_it(line: bytes) -> None:
    with pytest.raises(LifeLineError) as caught:
        parse_token(line)
    assert TOKEN not in str(caught.value)


@pytest.mark.asyncio
async def test_gives_the_token_and_then_the_end() -> None:
    read, write = os.pipe()
    line = LifeLine(read)
    os.write(write, b'{"token":')
    os.write(write, json.dumps(TOKEN).encode() + b"}\nmore")
    assert await line.token() == TOKEN
    assert not line.ended.is_set()
    os.close(write)
    await asyncio.wait_for(line.ended.wait(), 10)
    os.close(read)


@pytest.mark.asyncio
async def test_an_end_without_a_line_is_an_error() -> None:
    read, write = os.pipe()
    line = LifeLine(read)
    os.close(write)
    with pytest.raises(LifeLineError):
        await line.token()
    await line.ended.wait()
    os.close(read)
