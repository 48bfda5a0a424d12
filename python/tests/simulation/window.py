"""A client program: keeps a connection to the server, and makes calls by chance."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.conformance.v1 import conformance_pb as pb
from macroscope.rpc.v1.frame_pb import Code as WireCode
from macroscope.rpc.v1.options_pb import Role
from tests.conformance.pattern import pattern
from tests.simulation.ledger import Entry

from macroscope_worker.rpc.dialled_link import DialledLink
from macroscope_worker.rpc.method_policy import methods_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.simulation.ledger import Ledger
    from tests.simulation.stream_pair import StreamPair
    from tests.simulation.trace import Trace

    from macroscope_worker.rpc.client import ClientConnection, ClientStream

TOKEN = "k" * 32
METHODS = {method.name: method for method in methods_of(pb.desc().services).values()}
MIB = 1024 * 1024


class Window:
    """One life of a client."""

    def __init__(
        self, name: str, dial: Callable[[Window], StreamPair | None], ledger: Ledger, random: Random, trace: Trace
    ) -> None:
        self.name = name
        self.pair: StreamPair | None = None
        self.newest: tuple[int, int] | None = None
        self.hurry = False
        """Consumers no longer dawdle."""
        self.alive = True
        self.hidden_until_s = 0.0
        self._dial = dial
        self._ledger = ledger
        self._random = random
        self._trace = trace
        self._loop = asyncio.get_running_loop()
        self._connection: ClientConnection | None = None
        self._link: DialledLink | None = None
        self._calls = 0
        self.tasks: set[asyncio.Task[None]] = set()
        self._go(self._stay_connected())

    @property
    def connected(self) -> bool:
        """Calls can be made."""
        return self._connection is not None

    @property
    def clock(self) -> Any:
        """What the connection knows of the server's clock."""
        if self._connection is None:
            return None
        return self._connection.connection.report(round(self._loop.time() * 1e9)).clock

    def act(self) -> None:
        """Do one thing by chance."""
        random = self._random
        kind = random.choices(["Call", "CallAgain", "CallUrgently", "Stream", "large", "hide"], [30, 25, 10, 18, 3, 6])[
            0
        ]
        if kind == "hide":
            self.hidden_until_s = self._loop.time() + _magnitude(random, 0.05, 6)
        elif kind in ("Stream", "large"):
            large = kind == "large"
            answers = random.randint(1, 2) if large else round(_magnitude(random, 1, 60))
            nbytes = random.randint(2 * MIB, 3 * MIB) if large else round(_magnitude(random, 10, 100_000))
            self._go(self._stream(answers, nbytes))
        else:
            self._go(self._unary(kind))

    def close(self) -> None:
        """End it in an orderly way."""
        self.alive = False
        self.hidden_until_s = 0.0
        if self._link is not None:
            self._link.close()

    def crash(self) -> None:
        """End it without a word to anybody."""
        self.alive = False
        if self.pair is not None:
            self.pair.ends[0].dead = True
        prefix = f"{self.name}/"
        for entry in self._ledger.calls.values():
            if entry.label.startswith(prefix) and not entry.ends:
                entry.orphaned = True
        for task in self.tasks:
            task.cancel()
        if self._link is not None:
            self._link.link_closed("its program is gone")

    def _go(self, work: Any) -> None:
        task = self._loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _stay_connected(self) -> None:
        pause_s = 0.1
        while self.alive:
            self.pair = self._dial(self)
            if self.pair is not None:
                link = DialledLink(self.pair.links[0], token=TOKEN)
                self._link = link
                connection = link.open_connection(Role.OPERATOR, label=self.name)
                try:
                    hello = await connection.opened()
                    self._trace.counts["phase: connected"] += 1
                    self._trace.add(f"{self.name} is connected to epoch {hello.epoch}")
                    self._connection = connection
                    pause_s = 0.1
                    self._go(self._watch(connection, hello.epoch))
                    why = await connection.ended()
                    self._trace.counts["phase: lost"] += 1
                    self._trace.add(f"{self.name} has lost its connection: {why.message}")
                except ConnectError as error:
                    self._trace.add(f"{self.name} was not connected: {error.message}")
                finally:
                    self._connection = None
                link.close()
            await asyncio.sleep(pause_s * self._random.uniform(0.5, 1))
            pause_s = min(5, pause_s * 2)

    def _begin(
        self, method: str, *, idempotent: bool, deadline_s: float | None, expected: tuple[Code, ...] = ()
    ) -> Entry:
        self._calls += 1
        label = f"{self.name}/{method}/{self._calls}"
        return self._ledger.begin(Entry(label, method, idempotent, self._loop.time(), deadline_s, expected))

    async def _guarded(self, entry: Entry, work: Any) -> None:
        """Await the work of a call, give it up by chance, and note how it ended."""
        task: asyncio.Task[bool] = self._loop.create_task(work)
        timer = None
        if self._random.random() < 0.12:

            def give_up() -> None:
                entry.given_up = True
                task.cancel()

            timer = self._loop.call_later(_magnitude(self._random, 0.001, 3), give_up)
        try:
            left = await task
            self._ledger.end(entry, None, left=left)
        except ConnectError as error:
            self._ledger.end(entry, error.code, error.message)
        except asyncio.CancelledError:
            if entry.given_up:
                self._ledger.end(entry, Code.CANCELED, "given up")
            else:
                task.cancel()
                raise
        finally:
            if timer is not None:
                timer.cancel()

    async def _unary(self, name: str) -> None:
        random = self._random
        timeout_ms = round(_magnitude(random, 5, 3_000)) if random.random() < 0.3 else None
        fails = random.random() < 0.06
        expected = (Code.ABORTED,) if fails else ()
        entry = self._begin(
            name, idempotent=name != "Call", deadline_s=(timeout_ms or 10_000) / 1000, expected=expected
        )
        payload_bytes = round(_magnitude(random, 1, 4_000))
        instructions = pb.Instructions(
            label=entry.label,
            delay_ms=0 if random.random() < 0.5 else round(_magnitude(random, 1, 4_000)),
            payload_bytes=payload_bytes,
            failure=pb.Failure(code=WireCode.ABORTED, message="as asked") if fails else None,
        )
        method = METHODS[name]
        request: Any = method.input(instructions=instructions)

        async def work() -> bool:
            answer: Any = await self._ready().call(method, request, timeout_ms=timeout_ms)
            if bytes(answer.answer.payload) != pattern(payload_bytes, 0):
                self._ledger.mistaken(f"{entry.label} got another answer than was made for it.")
            return False

        await self._guarded(entry, work())

    async def _stream(self, answers: int, tail_bytes: int) -> None:
        random = self._random
        entry = self._begin("Stream", idempotent=True, deadline_s=None)
        instructions = pb.Instructions(
            label=entry.label,
            answers=answers,
            tail_bytes=tail_bytes,
            pause_ms=0 if random.random() < 0.7 else round(_magnitude(random, 1, 100)),
        )
        credit = (round(_magnitude(random, 1, 64)), round(_magnitude(random, 1_000, 2 * MIB)))
        leave_after = random.randint(1, 10) if random.random() < 0.15 else None
        pause_s = 0.0 if random.random() < 0.5 else _magnitude(random, 0.001, 0.4)
        chosen = credit if random.random() < 0.3 else None

        async def work() -> bool:
            request = pb.StreamRequest(instructions=instructions)
            async with self._ready().stream(METHODS["Stream"], request, credit=chosen) as stream:
                async for message in stream:
                    self._check_streamed(entry, message, tail_bytes)
                    entry.taken += 1
                    if entry.taken == leave_after:
                        return True
                    await self._dawdle(pause_s)
            if entry.taken != answers:
                self._ledger.mistaken(f"{entry.label} ended well after {entry.taken} of {answers} messages.")
            return False

        await self._guarded(entry, work())

    def _check_streamed(self, entry: Entry, message: Any, tail_bytes: int) -> None:
        if message.answer.index != entry.taken:
            self._ledger.mistaken(f"{entry.label} got message {message.answer.index} in the place of {entry.taken}.")
        if bytes(message.block.pixels) != pattern(tail_bytes, entry.taken):
            self._ledger.mistaken(f"{entry.label} got other bytes than were sent in message {entry.taken}.")

    async def _watch(self, connection: ClientConnection, epoch: int) -> None:
        entry = self._begin("Watch", idempotent=True, deadline_s=None)
        request = pb.WatchRequest(instructions=pb.Instructions(label=entry.label, payload_bytes=40))
        last = 0
        try:
            stream: ClientStream
            async with connection.stream(METHODS["Watch"], request) as stream:
                message: Any
                async for message in stream:
                    if message.revision <= last:
                        self._ledger.mistaken(f"{entry.label} got revision {message.revision} after {last}.")
                    if message.answer.index != entry.taken + stream.skipped:
                        self._ledger.mistaken(
                            f"{entry.label} got message {message.answer.index} after {entry.taken} others "
                            f"and {stream.skipped} that were skipped."
                        )
                    self._trace.counts["outcome: skipped messages"] += bool(stream.skipped)
                    last = message.revision
                    entry.taken += 1
                    self.newest = (epoch, last)
                    await self._dawdle(0)
            self._ledger.end(entry, None)
        except ConnectError as error:
            self._ledger.end(entry, error.code, error.message)

    async def _dawdle(self, pause_s: float) -> None:
        if pause_s and not self.hurry:
            await asyncio.sleep(pause_s)
        hidden_s = self.hidden_until_s - self._loop.time()
        if hidden_s > 0 and not self.hurry:
            await asyncio.sleep(hidden_s)

    def _ready(self) -> ClientConnection:
        if self._connection is None:
            raise ConnectError(Code.UNAVAILABLE, "There is no connection.")
        return self._connection


def _magnitude(random: Random, least: float, most: float) -> float:
    return float(least * (most / least) ** random.random())
