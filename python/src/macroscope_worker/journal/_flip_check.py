"""The flips of a journal against themselves: each index once, and times that rise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    from macroscope.stimulus.v1.stimulus_pb import FlipBatch


@dataclass(frozen=True, slots=True)
class Flips:
    """All flips of a run in their order. `showing` is that of the sweep plus 1; 0: grey or a test."""

    presented_ns: npt.NDArray[Any]
    showing: npt.NDArray[Any]
    missed_refreshes: npt.NDArray[Any]
    refresh_ns: float
    """Median time between two flips next to each other; 0: there are none."""
    clock_error_ns: int
    """The largest that a fit of the window's clock states."""


_COLUMNS: Final = ("presented_ns", "showing", "missed_refreshes")


@dataclass(slots=True)
class _Attachment:
    """Flips of one display. Numbers, and no messages: there may be a million."""

    index: list[npt.NDArray[Any]] = field(default_factory=list)
    columns: list[npt.NDArray[Any]] = field(default_factory=list)
    """Of each batch the columns, one a row."""


class FlipCheck:
    """Collects the flips of a journal, then looks at all of them. A display that is new counts from 0 again."""

    def __init__(self) -> None:
        self._attachments: list[_Attachment] = [_Attachment()]
        self._attachment_id = ""
        self._clock_error_ns = 0

    def display(self, attachment_id: str) -> None:
        """A display is there from now on."""
        if attachment_id and attachment_id != self._attachment_id:
            self._attachment_id = attachment_id
            self._attachments.append(_Attachment())

    def add(self, batch: FlipBatch) -> None:
        """Flips of the display that is there. Raises ValueError for numbers and times that no flips have."""
        attachment, count = self._attachments[-1], len(batch.presented_ns)
        if not count:
            return
        try:
            index = np.arange(batch.first_index, batch.first_index + count, dtype=np.int64)
            columns = np.array([getattr(batch, name) for name in _COLUMNS], np.int64)
        except OverflowError as error:
            raise ValueError("a batch of flips has numbers beyond 63 bits") from error
        attachment.index.append(index)
        attachment.columns.append(columns)
        if batch.clock is not None:
            self._clock_error_ns = max(self._clock_error_ns, batch.clock.error_ns)

    def finish(self, problem: Callable[[str], None]) -> Flips:
        """Check them, and put them in order."""
        columns: list[npt.NDArray[Any]] = []
        intervals: list[npt.NDArray[Any]] = []
        for attachment in self._attachments:
            if not attachment.index:
                continue
            index = np.concatenate(attachment.index)
            order = np.argsort(index, kind="stable")
            index = index[order]
            of_attachment = np.concatenate(attachment.columns, axis=1)[:, order]
            columns.append(of_attachment)
            steps = np.diff(index)
            _tell_missing(index, steps, problem)
            times = np.diff(of_attachment[0])
            back = int(np.count_nonzero((times <= 0) & (steps > 0)))
            if back:
                problem(f"The times of flips do not rise, at {back} places.")
            intervals.append(times[steps == 1])
        if not columns:
            nothing = np.zeros(0, np.int64)
            return Flips(nothing, nothing, nothing, 0.0, 0)
        steps_ns = np.concatenate(intervals)
        presented, showing, missed = np.concatenate(columns, axis=1)
        refresh_ns = float(np.median(steps_ns)) if len(steps_ns) else 0.0
        return Flips(presented, showing, missed, refresh_ns, self._clock_error_ns)


def _tell_missing(index: npt.NDArray[Any], steps: npt.NDArray[Any], problem: Callable[[str], None]) -> None:
    twice = int(np.count_nonzero(steps == 0))
    if twice:
        problem(f"{twice} flips are there twice, the first one is number {int(index[1:][steps == 0][0])}.")
    missing = int((steps[steps > 1] - 1).sum())
    if missing:
        first = int(index[:-1][steps > 1][0]) + 1
        problem(f"{missing} flips were shown and never reported, from number {first} on.")
