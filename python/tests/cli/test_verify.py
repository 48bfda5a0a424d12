from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journal.made_journal import MadeRun
from tests.recording.made_runs import made_run

from .console import console

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sound_run_is_good(tmp_path: Path) -> None:
    done = console("verify", made_run(tmp_path))
    assert done.code == 0
    assert "10 of 10 frames are good" in done.stdout
    assert "2 frames were lost: camera gap" in done.stdout


def test_a_damaged_run_is_not_and_says_where(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    shard = run / "frames.zarr" / "0" / "c" / "0" / "0" / "0"
    data = bytearray(shard.read_bytes())
    data[5000] ^= 1
    shard.write_bytes(data)
    done = console("verify", run, "--json")
    assert done.code == 1
    assert done.document["bad_frames"] == [0]
    assert done.document["problems"]


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    done = console("verify", tmp_path, "--json")
    assert done.code == 4
    assert done.document["error"]["kind"] == "NotARun"


def test_a_journal_that_does_not_agree_with_the_frames_is_told(tmp_path: Path) -> None:
    run = MadeRun()
    run.flips = [flip for flip in run.flips if flip["showing"] != 2]
    done = console("verify", run.write(tmp_path), "--json")
    assert done.code == 1
    assert done.document["bad_frames"] == []
    assert any("has no flips" in problem for problem in done.document["problems"])
    assert done.document["journal"]["sweeps"] == 3
