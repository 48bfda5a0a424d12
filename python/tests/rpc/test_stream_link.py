from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.rpc.link_contract import Collector, LinkContract

from macroscope_worker.rpc.stream_link import StreamLink

if TYPE_CHECKING:
    import socket

    from macroscope_worker.rpc.link import Link


@pytest.mark.asyncio
class TestStreamLink(LinkContract):
    async def make(self, sock: socket.socket) -> tuple[Link, Collector]:
        collector = Collector()
        loop = asyncio.get_running_loop()
        _, link = await loop.create_unix_connection(lambda: StreamLink(lambda made: made.start(collector)), sock=sock)
        return link, collector
