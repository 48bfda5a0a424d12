from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from macroscope.camera.v1.camera_pb import CameraPhase

from macroscope_worker import acquisition
from macroscope_worker.services.camera_journal import CameraJournal

from .fake_engine import FakeEngine


@pytest.mark.asyncio
async def test_each_state_is_written_once() -> None:
    engine = FakeEngine()
    written: list[Any] = []

    def write(topic: str, message: Any) -> None:
        written.append((topic, message.revision, message.phase))

    journal = CameraJournal(engine, write)
    engine.set_acquisition(phase=acquisition.AcquisitionPhase.IDLE, recording=None)
    assert written == []
    failed = replace(engine.camera(), revision=5, phase=acquisition.CameraPhase.FAILED)
    engine.set_camera(failed)
    engine.set_camera(failed)
    assert written == [("/camera", 5, CameraPhase.FAILED)]
    journal.write_now()
    assert len(written) == 2
    journal.close()
    engine.set_camera(replace(failed, revision=6))
    assert len(written) == 2
