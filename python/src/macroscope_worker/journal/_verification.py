"""Checking a run with its journal: the frames against themselves, and sweeps, flips and frames against each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macroscope.acquisition.v1.journal_pb import JournalGap
from macroscope.stimulus.v1.stimulus_pb import FlipBatch, StimulusState
from macroscope.workflow.v1.workflow_pb import WorkflowState

from macroscope_worker.recording import RecordingOutcome, RunReader, VerificationReport, verify

from ._flip_check import FlipCheck
from ._reader import EventsReader, EventsUnreadable
from ._sweep_check import check_sweeps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from macroscope.workflow.v1.workflow_pb import Run

    from ._flip_check import Flips
    from ._reader import Event, EventsEnd

_LOOK_UP_EVERY = 256
"""Messages between two calls of `check`."""


@dataclass(frozen=True, slots=True)
class EventsReport:
    """What verifying a journal found. `present`: the run has one, as far as anybody can tell."""

    problems: tuple[str, ...] = ()
    present: bool = True
    topics: Mapping[str, int] = field(default_factory=dict)
    """Messages that could be read, by topic."""
    flips: int = 0
    sweeps: int = 0
    """Shown, broken ones and their repetitions included."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What verifying a run found."""

    frames: VerificationReport
    events: EventsReport

    @property
    def is_good(self) -> bool:
        """The recording was completed, and nothing is wrong with it."""
        return self.frames.is_good and not self.events.problems

    @property
    def problems(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.frames.problems, *self.events.problems)

    @property
    def verdict(self) -> str:
        """One sentence."""
        if self.frames.is_good and not self.is_good:
            frames = f"{self.frames.good_frames} of {self.frames.written_frames} frames are good"
            return f"The run's journal has problems: {frames}."
        return self.frames.verdict


def verify_run(
    run: Path, progress: Callable[[int, int], None] | None = None, check: Callable[[], None] = lambda: None
) -> RunReport:
    """Read everything in a run and check it; `progress` gets frames checked and frames in all.

    `check` is called again and again; what it raises ends the verification.

    Raises
    ------
    NotARun
        The folder holds no run that could be checked.
    """
    events = verify_events(run, check)

    def told(checked: int, total: int) -> None:
        check()
        if progress is not None:
            progress(checked, total)

    return RunReport(verify(run, told), events)


def verify_events(run: Path, check: Callable[[], None] = lambda: None) -> EventsReport:
    """Check the journal of a run, and its sweeps against flips and frames. Raises NotARun."""
    reader = RunReader(run)
    path, told = reader.paths.events, reader.info.events
    problems: list[str] = []
    try:
        with EventsReader(path) as events:
            journal = _Journal(reader.info.run_id, problems.append)
            for number, event in enumerate(events.events()):
                if number % _LOOK_UP_EVERY == 0:
                    check()
                journal.add(event.topic, event.sequence, event)
            assert events.end is not None  # It has been read to its end.
            end, run_id = events.end, events.run_id
    except FileNotFoundError:
        if told is not None and told.messages:
            problems.append(f"{path.name} is not there, and run.json counts {told.messages} messages in it.")
        return EventsReport(tuple(problems), present=bool(problems))
    except OSError as error:
        return EventsReport((f"{path.name} cannot be read: {error.strerror or error}.",))
    except EventsUnreadable as error:
        # A program that is killed at once has not written its head.
        if reader.info.outcome is RecordingOutcome.INCOMPLETE and not path.stat().st_size:
            return EventsReport()
        return EventsReport((f"{path.name} cannot be used: {error}.",))
    if run_id != reader.info.run_id:
        problems.append(f"{path.name} is of the run {run_id!r}.")
    _check_end(reader, end, journal, problems.append)
    flips = journal.finish()
    if journal.run is not None:
        check_sweeps(journal.run, flips, reader.table.records, problems.append)
    return EventsReport(
        present=True,
        topics=dict(journal.topics),
        flips=len(flips.presented_ns),
        sweeps=len(journal.run.shown) if journal.run is not None else 0,
        problems=tuple(problems),
    )


class _Journal:
    """What is kept of the messages of a journal while it is read."""

    def __init__(self, run_id: str, problem: Callable[[str], None]) -> None:
        self._run_id = run_id
        self._problem = problem
        self._flips = FlipCheck()
        self._undecoded = 0
        self._highest: dict[str, int] = {}
        self.topics: Counter[str] = Counter()
        self.run: Run | None = None
        """As the workflow told of it last."""
        self.gaps = 0
        """Messages that the journal itself says it has lost."""

    def add(self, topic: str, sequence: int, event: Event) -> None:
        self.topics[topic] += 1
        self._highest[topic] = max(sequence, self._highest.get(topic, 0))
        try:
            match event.message():
                case FlipBatch() as batch:
                    self._flips.add(batch)
                case StimulusState(display=display) if display is not None:
                    self._flips.display(display.attachment_id)
                case WorkflowState(run=run) if run is not None and run.run_id == self._run_id:
                    self.run = run
                case JournalGap(lost_messages=lost):
                    self.gaps += lost
                case _:
                    pass
        except ValueError:
            self._undecoded += 1

    @property
    def missing(self) -> int:
        """Messages whose numbers are not there, before the last of their topic."""
        return sum(highest + 1 - self.topics[topic] for topic, highest in self._highest.items())

    def finish(self) -> Flips:
        if self._undecoded:
            self._problem(f"{self._undecoded} messages of the journal cannot be decoded.")
        return self._flips.finish(self._problem)


def _check_end(reader: RunReader, end: EventsEnd, journal: _Journal, problem: Callable[[str], None]) -> None:
    name, info = reader.paths.events.name, reader.info
    if end.damaged_records:
        problem(f"{end.damaged_records} records of {name} are damaged.")
    if end.checksum_good is False:
        problem(f"{name} is not what was written: its checksum differs.")
    lost = max(journal.gaps, journal.missing)
    if lost:
        problem(f"{lost} messages of the journal were lost, because the disk was too slow.")
    told = info.events
    if told is not None and told.fault is not None:
        problem(f"The journal was not written to its end. {told.fault.message}")
    elif info.outcome is not RecordingOutcome.INCOMPLETE and not end.whole:
        problem(f"{name} has no end: {end.torn_bytes} bytes behind its last record make none.")
    elif told is not None and (found := sum(journal.topics.values())) != told.messages:
        problem(f"run.json counts {told.messages} messages in {name}, and {found} can be read.")
