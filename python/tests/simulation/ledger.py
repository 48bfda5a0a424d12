"""All calls of a simulation, as their callers and their handlers saw them, and what must be true of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectrpc.code import Code

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.trace import Trace


@dataclass
class Run:
    """One time that a handler ran."""

    server: str
    ended: bool = False
    answered: bool = False
    made: int = 0


@dataclass
class Entry:
    """One call."""

    label: str
    method: str
    idempotent: bool
    started_s: float
    deadline_s: float | None
    expected: tuple[Code, ...] = ()
    runs: list[Run] = field(default_factory=list)
    taken: int = 0
    ends: int = 0
    code: Code | None = None
    given_up: bool = False
    orphaned: bool = False


class Ledger:
    """Calls by their labels."""

    def __init__(self, trace: Trace, now_s: Callable[[], float], stalled_s: Callable[[], float]) -> None:
        self._trace = trace
        self._now_s = now_s
        self._stalled_s = stalled_s
        self.calls: dict[str, Entry] = {}
        self.falsified = False
        """Bytes came twice somewhere: contents prove nothing."""

    def begin(self, entry: Entry) -> Entry:
        """A caller begins a call."""
        self.calls[entry.label] = entry
        self._trace.add(f"begin {entry.label}")
        self._trace.counts[f"call: {entry.method}"] += 1
        return entry

    def end(self, entry: Entry, code: Code | None, why: str = "", *, left: bool = False) -> None:
        """The caller heard of the end."""
        name = "ok" if code is None else code.name
        self._trace.add(f"end {entry.label} {name} {why}")
        self._trace.counts[f"outcome: {name}"] += 1
        entry.ends += 1
        entry.code = code
        if entry.ends > 1:
            self._trace.object(f"{entry.label} ended {entry.ends} times for its caller.")
        if code is None and not left and not any(run.answered for run in entry.runs):
            self._trace.object(f"{entry.label} ended well, and no handler has answered it.")
        over_s = -1.0 if entry.deadline_s is None else self._now_s() - entry.started_s - entry.deadline_s
        if code == Code.DEADLINE_EXCEEDED and over_s < -1e-5:
            self._trace.object(f"{entry.label} ended by its deadline before that had come.")
        # A program that stood still hears of everything late.
        if over_s > 0.001 + self._stalled_s():
            self._trace.object(f"{entry.label} ended {over_s:.3f} s after its deadline.")

    def run(self, label: str, server: str) -> Run:
        """A handler begins."""
        run = Run(server)
        entry = self.calls.get(label)
        if entry is None:
            if not self.falsified:
                self._trace.object(f"A handler got the call {label}, which nobody made.")
            return run
        entry.runs.append(run)
        if not entry.idempotent and len(entry.runs) > 1:
            self._trace.object(f"{label} was executed {len(entry.runs)} times.")
        return run

    def end_run(self, label: str, run: Run) -> None:
        """A handler has ended."""
        if run.ended:
            self._trace.object(f"A handler of {label} ended twice.")
        run.ended = True

    def mistaken(self, sentence: str) -> None:
        """An answer is not what was sent."""
        if not self.falsified:
            self._trace.object(sentence)
