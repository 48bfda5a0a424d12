from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from macroscope.diagnostics.v1.diagnostics_pb import (
    CallSide,
    ClockComparison,
    CodeCount,
    ConnectionTraffic,
    Latency,
    MethodTraffic,
    ProcessTraffic,
    Receiver,
)
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role
from tests.worker.process_runner import TOKEN, running_worker

from macroscope_worker.cli._traffic import words

from .console import Done, console

if TYPE_CHECKING:
    from pathlib import Path


async def ask(runtime: Path, *arguments: str) -> Done:
    return await asyncio.to_thread(console, "traffic", "--runtime-directory", runtime, *arguments)


@pytest.mark.asyncio
async def test_the_counts_of_a_worker_that_runs(tmp_path: Path) -> None:
    async with running_worker(tmp_path) as worker:
        await worker.listening()
        first = await ask(worker.runtime, "--json")
        assert first.code == 0, first.stderr
        [process] = first.document["processes"]
        assert process["process"] == "worker"
        second = await ask(worker.runtime)
        assert second.code == 0, second.stderr
        assert "worker: counted for" in second.stdout
        # The first asking is counted, the second is open.
        [line] = [line for line in second.stdout.splitlines() if "DiagnosticsService/GetTraffic" in line]
        assert line.split()[1:3] == ["2", "1"]
        assert "macroscope traffic" in second.stdout
        assert TOKEN not in first.stdout + first.stderr + second.stdout + second.stderr


def test_no_worker(tmp_path: Path) -> None:
    done = console("traffic", "--runtime-directory", tmp_path, "--json")
    assert done.code == 1
    assert done.document["error"]["kind"] == "NoWorker"
    assert "worker.json" in done.stderr


def test_a_worker_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "worker.json").write_text(json.dumps({"endpoint": str(tmp_path / "s"), "token": TOKEN}))
    done = console("traffic", "--runtime-directory", tmp_path)
    assert done.code == 1
    assert "cannot be asked" in done.stderr
    assert TOKEN not in done.stderr


@pytest.mark.parametrize("record", ["", "[]", "{}", "null"])
def test_a_record_that_makes_no_sense(tmp_path: Path, record: str) -> None:
    (tmp_path / "worker.json").write_text(record)
    done = console("traffic", "--runtime-directory", tmp_path)
    assert done.code == 1
    assert "cannot be read" in done.stderr


def test_the_tables_say_what_was_counted() -> None:
    text = words(
        [
            ProcessTraffic(
                process="worker",
                counted_s=61.4,
                methods=[
                    MethodTraffic(
                        method="/macroscope.camera.v1.CameraService/SelectCamera",
                        side=CallSide.SERVER,
                        calls=3,
                        errors=[CodeCount(code=Code.NOT_FOUND, calls=2)],
                        latency=Latency(count=3, p50_ms=1.234, p99_ms=9.87),
                    ),
                    MethodTraffic(method="/s/Open", calls=1, open_calls=1),
                ],
                connections=[
                    ConnectionTraffic(
                        label="operator window 1",
                        role=Role.OPERATOR,
                        state="open",
                        clock=ClockComparison(offset_ns=-1_500_000, error_ns=60_000, round_trip_ns=210_000),
                    ),
                    ConnectionTraffic(state="greeting", role=Role.VIEWER),
                ],
                receivers=[
                    Receiver(label="a", method="/s/Watch", sent_revision=5, acknowledged_revision=4, behind_ms=1500),
                    Receiver(label="b", method="/s/Watch", ended=True, reason="silence"),
                ],
            ),
            ProcessTraffic(process="page 1"),
        ]
    )
    assert "worker: counted for 61 s" in text
    assert "page 1: counted for 0 s" in text
    lines = {line.split("  ")[1].strip(): line.split() for line in text.splitlines() if line.startswith("  ")}
    assert lines["CameraService/SelectCamera"][1:6] == ["3", "0", "2:NOT_FOUND", "1.23", "9.87"]
    assert lines["s/Open"][3:6] == ["-", "-", "-"]
    assert lines["operator window 1"][-3:] == ["0.210", "-1.500", "0.060"]
    assert lines["unnamed"][-3:] == ["-", "-", "-"]
    assert "1.5 s behind" in text
    assert "gone: silence" in text
