from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest
from macroscope.diagnostics.v1.diagnostics_connect import DiagnosticsServiceClient
from macroscope.diagnostics.v1.diagnostics_pb import EchoRequest, FloodRequest
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.serving import TOKEN, serve

from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.listener import dial, listen

pytestmark = [pytest.mark.asyncio, pytest.mark.skipif(os.name == "nt", reason="named pipes are tried on Windows only")]


async def test_serves_over_a_socket_in_a_private_folder() -> None:
    server, _ = serve()
    listener = await listen(lambda link: server.accept(link, token=TOKEN))
    folder = Path(listener.endpoint).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(os.fsencode(listener.endpoint)) <= 100
    link = DialledLink(await dial(listener.endpoint), token=TOKEN)
    client = link.open_connection(Role.VIEWER).client(DiagnosticsServiceClient)
    assert (await client.echo(EchoRequest(payload=b"hi"))).payload == b"hi"
    blocks = [len(message.block) async for message in client.flood(FloodRequest(message_bytes=2**20, messages=10))]
    assert blocks == [2**20] * 10
    listener.close()
    assert not folder.exists()
    # Links that were taken stay.
    assert (await client.echo(EchoRequest(payload=b"on"))).payload == b"on"
    link.close()
    await link.closed()


async def test_nobody_listens_after_the_end() -> None:
    listener = await listen(lambda link: link.abort("not wanted"))
    listener.close()
    with pytest.raises(OSError, match="No such file"):
        await dial(listener.endpoint)


async def test_a_long_temporary_folder_is_left_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    listener = await listen(lambda link: link.abort("not wanted"))
    assert len(os.fsencode(listener.endpoint)) <= 100
    listener.close()
    assert list(deep.iterdir()) == []


async def test_a_dialler_that_says_nothing_does_not_hold_others_up() -> None:
    server, _ = serve()
    listener = await listen(lambda link: server.accept(link, token=TOKEN))
    silent = await dial(listener.endpoint)
    link = DialledLink(await dial(listener.endpoint), token=TOKEN)
    await link.authenticated()
    assert server.links == 1
    silent.abort("done")
    link.close()
    await link.closed()
    await asyncio.sleep(0)
    listener.close()
