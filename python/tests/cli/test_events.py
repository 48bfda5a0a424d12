from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.journal.made_journal import MadeRun

from .console import console

if TYPE_CHECKING:
    from pathlib import Path


def test_counts_the_messages_of_each_topic(tmp_path: Path) -> None:
    run = MadeRun().write(tmp_path)
    done = console("events", run)
    assert done.code == 0
    assert "       20  /stimulus/flips" in done.stdout
    document = console("events", run / "events.mcap", "--json").document
    assert (document["run_id"], document["whole"], document["topics"]["/workflow"]) == (run.name, True, 1)


def test_prints_the_messages_of_a_topic(tmp_path: Path) -> None:
    run = MadeRun().write(tmp_path)
    (line,) = console("events", run, "--topic", "/workflow").stdout.splitlines()
    assert json.loads(line)["message"]["run"]["runId"] == run.name
    messages = console("events", run, "--topic", "/stimulus/flips", "--json").document["messages"]
    assert [message["sequence"] for message in messages] == list(range(20))
    assert int(messages[1]["message"]["firstIndex"]) == 15


def test_a_file_without_an_end_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    run = MadeRun().write(tmp_path, finish=False)
    path = run / "events.mcap"
    path.write_bytes(path.read_bytes()[:-5])
    done = console("events", run)
    assert done.code == 0
    assert "The file has no end" in done.stdout


def test_a_topic_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = console("events", MadeRun().write(tmp_path), "--topic", "/nothing")
    assert done.code == 2
    assert "/workflow" in done.stderr


def test_what_has_no_journal_is_refused(tmp_path: Path) -> None:
    done = console("events", tmp_path, "--json")
    assert done.code == 4
    assert done.document["error"]["kind"] == "NotARun"
    (tmp_path / "events.mcap").write_bytes(b"something else")
    assert console("events", tmp_path).code == 4
    assert console("events", tmp_path / (300 * "a")).code == 4
