"""What a client does in a recorded session: python -m tests.conformance.session PATH.

test/vectors/session.ts does the same. Only what 1.0 has.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connectrpc.errors import ConnectError
from macroscope.diagnostics.v1 import diagnostics_pb as pb
from macroscope.rpc.v1.options_pb import Role
from tests.conformance.sockets import TOKEN, dial_socket

from macroscope_worker.clock import clock_ns
from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.method_policy import find_method

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from macroscope_worker.rpc.client import ClientConnection

SERVICE = next(iter(pb.desc().services))
ECHO, FLOOD = find_method(SERVICE, "Echo"), find_method(SERVICE, "Flood")
PAYLOAD = bytes([1, 2, 3, 4, 5])
LARGER_THAN_WHOLE_BYTES = 1_300_000
IDLE_S = 2.3
"""After this both ends have asked for the other's clock at least once."""

Json = dict[str, Any]


async def session(path: str) -> list[Json]:
    """Run the session against the server at a path."""
    link = DialledLink(await dial_socket(path), token=TOKEN, build="recorded-python 1")
    await link.authenticated()
    connection = link.open_connection(Role.OPERATOR, label="recorded")
    await connection.opened()
    try:
        done = [await _outcome(name, answers) for name, answers in _steps(connection).items()]
        await asyncio.sleep(IDLE_S)
        return done
    finally:
        link.close_connection(connection)
        link.close()
        await link.closed()


def _steps(connection: ClientConnection) -> dict[str, AsyncIterator[Any]]:
    async def echo(payload: bytes, method: Any = ECHO, **options: Any) -> AsyncIterator[Any]:
        answer: Any = await connection.call(method, pb.EchoRequest(payload=payload), **options)
        yield answer.payload

    async def flood(messages: int, nbytes: int, *, leave_after: int = 0, wait_s: float = 0, **options: Any) -> Any:
        request = pb.FloodRequest(messages=messages, message_bytes=nbytes)
        async with aclosing(connection.stream(FLOOD, request, **options)) as stream:
            await asyncio.sleep(wait_s)
            taken = 0
            async for answer in stream:
                yield answer.block  # type: ignore[attr-defined]  # An answer of Flood.
                taken += 1
                if taken == leave_after:
                    return

    async def half_closed() -> AsyncIterator[Any]:
        """The request in a message of its own; the client's own verbs send it with the opening."""
        core = connection.connection
        call = core.start_call(ECHO, None, now_ns=clock_ns())
        core.send_message(call, pb.EchoRequest(payload=PAYLOAD).to_binary())
        core.half_close(call)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection._unary[call] = (ECHO, answer)
        connection.process()
        yield (await answer).payload

    nowhere = replace(ECHO, path="/macroscope.nowhere.v1.NowhereService/Echo")
    return {
        "echo": echo(PAYLOAD),
        "echo with metadata and a deadline": echo(PAYLOAD, metadata={"x-reason": "recording"}, timeout_ms=4000),
        "a request that breaks a rule": flood(0, 10),
        "a stream with little credit": flood(12, 100, credit=(3, 65536)),
        "a stream of large messages": flood(2, LARGER_THAN_WHOLE_BYTES),
        "a stream that is left": flood(1000, 10, leave_after=2, credit=(2, 65536)),
        "a stream that nobody takes": flood(5, 10, wait_s=1.8, credit=(1, 65536), timeout_ms=1500),
        "a method that nobody serves": echo(PAYLOAD, nowhere),
        "a request that comes after its opening": half_closed(),
    }


async def _outcome(step: str, answers: AsyncIterator[Any]) -> Json:
    count = nbytes = 0
    code = "OK"
    try:
        async for answer in answers:
            count += 1
            nbytes += len(answer)
    except ConnectError as error:
        code = error.code.name
    return {"step": step, "code": code, "answers": count, "bytes": nbytes}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(session(sys.argv[1]))), flush=True)
