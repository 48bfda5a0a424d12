"""Links over a socket with a path, for the programs of these tests."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from macroscope_worker.rpc.socket_link import SocketLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope_worker.rpc.link import Link

TOKEN = "conformance-conformance-conformance"
"""What diallers of the test servers show. No secret: the sockets are in private folders of the tests."""


async def listen_at(path: str, on_link: Callable[[Link], None]) -> None:
    """Take diallers until cancelled."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.settimeout(0)
        listener.bind(path)
        listener.listen(16)
        print("listening", flush=True)
        while True:
            sock, _ = await loop.sock_accept(listener)
            sock.settimeout(0)
            on_link(SocketLink(sock))


async def dial_socket(path: str) -> Link:
    """Dial a path. Raises OSError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(0)
    try:
        await asyncio.get_running_loop().sock_connect(sock, path)
    except BaseException:
        sock.close()
        raise
    return SocketLink(sock)
