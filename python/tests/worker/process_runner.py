"""Starts real workers and watches their log lines."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from macroscope.rpc.v1.options_pb import Role

from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.listener import dial

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from macroscope_worker.rpc.client import ClientConnection

TOKEN = "w" * 64


class RunningWorker:
    """A worker process; its pipes are this object's."""

    def __init__(self, process: asyncio.subprocess.Process, runtime: Path, recordings: Path) -> None:
        self.process = process
        self.runtime = runtime
        self.recordings = recordings
        self.log: list[str] = []

    async def listening(self) -> dict[str, Any]:
        """Wait for the line that says how it is reached."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            if line.startswith(b'{"event": "listening"'):
                value = json.loads(line)
                assert isinstance(value, dict)
                return value
        error = await self.errors()
        msg = f"the worker ended with {await self.process.wait()}: {error}"
        raise AssertionError(msg)

    async def link(self, token: str = TOKEN) -> DialledLink:
        """Dial it as its record says."""
        record = json.loads((self.runtime / "worker.json").read_text())
        return DialledLink(await dial(record["endpoint"]), token=token)

    async def connect(self, role: Role = Role.OPERATOR) -> tuple[DialledLink, ClientConnection]:
        link = await self.link()
        await link.authenticated()
        return link, link.open_connection(role, label="test")

    def let_go(self) -> None:
        """End the life-line, as a host does that dies."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    async def errors(self) -> str:
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()


@asynccontextmanager
async def running_worker(
    folder: Path, *arguments: str, line: str | None = json.dumps({"token": TOKEN})
) -> AsyncIterator[RunningWorker]:
    """A worker that is ended politely, so that it leaves nothing in the temporary folder."""
    runtime, recordings = folder / "runtime", folder / "recordings"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "macroscope_worker",
        "--runtime-directory",
        str(runtime),
        "--recordings-directory",
        str(recordings),
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    if line is not None:
        process.stdin.write(f"{line}\n".encode())
    try:
        yield RunningWorker(process, runtime, recordings)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 20)
            except TimeoutError:
                process.kill()
                await process.wait()
