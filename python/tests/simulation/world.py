"""Clients, a server, what they do and what happens to them, in virtual time from a seed."""

from __future__ import annotations

import asyncio
import traceback
from random import Random
from typing import TYPE_CHECKING, Any

from connectrpc.code import Code
from macroscope.rpc.v1.options_pb import Role
from tests.simulation.ledger import Ledger
from tests.simulation.serving import ServerProgram
from tests.simulation.stream_pair import Manner, StreamPair
from tests.simulation.trace import Trace
from tests.simulation.virtual_loop import VirtualLoop, run_virtually
from tests.simulation.window import TOKEN, Window

if TYPE_CHECKING:
    from collections.abc import Callable

FAULTS = (
    "stream lost",
    "stream read slowly",
    "bytes sent twice",
    "server crash",
    "window crash",
    "world stalls",
    "server closes",
)
KNOWN_AFTER_S = 9.5
RECOVERED_AFTER_S = 22.0
CLOSED_AFTER_S = 7.0


class World:
    """One simulation."""

    def __init__(self, seed: int, loop: VirtualLoop, trace: Trace) -> None:
        self.loop = loop
        self.trace = trace
        self.ledger = Ledger(trace, loop.time, lambda: loop.stalled_ns / 1e9)
        self.random = random = Random(seed)
        delay_s = _magnitude(random, 0.00002, 0.02)
        self.manner = Manner(
            least_delay_s=delay_s / 4,
            most_delay_s=delay_s,
            bytes_per_s=_magnitude(random, 4e6, 6e8),
            tiny_reads=0 if random.random() < 0.5 else random.random() * 0.3,
            large_reads=random.random() * 0.5,
        )
        self.active_s = _magnitude(random, 1.5, 16)
        self.faults = [] if random.random() < 0.08 else [name for name in FAULTS if random.random() < 0.4]
        self.program: ServerProgram | None = None
        self.windows: list[Window] = []
        self.pairs: list[StreamPair] = []
        self.closing = False
        self._epochs = 0
        self._lives = 0
        self._disturbed: list[Callable[[], None]] = []

    async def run(self) -> None:
        """From the beginning to the end."""
        random = self.random
        self._start_server()
        self.windows = [self._open_window() for _ in range(random.randint(1, 4))]
        for _ in range(round(_magnitude(random, 8, 90))):
            self._later(random.random() * self.active_s, self._act)
        for _ in range(random.randint(0, 30)):
            self._later(random.random() * self.active_s, self._change)
        for _ in range(round(_magnitude(random, 1, 12)) if self.faults else 0):
            self._later(random.random() * self.active_s, self._break_something)
        await asyncio.sleep(self.active_s + KNOWN_AFTER_S)
        self.trace.add("all faults are known")
        for window in self.windows:
            window.hurry = True
        self._later(1, self._change)
        await asyncio.sleep(RECOVERED_AFTER_S)
        self._check_recovered()
        self.closing = True
        for window in self.windows:
            window.close()
        await asyncio.sleep(CLOSED_AFTER_S)
        if self.program is not None:
            self.program.server.close()
        await asyncio.sleep(CLOSED_AFTER_S)
        self._check_left_nothing()

    def _later(self, after_s: float, action: Callable[[], None]) -> None:
        self.loop.call_later(after_s, action)

    def _act(self) -> None:
        window = self.random.choice(self.windows)
        if window.alive:
            window.act()

    def _change(self) -> None:
        if self.program is not None and self.program.alive:
            self.program.change()

    def _start_server(self) -> None:
        self._epochs += 1
        self.program = ServerProgram(self._epochs, self.ledger)
        self.trace.add(f"{self.program.name} starts")

    def _open_window(self) -> Window:
        self._lives += 1
        return Window(f"window{self._lives}", self._dial, self.ledger, Random(self.random.random()), self.trace)

    def _dial(self, window: Window) -> StreamPair | None:
        program = self.program
        if program is None or not program.alive or self.closing:
            return None
        name = f"{window.name} to {program.name}"
        pair = StreamPair(name, self.manner, Random(self.random.random()), self.trace)
        program.server.accept(pair.links[1], token=TOKEN, role=Role.OPERATOR)
        self.pairs = [other for other in self.pairs if not other.broken] + [pair]
        return pair

    def _break_something(self) -> None:
        name = self.random.choice(self.faults)
        fault: Callable[[], bool] = getattr(self, "_" + name.replace(" ", "_"))
        if fault():
            self.trace.add(f"fault: {name}")
            self.trace.counts[f"fault: {name}"] += 1

    def _told_after_s(self) -> float:
        """Soon, or so late that only the silence tells."""
        soon = self.random.random() < 0.5
        return _magnitude(self.random, 0.001, 0.3) if soon else self.random.uniform(5.5, 8)

    def _some_pair(self) -> StreamPair | None:
        pairs = [pair for pair in self.pairs if not pair.broken]
        return self.random.choice(pairs) if pairs else None

    def _stream_lost(self) -> bool:
        pair = self._some_pair()
        if pair is not None:
            pair.sever(self._told_after_s(), self._told_after_s())
        return pair is not None

    def _stream_read_slowly(self) -> bool:
        pair = self._some_pair()
        if pair is not None:
            end = pair.ends[0 if self.random.random() < 0.7 else 1]
            end.hold_until_s = self.loop.time() + _magnitude(self.random, 0.05, 4)
        return pair is not None

    def _bytes_sent_twice(self) -> bool:
        pair = self._some_pair()
        if pair is not None:
            pair.ends[self.random.randint(0, 1)].duplicates += 1
            self.ledger.falsified = True
            # Mostly the framing breaks at once; at times what now stands for a length is believed.
            self._later(6, lambda: pair.sever(0, 0))
        return pair is not None

    def _server_crash(self) -> bool:
        program = self.program
        if program is None or not program.alive:
            return False
        program.alive = False
        for pair in self.pairs:
            pair.ends[1].dead = True
            pair.sever(self._told_after_s(), None)
        program.server.close()
        self._later(self.random.uniform(0.05, 3), self._start_server)
        return True

    def _window_crash(self) -> bool:
        index = self.random.randrange(len(self.windows))
        window = self.windows[index]
        if not window.alive:
            return False
        window.crash()
        if window.pair is not None:
            window.pair.sever(None, self._told_after_s())

        def reopen() -> None:
            self.windows[index] = self._open_window()

        self._later(self.random.uniform(0.1, 2), reopen)
        return True

    def _world_stalls(self) -> bool:
        self.loop.stall_ns += round(_magnitude(self.random, 0.02, 9) * 1e9)
        return True

    def _server_closes(self) -> bool:
        program = self.program
        if program is None or not program.alive:
            return False
        program.server.close()
        return True

    def _check_recovered(self) -> None:
        program = self.program
        assert program is not None
        for window in self.windows:
            if not window.connected:
                self.trace.object(f"{window.name} has no connection at the end.")
            if window.newest != (program.epoch, program.revision):
                self.trace.object(
                    f"{window.name} has epoch and revision {window.newest}, not {program.epoch}, {program.revision}."
                )
            clock = window.clock
            if window.connected and (clock is None or abs(clock.offset_ns) > clock.error_ns + 2):
                self.trace.object(f"{window.name} has a wrong idea of the server's clock: {clock}.")
        for entry in self.ledger.calls.values():
            if not entry.orphaned and entry.method != "Watch":
                self._check_call(entry)

    def _check_call(self, entry: Any) -> None:
        if entry.ends != 1:
            self.trace.object(f"{entry.label} has ended {entry.ends} times for its caller.")
            return
        code = entry.code
        broken = (Code.INVALID_ARGUMENT, Code.INTERNAL, Code.NOT_FOUND)
        allowed = (
            code in (None, Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, *entry.expected)
            or (code == Code.CANCELED and entry.given_up)
            or (code in broken and self.ledger.falsified)
        )
        if not allowed:
            self.trace.object(f"{entry.label} ended with {code.name}, for which there was no reason.")
        if not self.faults and code == Code.UNAVAILABLE and entry.started_s > 1:
            self.trace.object(f"{entry.label} ended with {code.name}, and nothing was broken.")

    def _check_left_nothing(self) -> None:
        program = self.program
        assert program is not None
        if program.running:
            self.trace.object(f"{len(program.running)} handlers still run after everything was closed.")
        if program.server.links:
            self.trace.object(f"{program.server.links} links are left after everything was closed.")
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if tasks:
            self.trace.object(f"{len(tasks)} tasks are left after everything was closed: {sorted(map(str, tasks))[:3]}")
        timers = [timer for timer in self.loop._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
        if timers:
            self.trace.object(f"{len(timers)} timers are left after everything was closed: {timers[:3]}")
        for entry in self.ledger.calls.values():
            if not entry.orphaned and entry.ends != 1:
                self.trace.object(f"{entry.label} has ended {entry.ends} times.")


def simulate(seed: int, show: Callable[[str], None] | None = None) -> Trace:
    """Let a world live from a seed; the same seed gives the same, line by line."""
    traces: list[Trace] = []

    async def main(loop: VirtualLoop) -> None:
        trace = Trace(lambda: loop.now_ns, show=show)
        traces.append(trace)
        loop.set_exception_handler(lambda _loop, context: trace.object(f"The loop was told of {context}"))
        try:
            await World(seed, loop, trace).run()
        except Exception as error:
            trace.object(f"The simulation itself failed: {''.join(traceback.format_exception(error))}")
        objections = len(trace.objections)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        del trace.objections[objections:]

    try:
        run_virtually(main)
    except Exception as error:
        traces[0].object(f"The simulation came to no end: {error!r}")
    return traces[0]


def _magnitude(random: Random, least: float, most: float) -> float:
    return float(least * (most / least) ** random.random())
