from __future__ import annotations

import asyncio

import pytest
from tests.rpc.link_contract import Collector

from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.link import ENOUGH_QUEUED_BYTES
from macroscope_worker.rpc.memory_link import create_link_pair

pytestmark = pytest.mark.asyncio


async def test_more_urgent_frames_of_one_turn_arrive_first() -> None:
    ours, theirs = create_link_pair()
    received = Collector()
    ours.start(Collector())
    theirs.start(received)
    for lane in (4, 2, 1, 3):
        ours.send(Frame(lane, 1, bytes([lane])))
    assert [bytes((await received.frames.get()).envelope)[0] for _ in range(4)] == [1, 2, 3, 4]


async def test_what_came_before_the_start_is_delivered() -> None:
    ours, theirs = create_link_pair()
    ours.start(Collector())
    ours.send(Frame(1, 1, b"early", b"tail"))
    await asyncio.sleep(0)
    received = Collector()
    theirs.start(received)
    frame = received.frames.get_nowait()
    assert (bytes(frame.envelope), bytes(frame.tail)) == (b"early", b"tail")


async def test_closing_delivers_what_waits_and_closes_both() -> None:
    ours, theirs = create_link_pair()
    sent, received = Collector(), Collector()
    ours.start(sent)
    theirs.start(received)
    ours.send(Frame(1, 1, b"last words"))
    ours.close("enough")
    ours.send(Frame(1, 1, b"too late"))
    assert bytes(received.frames.get_nowait().envelope) == b"last words"
    assert sent.closed.result() == received.closed.result() == "enough"
    assert received.frames.empty()


async def test_tells_when_it_is_no_longer_congested() -> None:
    ours, theirs = create_link_pair()
    sent = Collector()
    ours.start(sent)
    theirs.start(Collector())
    ours.send(Frame(4, 1, b"", bytes(ENOUGH_QUEUED_BYTES)))
    assert ours.congested
    await sent.writable.wait()
    assert not ours.congested
