from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest
from macroscope.rpc.v1.options_pb import Lane
from tests.rpc.link_contract import Collector, LinkContract

from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.socket_link import SocketLink

if TYPE_CHECKING:
    from macroscope_worker.rpc.link import Link


@pytest.mark.asyncio
class TestSocketLink(LinkContract):
    async def make(self, sock: socket.socket) -> tuple[Link, Collector]:
        link, collector = SocketLink(sock), Collector()
        link.start(collector)
        return link, collector


def frame_of(lane: Lane) -> Frame:
    return Frame(lane=lane, connection=1, envelope=b"envelope")


def arrived(peer: socket.socket) -> bool:
    try:
        return bool(peer.recv(1))
    except BlockingIOError:
        return False


@pytest.mark.asyncio
async def test_an_answer_to_a_command_leaves_at_once_and_a_state_at_the_end_of_the_turn() -> None:
    near, far = socket.socketpair()
    with far:
        far.settimeout(0)
        link = SocketLink(near)
        link.start(Collector())
        link.send(frame_of(Lane.COMMAND))
        assert arrived(far)
        far.recv(4096)
        link.send(frame_of(Lane.STATE))
        assert not arrived(far)
        await asyncio.sleep(0)
        assert arrived(far)
        link.abort("enough")


@pytest.mark.asyncio
async def test_a_link_that_breaks_while_an_answer_is_sent_is_told_of_later() -> None:
    near, far = socket.socketpair()
    link, collector = SocketLink(near), Collector()
    link.start(collector)
    far.close()
    # Whoever sends is in the middle of something: the end comes in a turn of its own.
    link.send(frame_of(Lane.COMMAND))
    assert not collector.closed.done()
    assert await collector.closed
