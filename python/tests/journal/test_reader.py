from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from macroscope.stimulus.v1.stimulus_pb import FlipBatch
from macroscope.workflow.v1.workflow_pb import WorkflowState

from macroscope_worker.journal import TOPICS, Event, EventsReader, EventsUnreadable
from macroscope_worker.journal._events_file import EventsFile
from macroscope_worker.recording import Moment, Storage

if TYPE_CHECKING:
    from pathlib import Path

STARTED = Moment(unix_ns=1_700_000_000_000_000_000, monotonic_ns=5_000_000, local="")


def write(path: Path, messages: int, *, finish: bool = True) -> Path:
    """States of the workflow with their number as revision, and a batch of flips behind every third."""
    file = EventsFile(path, run_id="run-1", started=STARTED, library="tests", storage=Storage())
    for number in range(messages):
        state = WorkflowState(revision=number)
        file.add("/workflow", WorkflowState, state.to_binary(), at_ns=5_000_000 + number, sequence=number)
        if number % 3 == 2:
            batch = FlipBatch(first_index=number, presented_ns=[number] * 40)
            file.add("/stimulus/flips", FlipBatch, batch.to_binary(), at_ns=5_000_000 + number, sequence=number // 3)
    file.flush()
    if finish:
        file.finish()
    else:
        file.abandon()
    return path


def read(path: Path) -> tuple[list[Event], EventsReader]:
    with EventsReader(path) as reader:
        return list(reader.events()), reader


def revisions(events: list[Event]) -> list[int]:
    states = [event.message() for event in events if event.topic == "/workflow"]
    return [state.revision for state in states if isinstance(state, WorkflowState)]


def last_revision(path: Path) -> int | None:
    with EventsReader(path) as reader:
        event = reader.last("/workflow")
        assert event is None or event.topic == "/workflow"
        return None if event is None else revisions([event])[0]


def test_reads_all_that_was_written_in_order(tmp_path: Path) -> None:
    events, reader = read(write(tmp_path / "events.mcap", 9))
    assert revisions(events) == list(range(9))
    assert [event.sequence for event in events if event.topic == "/stimulus/flips"] == [0, 1, 2]
    assert (events[0].at_ns, events[0].unix_ns) == (5_000_000, STARTED.unix_ns)
    assert (reader.run_id, reader.topics) == ("run-1", list(TOPICS))
    assert (reader.started_unix_ns, reader.started_monotonic_ns) == (STARTED.unix_ns, STARTED.monotonic_ns)
    assert reader.end is not None
    assert (reader.end.whole, reader.end.torn_bytes, reader.end.checksum_good) == (True, 0, True)


def test_can_be_read_twice(tmp_path: Path) -> None:
    with EventsReader(write(tmp_path / "events.mcap", 4)) as reader:
        assert reader.last("/stimulus/flips") is not None
        assert len(list(reader.events())) == 5
        assert len(list(reader.events())) == 5


@pytest.mark.parametrize("finish", [True, False])
def test_the_last_message_of_a_topic_is_found_at_the_end(tmp_path: Path, finish: bool) -> None:
    path = write(tmp_path / "events.mcap", 40, finish=finish)
    assert last_revision(path) == 39
    with EventsReader(path) as reader:
        assert reader.last("/camera") is None
        flips = reader.last("/stimulus/flips")
        assert flips is not None
        assert flips.sequence == 12


def test_of_a_whole_file_the_summary_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macroscope_worker.journal._reader._TAIL_WINDOWS", ())
    path = write(tmp_path / "events.mcap", 40)
    assert last_revision(path) == 39
    assert last_revision(write(tmp_path / "cut.mcap", 40, finish=False)) is None


def test_the_last_message_is_found_behind_the_middle_of_a_long_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("macroscope_worker.journal._reader._TAIL_WINDOWS", (300, 3_000))
    path = write(tmp_path / "events.mcap", 4_000, finish=False)
    assert last_revision(path) == 3_999
    # None lies in the last bytes that are looked at: that is not worth reading the whole file.
    with EventsReader(path) as reader:
        assert reader.last("/notifications") is None


def test_a_message_of_an_unknown_type_says_so(tmp_path: Path) -> None:
    (event, *_), _ = read(write(tmp_path / "events.mcap", 1))
    unknown = Event(event.topic, "macroscope.later.v9.Thing", 0, 0, 0, b"")
    with pytest.raises(ValueError, match=r"macroscope\.later\.v9\.Thing is unknown"):
        unknown.message()
    with pytest.raises(ValueError, match="cannot be decoded"):
        Event(event.topic, event.type_name, 0, 0, 0, b"\xff\xff\xff").message()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "cut short"), (b"\x89MCA", "cut short"), (b"not a journal at all", "MCAP"), (b"\x89MCAP0\r\n", "a run")],
)
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "events.mcap").write_bytes(content)
    with pytest.raises(EventsUnreadable, match=words):
        EventsReader(tmp_path / "events.mcap")


def test_zeros_behind_the_last_record_are_none(tmp_path: Path) -> None:
    # What a failure of power leaves where the length of a file was safe and its last bytes were not.
    path = write(tmp_path / "events.mcap", 20, finish=False)
    with path.open("ab") as file:
        file.write(bytes(5_000))
    events, reader = read(path)
    assert revisions(events) == list(range(20))
    assert reader.end is not None
    assert (reader.end.whole, reader.end.torn_bytes) == (False, 5_000)
    assert last_revision(path) == 19


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("whole") / "events.mcap", 60).read_bytes()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch") / "events.mcap"


SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(part=st.floats(0, 1))
def test_a_file_that_is_cut_off_anywhere_has_all_messages_before(whole: bytes, scratch: Path, part: float) -> None:
    cut = round(part * len(whole))
    scratch.write_bytes(whole[:cut])
    try:
        events, reader = read(scratch)
    except EventsUnreadable:
        return
    found = revisions(events)
    assert found == list(range(len(found)))
    assert reader.end is not None
    assert reader.end.whole == (cut == len(whole))
    if not reader.end.whole:
        assert reader.end.checksum_good is None
    # What stands at its end is found without reading the rest, or nothing is.
    assert last_revision(scratch) in ({found[-1]} if found else {None})


@SLOW
@given(seed=st.integers(0, 1 << 32), changes=st.integers(1, 6))
def test_a_garbled_file_raises_nothing_else_and_a_wrong_byte_is_noticed(
    whole: bytes, scratch: Path, seed: int, changes: int
) -> None:
    chance = random.Random(seed)
    data = bytearray(whole)
    for _ in range(changes):
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    scratch.write_bytes(data)
    try:
        events, reader = read(scratch)
        last_revision(scratch)
    except EventsUnreadable:
        return
    except ValueError as error:
        # Bytes of a message itself, or of its type's name: it is there, and is no state any more.
        assert re.search("decoded|unknown", str(error))  # noqa: PT017 - raising is allowed, but not asked for.
        return
    assert reader.end is not None
    end = reader.end
    data_end = whole.index(b"\x0f" + (4).to_bytes(8, "little"))
    if data[:data_end] != whole[:data_end]:
        assert not end.whole or end.checksum_good is False or end.damaged_records or end.torn_bytes
    assert len(events) <= 80


@SLOW
@given(data=st.binary(max_size=2_000))
def test_any_bytes_behind_a_head_are_read_without_an_error(whole: bytes, scratch: Path, data: bytes) -> None:
    head = whole.index(b"\x05" + (22).to_bytes(8, "little"))
    scratch.write_bytes(whole[:head] + data)
    with EventsReader(scratch) as reader:
        list(reader.events())
        reader.last("/workflow")
