from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from macroscope.acquisition.v1.journal_pb import JournalGap
from macroscope.notification.v1.notification_pb import Notification
from tests.recording.made_runs import made_run

from macroscope_worker.journal import verify_events, verify_run
from macroscope_worker.journal._mcap_records import MAGIC, Opcode, records
from macroscope_worker.recording import RecordingOutcome

from .made_journal import MadeRun

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = Path(__file__).with_name("journals_until_killed.py")
KILLS = int(os.environ.get("MACROSCOPE_TEST_KILLS", "5"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return MadeRun().write(tmp_path_factory.mktemp("whole"))


def test_a_sound_run_is_good(whole: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = verify_run(whole, lambda checked, total: seen.append((checked, total)))
    assert report.is_good
    assert report.problems == ()
    assert "complete" in report.verdict
    assert seen[-1] == (151, 151)
    assert report.events.topics == {"/stimulus/display": 1, "/stimulus/flips": 20, "/workflow": 1}


def test_a_recording_without_a_journal_is_as_good(tmp_path: Path) -> None:
    report = verify_run(made_run(tmp_path))
    assert report.is_good
    assert not report.events.present


def test_whoever_waits_no_more_ends_it(whole: Path) -> None:
    class GivenUp(Exception):
        pass

    looked = 0

    def check() -> None:
        nonlocal looked
        looked += 1
        if looked == 5:
            raise GivenUp

    with pytest.raises(GivenUp):
        verify_run(whole, check=check)


def test_a_journal_that_is_gone_is_missed(tmp_path: Path) -> None:
    run = MadeRun().write(tmp_path)
    (run / "events.mcap").unlink()
    report = verify_run(run)
    assert report.problems == ("events.mcap is not there, and run.json counts 22 messages in it.",)
    assert "journal has problems" in report.verdict


def test_a_journal_of_another_run_is_told(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    first, second = (MadeRun().write(tmp_path / name) for name in "ab")
    other = second.with_name(second.name + "x")
    second.rename(other)
    info = (other / "run.json").read_text()
    (other / "run.json").write_text(info.replace(second.name, other.name))
    (first / "events.mcap").replace(other / "events.mcap")
    assert any("of the run" in problem for problem in verify_events(other).problems)


def cut(data: bytes) -> bytes:
    return data[: len(data) - 2_000]


def flip_a_byte(data: bytes) -> bytes:
    at = data.index(b"attachment-1")
    return data[:at] + b"A" + data[at + 1 :]


def lose_a_record(data: bytes) -> bytes:
    file = io.BytesIO(data)
    file.seek(len(MAGIC))
    first = next(record for record in records(file, len(data)) if record.opcode == Opcode.MESSAGE)
    return data[: first.offset] + data[first.end :]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (cut, "events.mcap has no end"),
        (flip_a_byte, "its checksum differs"),
        (lose_a_record, "run.json counts 22 messages in events.mcap, and 21 can be read."),
        (lambda _data: b"", "cut short"),
        (lambda _data: b"\x00" * 100, "does not start as an MCAP file"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_told(
    tmp_path: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    run = MadeRun().write(tmp_path)
    path = run / "events.mcap"
    path.write_bytes(change(path.read_bytes()))
    report = verify_events(run)
    assert any(words in problem for problem in report.problems), report.problems


def test_what_a_slow_disk_has_lost_is_told(tmp_path: Path) -> None:
    made = MadeRun()
    made.events.append(("/journal", JournalGap(lost_messages=12), 5))
    problems = verify_events(made.write(tmp_path)).problems
    assert any("12 messages of the journal were lost" in problem for problem in problems)


def test_messages_that_are_none_are_counted(tmp_path: Path) -> None:
    made = MadeRun()
    # Of the topic's schema they are none: a time where a text should be.
    made.events.append(("/workflow", Notification(id=1, source="\u00e9" * 40, raised_ns=5), 5))
    problems = verify_events(made.write(tmp_path)).problems
    assert any("1 messages of the journal cannot be decoded" in problem for problem in problems), problems


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.floats(0, 1))
def test_a_run_that_was_killed_is_sound_wherever_its_journal_ends(
    killed: Path, killed_events: bytes, part: float
) -> None:
    (killed / "events.mcap").write_bytes(killed_events[: round(part * len(killed_events))])
    report = verify_run(killed)
    assert report.frames.outcome is RecordingOutcome.INCOMPLETE
    # Only in its head, which is written and synced before the first frame, would a cut be damage.
    assert not report.problems or all("cannot be used" in problem for problem in report.problems)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = MadeRun()
    made.run.outcome = made.run.outcome.__class__.RUNNING
    return made.write(tmp_path_factory.mktemp("killed"), finish=False)


@pytest.fixture(scope="module")
def killed_events(killed: Path) -> bytes:
    return (killed / "events.mcap").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_recording_keeps_what_was_written_beside_its_frames(tmp_path: Path, seed: int) -> None:
    with subprocess.Popen([sys.executable, str(PROGRAM), str(tmp_path)], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(3 + 7 * seed)]
        program.kill()
        lines += program.stdout.readlines()
    said = [int(line) for line in lines if line.endswith(b"\n")]
    (run,) = tmp_path.iterdir()
    report = verify_run(run)
    assert report.frames.outcome is RecordingOutcome.INCOMPLETE
    assert report.problems == ()
    assert report.events.flips >= max(said)
    assert (run / "configuration.json").read_text() == "{}\n"
