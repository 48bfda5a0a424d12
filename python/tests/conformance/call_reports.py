"""What the handlers of the conformance service saw of their calls."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from macroscope.conformance.v1.conformance_pb import HandlerEnd


@dataclass
class CallReport:
    """One call as its handler saw it."""

    end: HandlerEnd = HandlerEnd.UNSPECIFIED
    made: int = 0
    """Answers that the handler has made."""


class CallReports:
    """Reports by the labels of their calls."""

    def __init__(self) -> None:
        self._calls: defaultdict[str, list[CallReport]] = defaultdict(list)
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, label: str) -> tuple[CallReport, int]:
        """A handler begins. Its report, and which call of the label it is, from 1."""
        report = CallReport()
        self._calls[label].append(report)
        return report, len(self._calls[label])

    def made(self, report: CallReport) -> None:
        """The handler has made an answer."""
        report.made += 1
        self._wake()

    def end(self, report: CallReport, end: HandlerEnd) -> None:
        """The handler has ended so."""
        report.end = end
        self._wake()

    def of(self, label: str) -> list[CallReport]:
        """The calls of a label so far."""
        return self._calls[label]

    async def until(self, label: str, *, ended: int, made: int) -> None:
        """Wait until so many calls of the label have ended, and so many answers were made."""

        def enough() -> bool:
            calls = self._calls[label]
            over = sum(call.end is not HandlerEnd.UNSPECIFIED for call in calls)
            return over >= ended and sum(call.made for call in calls) >= made

        async with self._news:
            await self._news.wait_for(enough)

    def _wake(self) -> None:
        task = asyncio.get_running_loop().create_task(self._notify())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _notify(self) -> None:
        async with self._news:
            self._news.notify_all()
