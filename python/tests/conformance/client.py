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
from macroscope.rpc.v1.options_pb import Role
from tests.conformance.case_run import CaseRun, outcome
from tests.conformance.sockets import TOKEN, dial_socket

from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.protocol import PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macroscope.rpc.v1.frame_pb import Hello

CORPUS = Path(__file__).parents[3] / "test" / "vectors" / "conformance"
RUNS = count(1)

Json = dict[str, Any]


async def observe(path: str, case: Json) -> Json:
    """Run a case on a connection of its own."""
    name, client = case["name"], case.get("client", {})
    try:
        link = DialledLink(await dial_socket(path), token=TOKEN)
        try:
            await link.authenticated()
            since_s = time.perf_counter()
            greeting = Greeting(
                build="conformance-client-python 1",
                role=_role(client.get("role")),
                label=name,
                protocol_major=client.get("major", PROTOCOL.major),
                protocol_minor=client.get("minor", PROTOCOL.minor),
            )
            connection = link.open_connection(_role(client.get("connectionRole")), label=name, greeting=greeting)
            try:
                hello = await connection.opened()
            except ConnectError as error:
                refused = outcome(error) | {"durationMs": (time.perf_counter() - since_s) * 1000}
                return {"name": name, "refused": refused, "calls": []}
            run = CaseRun(connection, case, f"python {os.getpid()} {next(RUNS)} {name}")
            return {"name": name, "hello": _hello(hello), "calls": await run.run()}
        finally:
            link.close()
    except Exception:  # Whatever went wrong is for the judge to tell.
        return {"name": name, "calls": [], "fault": traceback.format_exc()}


def _hello(hello: Hello) -> Any:
    return json.loads(hello.to_json())


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
