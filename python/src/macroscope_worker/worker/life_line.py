"""stdin: its first line carries the token, and its end says that the host let go."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
from typing import Final

MOST_LINE_BYTES: Final = 4096
SHORTEST_TOKEN: Final = 32
LONGEST_TOKEN: Final = 128


class LifeLineError(Exception):
    """The first line is not what a host writes."""


class LifeLine:
    """Reads a pipe in a thread of its own: asyncio cannot read stdin on every system.

    `token` has the token, or LifeLineError; `ended` is set at the end of the pipe.
    """

    def __init__(self, fd: int = 0) -> None:
        self._loop = asyncio.get_running_loop()
        self._fd = fd
        self._token: asyncio.Future[str] = self._loop.create_future()
        self.ended = asyncio.Event()
        threading.Thread(target=self._read, name="life-line", daemon=True).start()

    async def token(self) -> str:
        """Wait for the first line. Raises LifeLineError."""
        return await asyncio.shield(self._token)

    def _read(self) -> None:
        # os.read, not sys.stdin: a thread that waits in a buffered reader stops the interpreter from ending.
        line = b""
        try:
            while b"\n" not in line and len(line) <= MOST_LINE_BYTES:
                if not (chunk := os.read(self._fd, MOST_LINE_BYTES)):
                    break
                line += chunk
            self._tell(line)
            while os.read(self._fd, MOST_LINE_BYTES):
                pass
        except OSError:
            pass
        with contextlib.suppress(RuntimeError):  # The loop has ended.
            self._loop.call_soon_threadsafe(self._end)

    def _tell(self, line: bytes) -> None:
        try:
            token = parse_token(line)
        except LifeLineError as error:
            self._loop.call_soon_threadsafe(self._token.set_exception, error)
        else:
            self._loop.call_soon_threadsafe(self._token.set_result, token)

    def _end(self) -> None:
        if not self._token.done():
            self._token.set_exception(LifeLineError("stdin ended before its first line."))
        self.ended.set()


def parse_token(line: bytes) -> str:
    """The token of the first line, `{"token": "..."}`. Raises LifeLineError, which never repeats the line."""
    head, newline, _ = line.partition(b"\n")
    if not newline:
        msg = f"The first line of stdin has to end, within {MOST_LINE_BYTES} bytes."
        raise LifeLineError(msg)
    try:
        value = json.loads(head)
    except ValueError:
        value = None
    token = value.get("token") if isinstance(value, dict) else None
    if not isinstance(token, str) or not token.isascii() or not SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN:
        lengths = f"{SHORTEST_TOKEN} to {LONGEST_TOKEN}"
        msg = f'The first line of stdin has to be {{"token": "..."}} with {lengths} ASCII characters.'
        raise LifeLineError(msg)
    return token
