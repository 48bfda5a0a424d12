"""The counts of processes that serve nobody, as they report them: windows and pages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from macroscope.diagnostics.v1.diagnostics_pb import ProcessTraffic

FORGET_AFTER_S: Final = 15.0
"""Three reports missed."""
MOST_REPORTS: Final = 64
MOST_NAME_CHARACTERS: Final = 120
"""As the schema limits it; an answer with a longer one could not be read."""


class _Kept(NamedTuple):
    at_s: float
    report: ProcessTraffic
    reporter: object


class TrafficReports:
    """The newest report of each, until its connection ends or nothing more comes of it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._reports: dict[tuple[str, str], _Kept] = {}

    def put(self, label: str, report: ProcessTraffic, reporter: object = None) -> None:
        """Keep a report of `reporter`, the connection `label`.

        Named by that label, which the reporter cannot choose: nobody reports in another's name.
        """
        key = (label, report.process)
        report.process = _named(label, report.process)
        self._reports.pop(key, None)
        self._reports[key] = _Kept(self._clock(), report, reporter)
        while len(self._reports) > MOST_REPORTS:
            del self._reports[next(iter(self._reports))]

    def forget(self, reporter: object) -> None:
        """The reporter is gone. What another with the same names has reported since stays."""
        self._reports = {key: kept for key, kept in self._reports.items() if kept.reporter is not reporter}

    def newest(self) -> list[ProcessTraffic]:
        """What is known, by name."""
        oldest_s = self._clock() - FORGET_AFTER_S
        self._reports = {key: kept for key, kept in self._reports.items() if kept.at_s >= oldest_s}
        return [kept.report for _, kept in sorted(self._reports.items(), key=lambda item: item[0])]


def _named(label: str, process: str) -> str:
    """A page does not know its number: what says less than the label is the label."""
    whole = process if process.startswith(label) else f"{label}: {process}"
    name = label if label.startswith(process) else whole
    return name[:MOST_NAME_CHARACTERS]
