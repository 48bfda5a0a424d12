"""A peer of the bench: a WebSocket straight to the window."""

from __future__ import annotations

import asyncio
import json
import sys

from websockets.asyncio.server import ServerConnection, serve

ENOUGH_WRITTEN_BYTES = 8 * 1024 * 1024
"""As much may wait for the socket before `send` waits; the default of 32 KiB makes each frame wait for the socket."""


async def answer(connection: ServerConnection) -> None:
    """Echo bytes; a text asks for frames, of which each text that follows frees the place of one."""
    async for message in connection:
        if isinstance(message, bytes):
            await connection.send(message)
            continue
        work = json.loads(message)
        frame = b"\xa5" * work["bytes"]
        acknowledged = 0
        for sent in range(work["messages"]):
            while sent - acknowledged >= work["inFlight"]:
                await connection.recv()
                acknowledged += 1
            await connection.send(frame)
        while acknowledged < work["messages"]:
            await connection.recv()
            acknowledged += 1


async def main() -> None:
    """Listen on any port of this machine, say where on the first line, and serve until stdin ends."""
    async with serve(
        answer, "127.0.0.1", 0, compression=None, max_size=None, write_limit=ENOUGH_WRITTEN_BYTES
    ) as server:
        _, port = next(iter(server.sockets)).getsockname()
        print(f"ws://127.0.0.1:{port}", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
