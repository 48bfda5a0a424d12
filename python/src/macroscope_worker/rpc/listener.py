"""Where a server is dialled on this machine: a Unix-domain socket in a private folder, or a named pipe on Windows."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from .socket_link import SocketLink
from .stream_link import StreamLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from .link import Link

LOG = logging.getLogger(__name__)

_RETRY_AFTER_S: Final = 1.0
_LONGEST_PATH_BYTES: Final = 100
"""macOS takes 103 bytes, Linux 107."""


class Listener(Protocol):
    """Takes links until it is closed. Links that it has given away stay open."""

    endpoint: str
    """What a client dials: the path of a socket, or of a pipe."""

    def close(self) -> None:
        """Take no more links, and remove what was made on the disk."""


class UnixListener:
    """A socket in a folder of mode 0700, so that nobody else can reach it."""

    def __init__(self, on_link: Callable[[Link], None]) -> None:
        self._on_link = on_link
        self._loop = asyncio.get_running_loop()
        self._retry: asyncio.TimerHandle | None = None
        self._directory = _private_directory()
        self.endpoint = str(self._directory / "worker.sock")
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._sock.settimeout(0)
        self._sock.bind(self.endpoint)
        self._sock.listen(16)
        self._loop.add_reader(self._sock, self._accept)

    def close(self) -> None:
        """Take no more links, and remove the socket with its folder."""
        if self._retry is not None:
            self._retry.cancel()
        self._loop.remove_reader(self._sock)
        self._sock.close()
        with contextlib.suppress(OSError):
            Path(self.endpoint).unlink()
        with contextlib.suppress(OSError):
            self._directory.rmdir()

    def _accept(self) -> None:
        try:
            sock, _ = self._sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # The dialler is gone again.
        except OSError:
            # Out of file descriptors, most likely. The dialler still waits: asking again at once would be a busy loop.
            LOG.exception("a dialler could not be let in")
            self._loop.remove_reader(self._sock)
            self._retry = self._loop.call_later(_RETRY_AFTER_S, self._resume)
            return
        self._on_link(SocketLink(sock))

    def _resume(self) -> None:
        self._loop.add_reader(self._sock, self._accept)


class PipeListener:
    """A named pipe of Windows, with a name that cannot be guessed. It has the default rights; the token is the lock."""

    def __init__(self, endpoint: str, servers: list[Any]) -> None:
        self.endpoint = endpoint
        self._servers = servers

    @classmethod
    async def start(cls, on_link: Callable[[Link], None]) -> PipeListener:
        """Begin to listen. Needs the proactor event loop, which is the default on Windows."""
        endpoint = rf"\\.\pipe\macroscope-{os.getpid()}-{secrets.token_hex(16)}"
        loop = cast("Any", asyncio.get_running_loop())
        servers = await loop.start_serving_pipe(lambda: StreamLink(on_link), endpoint)
        return cls(endpoint, list(servers))

    def close(self) -> None:
        """Take no more links."""
        for server in self._servers:
            server.close()


async def listen(on_link: Callable[[Link], None]) -> Listener:
    """Listen in the way of this machine. `on_link` starts each link."""
    if sys.platform == "win32":
        return await PipeListener.start(on_link)
    return UnixListener(on_link)


async def dial(endpoint: str) -> Link:
    """Dial a listener of this machine. Raises OSError."""
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        connected: asyncio.Future[Link] = loop.create_future()
        await cast("Any", loop).create_pipe_connection(lambda: StreamLink(connected.set_result), endpoint)
        return await connected
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(0)
    try:
        await loop.sock_connect(sock, endpoint)
    except BaseException:
        sock.close()
        raise
    return SocketLink(sock)


def _private_directory() -> Path:
    """A new folder of mode 0700, short enough for a socket's path."""
    directory = Path(tempfile.mkdtemp(prefix="macroscope-"))
    if len(os.fsencode(directory / "worker.sock")) > _LONGEST_PATH_BYTES:
        directory.rmdir()
        directory = Path(tempfile.mkdtemp(prefix="macroscope-", dir="/tmp"))
    return directory
