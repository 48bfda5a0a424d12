from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest
from macroscope.workflow.v1.workflow_pb import WorkflowState
from mcap.reader import make_reader
from tests.recording.made_runs import FaultyStorage, failing
from tests.stimulus.made_flips import flips

from macroscope_worker.journal import TOPICS
from macroscope_worker.journal._events_file import EventsFile
from macroscope_worker.recording import Moment, Storage

if TYPE_CHECKING:
    from pathlib import Path

STARTED = Moment(unix_ns=1_700_000_000_000_000_000, monotonic_ns=1_000_000, local="")


def open_file(path: Path, storage: Storage | None = None) -> EventsFile:
    return EventsFile(path, run_id="run-1", started=STARTED, library="tests", storage=storage or Storage())


def add(file: EventsFile, number: int) -> None:
    state = WorkflowState(revision=number)
    file.add("/workflow", WorkflowState, state.to_binary(), at_ns=1_000_000 + number, sequence=number)


def test_the_package_of_the_format_reads_it_whole(tmp_path: Path) -> None:
    file = open_file(tmp_path / "events.mcap")
    for number in range(5):
        add(file, number)
    batch = flips(0, 3)
    file.add("/stimulus/flips", type(batch), batch.to_binary(), at_ns=0, sequence=0)
    file.flush()
    file.finish()
    assert file.messages == 6
    with (tmp_path / "events.mcap").open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None
        assert summary.statistics is not None
        assert summary.statistics.message_count == 6
        assert [channel.topic for channel in summary.channels.values()] == list(TOPICS)
        assert {schema.encoding for schema in summary.schemas.values()} == {"protobuf"}
        read = list(reader.iter_messages(topics=["/workflow"], log_time_order=False))
        assert [WorkflowState.from_binary(message.data).revision for _, _, message in read] == list(range(5))
        assert [message.log_time for _, _, message in read] == [STARTED.unix_ns + number for number in range(5)]
        assert [message.sequence for _, _, message in read] == list(range(5))
        # A moment before the start of the run is none before 1970.
        (flip,) = reader.iter_messages(topics=["/stimulus/flips"])
        assert flip[2].log_time == STARTED.unix_ns - 1_000_000


def test_a_topic_of_a_later_version_is_declared_when_it_comes(tmp_path: Path) -> None:
    file = open_file(tmp_path / "events.mcap")
    file.add("/new", WorkflowState, b"", at_ns=0, sequence=0)
    file.finish()
    with (tmp_path / "events.mcap").open("rb") as stream:
        assert [channel.topic for _, channel, _ in make_reader(stream).iter_messages()] == ["/new"]


def test_what_was_flushed_is_in_the_file_before_its_end(tmp_path: Path) -> None:
    file = open_file(tmp_path / "events.mcap")
    before = (tmp_path / "events.mcap").stat().st_size
    add(file, 0)
    assert (tmp_path / "events.mcap").stat().st_size == before
    file.flush()
    assert (tmp_path / "events.mcap").stat().st_size > before
    file.abandon()
    file.abandon()


def test_it_is_synced_when_there_is_something_new(tmp_path: Path) -> None:
    storage = FaultyStorage()
    file = open_file(tmp_path / "events.mcap", storage)
    synced = storage.syncs
    file.sync()
    assert storage.syncs == synced
    add(file, 0)
    file.flush()
    file.sync()
    assert storage.syncs == synced + 1
    file.finish()
    assert storage.syncs == synced + 2


def test_a_folder_that_takes_no_file_leaves_none_open(tmp_path: Path) -> None:
    storage = FaultyStorage()
    storage.on_append = failing(errno.ENOSPC)
    closed: list[int] = []
    storage.close = lambda file: (closed.append(file), Storage().close(file))[0]  # type: ignore[method-assign,func-returns-value]
    with pytest.raises(OSError, match="space"):
        open_file(tmp_path / "events.mcap", storage)
    assert len(closed) == 1
    with pytest.raises(FileExistsError):
        open_file(tmp_path / "events.mcap")
