from __future__ import annotations

from typing import Any

import pytest
from macroscope.acquisition.v1 import acquisition_pb, runs_pb
from macroscope.acquisition.v1.journal_pb import CommandRecord
from macroscope.rpc.v1.frame_pb import Code
from macroscope.stimulus.v1 import stimulus_pb

from macroscope_worker.rpc.call_ledger import CallRecord
from macroscope_worker.rpc.connection_state import Side
from macroscope_worker.rpc.method_policy import methods_of
from macroscope_worker.services.command_journal import CommandJournal

METHODS = methods_of([service for file in (acquisition_pb, runs_pb, stimulus_pb) for service in file.desc().services])


def record(method: str, code: int = 0) -> CallRecord:
    return CallRecord(
        side=Side.SERVER,
        method=method,
        peer="operator window 1",
        code=code,
        duration_ms=2.5,
        messages_sent=1,
        messages_received=1,
        bytes_sent=1,
        bytes_received=1,
        skipped=0,
    )


def written(*records: CallRecord) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    journal = CommandJournal(lambda topic, message: found.append((topic, message)), lambda: METHODS)
    for one in records:
        journal.on_call(one)
    return found


def test_a_command_is_written_with_how_it_ended() -> None:
    start = "/macroscope.acquisition.v1.AcquisitionService/StartRecording"
    assert written(record(start), record(start, Code.RESOURCE_EXHAUSTED)) == [
        ("/commands", CommandRecord(method=start, caller="operator window 1", duration_ms=2.5)),
        (
            "/commands",
            CommandRecord(method=start, caller="operator window 1", duration_ms=2.5, code=Code.RESOURCE_EXHAUSTED),
        ),
    ]


def test_a_code_of_a_later_version_is_its_number() -> None:
    ((_, command),) = written(record("/macroscope.acquisition.v1.AcquisitionService/StopRecording", 77))
    assert CommandRecord.from_binary(command.to_binary()).code == 77


@pytest.mark.parametrize(
    "method",
    [
        "/macroscope.acquisition.v1.AcquisitionService/WatchAcquisition",
        "/macroscope.acquisition.v1.RunService/ListRuns",
        "/macroscope.acquisition.v1.RunService/VerifyRun",
        "/macroscope.stimulus.v1.StimulusService/AttachDisplay",
        "/macroscope.stimulus.v1.StimulusService/ReportFlips",
        "/nobody.Knows/It",
    ],
)
def test_what_changes_nothing_or_comes_all_the_time_is_not(method: str) -> None:
    assert written(record(method)) == []
