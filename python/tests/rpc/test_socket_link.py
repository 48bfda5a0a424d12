from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rpc.link_contract import Collector, LinkContract

from macroscope_worker.rpc.socket_link import SocketLink

if TYPE_CHECKING:
    import socket

    from macroscope_worker.rpc.link import Link


@pytest.mark.asyncio
class TestSocketLink(LinkContract):
    async def make(self, sock: socket.socket) -> tuple[Link, Collector]:
        link, collector = SocketLink(sock), Collector()
        link.start(collector)
        return link, collector
