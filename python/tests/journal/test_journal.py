"""The journal with the real engine, and with disks that hang, fail and are full."""

from __future__ import annotations

import errno
import shutil
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.acquisition.v1.journal_pb import JournalGap
from macroscope.workflow.v1.workflow_pb import WorkflowState
from tests.acquisition.scripted_camera import PATIENCE_S, ScriptedCamera, eventually, live_engine
from tests.recording.made_runs import FaultyStorage, failing
from tests.recording.small_disk import small_disk

from macroscope_worker.acquisition import AcquisitionPhase, RecordingOutcome
from macroscope_worker.clock import clock_ns
from macroscope_worker.journal import Event, EventsReader, EventsUnreadable, Journal, verify_run
from macroscope_worker.notifications import Severity
from macroscope_worker.recording import EventsInfo, Moment, RunReader, Storage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STARTED = Moment(1_700_000_000_000_000_000, 0, "")


class Told:
    """The notifications of a journal."""

    def __init__(self) -> None:
        self.codes: list[tuple[Severity, str]] = []
        self.messages: list[str] = []
        self._changed = threading.Condition()

    def __call__(self, severity: Severity, code: str, message: str, remedy: str) -> None:
        with self._changed:
            self.codes.append((severity, code))
            self.messages.append(f"{message} {remedy}")
            self._changed.notify_all()

    def wait(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self.codes), PATIENCE_S)


class SlowStorage(Storage):
    """Takes what is appended only while it is open."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.entered = threading.Event()

    def append(self, file: int, data: Any) -> None:
        self.entered.set()
        assert self.open.wait(PATIENCE_S)
        super().append(file, data)


def state(number: int) -> WorkflowState:
    return WorkflowState(revision=number)


def read(run: Path) -> list[Event]:
    with EventsReader(run / "events.mcap") as reader:
        return list(reader.events())


def revisions(run: Path) -> list[int]:
    states = [event.message() for event in read(run) if event.topic == "/workflow"]
    return [one.revision for one in states if isinstance(one, WorkflowState)]


def has_begun(run: Path) -> bool:
    """Whether a message stands in the file."""
    try:
        return bool(revisions(run))
    except (FileNotFoundError, EventsUnreadable):
        return False


@contextmanager
def recording(journal: Journal, directory: Path, **options: Any) -> Iterator[Path]:
    """A run of six frames around what the test does; the run folder."""
    camera = ScriptedCamera()
    with live_engine(camera, directory, companion=journal, **options) as engine:
        snapshot = engine.start_recording("run")
        assert snapshot.recording is not None
        camera.deliver(*range(6))
        yield snapshot.recording.directory
        engine.stop_recording()


def test_keeps_what_is_written_while_a_run_is_recorded_and_nothing_else(tmp_path: Path) -> None:
    journal = Journal()
    journal.write("/workflow", state(1))
    assert journal.run_id == ""
    before_ns = clock_ns()
    with recording(journal, tmp_path) as run:
        assert journal.run_id == run.name
        journal.write("/workflow", state(2))
        journal.write("/workflow", state(3), at_ns=before_ns - 5)
    journal.write("/workflow", state(4))
    assert journal.run_id == ""
    first, second = read(run)
    assert revisions(run) == [2, 3]
    assert before_ns < first.at_ns < clock_ns()
    assert second.at_ns == before_ns - 5
    info = RunReader(run).info
    assert info.events == EventsInfo(2)
    assert (info.outcome, info.captured_frames) == (RecordingOutcome.COMPLETE, 6)
    assert verify_run(run).problems == ()


def test_every_run_has_a_journal_of_its_own(tmp_path: Path) -> None:
    journal = Journal()
    runs = []
    for number in range(3):
        with recording(journal, tmp_path / str(number)) as run:
            journal.write("/workflow", state(number))
        runs.append(run)
    assert [revisions(run) for run in runs] == [[0], [1], [2]]
    assert [read(run)[0].sequence for run in runs] == [0, 0, 0]


def test_a_message_that_changes_afterwards_is_kept_as_it_was(tmp_path: Path) -> None:
    journal = Journal()
    with recording(journal, tmp_path) as run:
        message = state(5)
        journal.write("/workflow", message)
        message.revision = 6
    assert revisions(run) == [5]


def test_whoever_waits_for_a_run_is_called_when_it_can_be_written(tmp_path: Path) -> None:
    journal = Journal()

    def fail() -> None:
        msg = "a bug"
        raise RuntimeError(msg)

    journal.on_opened(fail)
    journal.on_opened(lambda: journal.write("/workflow", state(9)))
    with recording(journal, tmp_path) as run:
        pass
    assert revisions(run) == [9]


def test_what_has_not_been_told_yet_is_written_before_it_closes(tmp_path: Path) -> None:
    journal = Journal()
    journal.on_closing(lambda: journal.write("/workflow", state(7)))
    with recording(journal, tmp_path) as run:
        journal.write("/workflow", state(6))
    assert revisions(run) == [6, 7]


def test_a_file_is_put_beside_it(tmp_path: Path) -> None:
    journal = Journal()
    journal.write_file("configuration.json", "too early")
    with recording(journal, tmp_path) as run:
        journal.write_file("configuration.json", '{"µ": 1}\n')
    assert (run / "configuration.json").read_text(encoding="utf-8") == '{"µ": 1}\n'
    assert verify_run(run).problems == ()


def test_a_start_that_is_given_up_leaves_nothing_behind(tmp_path: Path) -> None:
    journal = Journal()
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path, companion=journal) as engine:
        journal.on_opened(lambda: engine._capture.lose(RuntimeError("unplugged")))
        with pytest.raises(Exception, match="stopped while the recording began"):
            engine.start_recording("run")
    assert journal.run_id == ""
    for run in tmp_path.iterdir():
        assert verify_run(run).frames.outcome is RecordingOutcome.FAILED


def test_what_is_written_is_in_the_file_at_once_and_synced_within_a_second(tmp_path: Path) -> None:
    storage = FaultyStorage()
    synced = threading.Event()
    storage.on_sync = lambda count: synced.set() if count > 1 else None
    journal = Journal(storage=storage, sync_interval_s=0.05)
    journal.opened("run-1", tmp_path, STARTED)
    journal.write("/workflow", state(1), at_ns=0)
    assert synced.wait(PATIENCE_S)
    assert revisions(tmp_path) == [1]
    assert journal.closing() == EventsInfo(1)


def test_nobody_waits_for_a_disk_that_hangs_and_what_is_lost_is_counted_told_and_written(tmp_path: Path) -> None:
    storage, told = SlowStorage(), Told()
    journal = Journal(storage=storage, tell=told, most_waiting_messages=20)
    journal.opened("run-1", tmp_path, STARTED)
    journal.write("/workflow", state(0), at_ns=0)
    while not revisions_or_none(tmp_path):
        time.sleep(0.005)
    storage.entered.clear()
    storage.open.clear()
    journal.write("/workflow", state(1), at_ns=1)
    assert storage.entered.wait(PATIENCE_S)
    began_s = time.monotonic()
    for number in range(2, 102):
        journal.write("/workflow", state(number), at_ns=number)
    assert time.monotonic() - began_s < 1
    storage.open.set()
    told.wait()
    journal.write("/workflow", state(200), at_ns=200)
    info = journal.closing()
    assert info is not None
    assert (info.lost_messages, info.fault) == (80, None)
    assert told.codes == [(Severity.WARNING, "journal_behind")]
    assert revisions(tmp_path) == [*range(22), 200]
    (gap,) = [event.message() for event in read(tmp_path) if event.topic == "/journal"]
    assert gap == JournalGap(lost_messages=80, first_ns=22, last_ns=101)
    # The numbers of what was lost are missing.
    assert [event.sequence for event in read(tmp_path) if event.topic == "/workflow"] == [*range(22), 102]
    assert info.messages == 24


def test_much_of_few_messages_is_too_much_as_well(tmp_path: Path) -> None:
    storage = SlowStorage()
    storage.open.clear()
    journal = Journal(storage=storage, most_waiting_bytes=1_000)
    journal.opened("run-1", tmp_path, STARTED)
    for _ in range(10):
        journal.write_file("big", "x")  # Files are few, and are not left out.
        journal.write("/workflow", state(1 << 60), at_ns=0)
    for _ in range(500):
        journal.write("/workflow", state(1 << 60), at_ns=0)
    storage.open.set()
    info = journal.closing()
    assert info is not None
    assert info.lost_messages > 300
    assert info.messages + info.lost_messages == 511  # With the gap itself.


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("at_sync", [False, True])
def test_a_disk_that_fails_ends_the_journal_and_not_the_recording(
    tmp_path: Path, number: int, *, at_sync: bool
) -> None:
    storage, told = FaultyStorage(), Told()
    journal = Journal(storage=storage, tell=told, sync_interval_s=0.01)
    with recording(journal, tmp_path) as run:
        journal.write("/workflow", state(1))
        while not revisions_or_none(run):
            time.sleep(0.005)
        if at_sync:
            storage.on_sync = failing(number)
        else:
            storage.on_append = failing(number)
        journal.write("/workflow", state(2))
        told.wait()
        journal.write("/workflow", state(3))
        assert told.codes == [(Severity.ERROR, "journal_failed")]
    assert len(told.codes) == 1
    info = RunReader(run).info
    # The frames are on a disk that works.
    assert (info.outcome, info.durable_frames, info.fault) == (RecordingOutcome.COMPLETE, 6, None)
    assert info.events is not None
    assert info.events.fault is not None
    assert info.events.fault.message in told.messages[0]
    assert revisions(run)[:1] == [1]
    report = verify_run(run)
    assert not report.is_good
    assert any("journal was not written to its end" in problem for problem in report.problems)


def test_a_journal_that_cannot_even_be_begun_is_told(tmp_path: Path) -> None:
    told = Told()
    journal = Journal(tell=told)
    journal.opened("run-1", tmp_path / "gone", STARTED)
    told.wait()
    journal.write("/workflow", state(1))
    info = journal.closing()
    assert info is not None
    assert (info.messages, info.lost_messages) == (0, 1)
    assert info.fault is not None


def test_a_disk_that_hangs_for_ever_does_not_hold_up_the_end(tmp_path: Path) -> None:
    storage = SlowStorage()
    storage.open.clear()
    journal = Journal(storage=storage, close_within_s=0.05)
    journal.opened("run-1", tmp_path, STARTED)
    journal.write("/workflow", state(1), at_ns=0)
    info = journal.closing()
    assert info is not None
    assert info.fault is not None
    assert "did not take the journal" in info.fault.message
    storage.open.set()


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with small_disk(tmp_path, 4) as place:
        told = Told()
        journal = Journal(tell=told, sync_interval_s=0.01)
        journal.opened("run-1", place, STARTED)
        journal.write("/workflow", state(0), at_ns=0)
        # A disk that is full before the journal's first byte is another case.
        while not has_begun(place):
            time.sleep(0.005)
        number = 1
        while not told.codes:
            journal.write("/workflow", state(number), at_ns=number)
            journal.write_file("configuration.json", "x" * 100_000)
            with (place / "of another program").open("ab") as other:
                try:
                    other.write(bytes(65_536))
                except OSError:
                    time.sleep(0.005)
            number += 1
        journal.closing()
        assert "full" in told.messages[0]
        shutil.copy(place / "events.mcap", tmp_path / "events.mcap")
    found = revisions(tmp_path)
    assert found == list(range(len(found)))


def test_capture_does_not_wait_for_a_journal_that_hangs(tmp_path: Path) -> None:
    storage = SlowStorage()
    storage.open.clear()
    journal = Journal(storage=storage)
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path, companion=journal) as engine:
        engine.start_recording("run")
        camera.deliver(*range(6))
        eventually(engine, lambda: (one := engine.acquisition().recording) is not None and one.written_frames == 6)
        assert engine.acquisition().phase is AcquisitionPhase.RECORDING
        storage.open.set()
        summary = engine.stop_recording()
        assert summary is not None
        assert (summary.outcome, summary.durable_frames) == (RecordingOutcome.COMPLETE, 6)


def revisions_or_none(run: Path) -> list[int]:
    try:
        return revisions(run)
    except (OSError, ValueError):
        return []
