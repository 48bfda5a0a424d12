from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.acquisition.v1.acquisition_pb import RecordingOutcome
from macroscope.workflow.v1.workflow_pb import RunOutcome, SweepOutcome
from tests.journal.made_journal import MadeRun
from tests.recording.made_runs import made_run, write, writer

from macroscope_worker.services import run_list
from macroscope_worker.services.run_list import CONFIGURATION_NAME, list_runs

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope.acquisition.v1.runs_pb import RunEntry
    from protobuf import Message


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return MadeRun().write(tmp_path)


def test_says_what_a_run_is(made: Path) -> None:
    text = {"format": "macroscope.preset", "configuration": {"session": {"animal_id": "M-17"}}}
    (made / CONFIGURATION_NAME).write_text(json.dumps(text))
    listed = list_runs(made.parent, 10)
    (run,) = listed.runs
    assert (run.run_id, run.directory, run.problem) == (made.name, str(made), "")
    assert (run.outcome, run.captured_frames, run.camera_id) == (RecordingOutcome.COMPLETE, 151, "made:0")
    assert (run.complete_sweeps, run.planned_sweeps, run.animal_id) == (3, 3, "M-17")
    assert run.started_unix_ns > 0
    assert run.bytes_written > 151 * 7000
    assert listed.left_out == 0


def test_a_broken_sweep_that_was_shown_again_counts_once(tmp_path: Path) -> None:
    run = MadeRun()
    run.sweeps[0].outcome = SweepOutcome.BROKEN
    run.sweeps[1].sweep_index = 0
    run.sweeps[2].sweep_index = 1
    run.run.sweeps, run.run.outcome = 8, RunOutcome.STOPPED
    run.write(tmp_path)
    (entry,) = list_runs(tmp_path, 10).runs
    assert (entry.complete_sweeps, entry.planned_sweeps) == (2, 8)


def test_a_recording_by_hand_has_no_sweeps(tmp_path: Path) -> None:
    made_run(tmp_path)
    (entry,) = list_runs(tmp_path, 10).runs
    assert (entry.complete_sweeps, entry.planned_sweeps, entry.problem, entry.animal_id) == (0, 0, "", "")
    assert (entry.captured_frames, entry.dropped_frames) == (10, 2)


def test_a_recording_by_hand_has_none_of_the_run_before_it(tmp_path: Path) -> None:
    class ByHand(MadeRun):
        """The workflow tells of its last run, which was another one."""

        def messages(self, run_id: str) -> list[tuple[str, Message[Any], int]]:
            return super().messages(f"not {run_id}")

    ByHand().write(tmp_path)
    (entry,) = list_runs(tmp_path, 10).runs
    assert (entry.complete_sweeps, entry.planned_sweeps, entry.problem) == (0, 0, "")


def test_a_run_that_was_killed_is_counted_by_its_table(tmp_path: Path) -> None:
    run = writer(tmp_path)
    write(run, 0, 1, 2)
    (entry,) = list_runs(tmp_path, 10).runs
    assert (entry.outcome, entry.captured_frames) == (RecordingOutcome.INCOMPLETE, 3)
    killed = MadeRun()
    (tmp_path / "killed").mkdir()
    killed.write(tmp_path / "killed", finish=False)
    (entry,) = list_runs(tmp_path / "killed", 10).runs
    assert (entry.captured_frames, entry.complete_sweeps, entry.problem) == (151, 3, "")


def test_the_newest_come_first_and_the_rest_is_counted(made: Path, tmp_path: Path) -> None:
    for name in ("20200101-120000_old", "20300101-120000_new", "20250601-000000_between"):
        shutil.copytree(made, tmp_path / name)
    shutil.rmtree(made)
    listed = list_runs(tmp_path, 2)
    assert [run.directory.rpartition("/")[2] for run in listed.runs] == [
        "20300101-120000_new",
        "20250601-000000_between",
    ]
    assert listed.left_out == 1


def test_a_renamed_run_is_one_and_other_folders_are_none(made: Path, tmp_path: Path) -> None:
    made.rename(tmp_path / "the good one")
    (tmp_path / "notes").mkdir()
    (tmp_path / "file.txt").write_text("x")
    assert [run.directory for run in list_runs(tmp_path, 9).runs] == [str(tmp_path / "the good one")]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.json", b"no json", "run.json cannot be used"),
        ("run.json", None, "run.json cannot be read"),
        ("events.mcap", b"", "events.mcap cannot be used"),
        (CONFIGURATION_NAME, b"[]", "configuration.json cannot be used"),
        (CONFIGURATION_NAME, b"\xff", "configuration.json cannot be used"),
        (CONFIGURATION_NAME, b"[" * 100_000, "configuration.json cannot be used"),
        (CONFIGURATION_NAME, b'{"configuration": {"session": 7}}', "configuration.json cannot be used"),
    ],
)
def test_a_broken_run_is_listed_with_what_is_wrong(made: Path, name: str, content: bytes | None, words: str) -> None:
    if content is None:
        (made / name).unlink()
    else:
        (made / name).write_bytes(content)
    (run,) = list_runs(made.parent, 10).runs
    assert words in run.problem
    assert run.run_id == made.name


def test_a_folder_that_may_not_be_looked_into_hides_no_runs(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As "System Volume Information" at the root of each disk of Windows."""
    (made.parent / "forbidden").mkdir()
    is_file = type(made).is_file

    def refuse(self: Path) -> bool:
        if self.parent.name == "forbidden":
            raise PermissionError(13, "Permission denied")
        return is_file(self)

    monkeypatch.setattr(type(made), "is_file", refuse)
    assert [run.run_id for run in list_runs(made.parent, 10).runs] == [made.name]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_name_that_is_no_text_is_told_of(made: Path) -> None:
    made.rename(made.parent / "20260101-000000_caf\udce9")
    (entry,) = list_runs(made.parent, 10).runs
    assert entry.run_id == "20260101-000000_caf?"
    assert "rename it" in entry.problem
    assert entry.to_binary()


def test_no_folder_has_no_runs(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "gone", 5).runs == ()


def test_what_is_no_folder_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="directory"):
        list_runs(tmp_path / "file", 5)


def test_of_thousands_only_the_newest_are_read(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3_000):
        (tmp_path / f"2010{number:04d}-000000_many").mkdir()
    read: list[str] = []
    entry_of = run_list._entry

    def counted(run: Path) -> RunEntry:
        read.append(run.name)
        return entry_of(run)

    monkeypatch.setattr(run_list, "_entry", counted)
    listed = list_runs(tmp_path, 3)
    assert (len(listed.runs), listed.left_out) == (3, 2_998)
    assert len(read) == 3
    assert read[0] == made.name


def test_whoever_waits_no_more_ends_it(made: Path) -> None:
    def given_up() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        list_runs(made.parent, 1, given_up)
