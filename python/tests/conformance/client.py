"""The Python client of the conformance tests: python -m tests.conformance.client [PATH].

Runs the corpus against a path; or, without one, what standard input says: one task a line.
Prints one observation a line.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
import traceback
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectrpc.errors import ConnectError
from macroscope.rpc.v1.frame_pb import Hello
from macroscope.rpc.v1.options_pb import Role
from tests.conformance.case_run import CaseRun, outcome
from tests.conformance.sockets import TOKEN, dial_socket

from macroscope_worker.rpc.channel import Channel
from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.protocol import PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macroscope_worker.rpc.client import ClientConnection

CORPUS = Path(__file__).parents[3] / "test" / "vectors" / "conformance"
RUNS = count(1)

Json = dict[str, Any]


async def observe(path: str, case: Json) -> Json:
    """Run a case on a connection of its own."""
    name, client = case["name"], case.get("client", {})
    greeting = Greeting(
        build="conformance-client-python 1",
        role=_role(client.get("role")),
        label=name,
        protocol_major=client.get("major", PROTOCOL.major),
        protocol_minor=client.get("minor", PROTOCOL.minor),
    )
    try:
        if "connectionRole" in client:
            return await _observe_on_connection(path, case, greeting)
        return await _observe_on_channel(path, case, greeting)
    except Exception:  # Whatever went wrong is for the judge to tell.
        return {"name": name, "calls": [], "fault": traceback.format_exc()}


async def _observe_on_channel(path: str, case: Json, greeting: Greeting) -> Json:
    since_s = time.perf_counter()
    channel = Channel(lambda: dial_socket(path), greeting, token=TOKEN)
    try:
        try:
            await channel.live()
        except ConnectError:
            error = channel.state.error
            assert error is not None
            return _refused(case, error, since_s)
        facts = channel.state.server
        assert facts is not None
        hello = Hello(build=facts.build, session=facts.session, epoch=facts.epoch, role=facts.role)
        return await _run(channel, case, hello)
    finally:
        channel.close()


async def _observe_on_connection(path: str, case: Json, greeting: Greeting) -> Json:
    """What a channel opens its connection with is the role that it asks for; here they differ."""
    link = DialledLink(await dial_socket(path), token=TOKEN)
    try:
        await link.authenticated()
        since_s = time.perf_counter()
        role = _role(case["client"]["connectionRole"])
        connection = link.open_connection(role, label=case["name"], greeting=greeting)
        try:
            hello = await connection.opened()
        except ConnectError as error:
            return _refused(case, error, since_s)
        return await _run(connection, case, hello)
    finally:
        link.close()


async def _run(peer: Channel | ClientConnection, case: Json, hello: Hello) -> Json:
    run = CaseRun(peer, case, f"python {os.getpid()} {next(RUNS)} {case['name']}")
    return {"name": case["name"], "hello": json.loads(hello.to_json()), "calls": await run.run()}


def _refused(case: Json, error: ConnectError, since_s: float) -> Json:
    duration_ms = (time.perf_counter() - since_s) * 1000
    return {"name": case["name"], "refused": outcome(error) | {"durationMs": duration_ms}, "calls": []}


def _role(name: str | None) -> Role:
    return Role[(name or "ROLE_HOST").removeprefix("ROLE_")]


def tasks(path: str | None) -> Iterator[tuple[str, Json]]:
    """What is to be run, and against which path."""
    if path is None:
        for line in sys.stdin:
            task = json.loads(line)
            yield task["path"], task["case"]
        return
    for file in sorted(CORPUS.glob("*.json")):
        for case in json.loads(file.read_text(encoding="utf-8")):
            yield path, case


def main() -> None:
    """Each case has an event loop of its own."""
    logging.disable()
    for path, case in tasks(sys.argv[1] if len(sys.argv) > 1 else None):
        print(json.dumps(asyncio.run(observe(path, case))), flush=True)


if __name__ == "__main__":
    main()
