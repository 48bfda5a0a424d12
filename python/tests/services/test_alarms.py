from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from macroscope_worker.acquisition import (
    AcquisitionPhase,
    CameraPhase,
    DropReason,
    Fault,
    Health,
    RecordingOutcome,
    RecordingSummary,
)
from macroscope_worker.notifications import Severity
from macroscope_worker.services.alarms import DROPS_TOLD_EVERY_S, Alarms

from .fake_engine import FakeEngine, summary

pytestmark = pytest.mark.asyncio


class Watched(FakeEngine):
    """An engine whose health the test sets too."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        health = super().health()
        self._health = replace(health, disk=replace(health.disk, seconds_left=3_600.0))
        self.told: list[tuple[Severity, str, str]] = []
        self.messages: list[str] = []
        self.alarms = Alarms(self, self.post, clock_s=lambda: self.now_s)

    def health(self) -> Health:
        return self._health

    def post(self, severity: Severity, source: str, code: str, message: str, remedy: str) -> None:
        self.told.append((severity, source, code))
        self.messages.append(f"{message} {remedy}")

    def set_health(self, **parts: Any) -> None:
        self._health = replace(self._health, **parts)

    def camera_is(self, phase: CameraPhase, *, fault: Fault | None = None, open_still: bool = True) -> None:
        snapshot = self.camera()
        self.set_health(ring=replace(self._health.ring, slots=8 if open_still else 0))
        self.set_camera(replace(snapshot, revision=snapshot.revision + 1, phase=phase, fault=fault))

    def recording_is(self, phase: AcquisitionPhase = AcquisitionPhase.RECORDING, **changes: Any) -> RecordingSummary:
        recording = replace(summary("run", Path("/runs/run")), **changes)
        self.set_acquisition(phase=phase, recording=recording)
        return recording

    def look(self, times: int = 1) -> list[str]:
        """The codes that are told by looking so often."""
        before = len(self.told)
        for _ in range(times):
            self.alarms.look()
        return [code for _, _, code in self.told[before:]]


FAULT = Fault("No frames come.", "Check its cable.")


async def test_nothing_is_told_of_what_is_well() -> None:
    engine = Watched()
    engine.recording_is()
    assert engine.look(5) == []


async def test_a_camera_that_falls_silent_and_comes_back() -> None:
    engine = Watched()
    engine.camera_is(CameraPhase.FAILED, fault=FAULT)
    assert engine.look(3) == ["camera_silent"]
    assert engine.messages == ["No frames come. Check its cable."]
    engine.camera_is(CameraPhase.LIVE)
    assert engine.look(3) == ["camera_back"]
    engine.camera_is(CameraPhase.FAILED, fault=FAULT)
    assert engine.look(3) == ["camera_silent"]
    assert [severity for severity, _, _ in engine.told] == [Severity.ERROR, Severity.INFO, Severity.ERROR]


async def test_a_camera_that_is_lost_and_chosen_again() -> None:
    engine = Watched()
    engine.camera_is(CameraPhase.FAILED, fault=FAULT, open_still=False)
    assert engine.look(3) == ["camera_lost"]
    engine.camera_is(CameraPhase.OPENING)
    assert engine.look(2) == []
    engine.camera_is(CameraPhase.LIVE)
    assert engine.look(2) == ["camera_back"]


async def test_a_loop_that_hangs_is_told_once_each_time() -> None:
    engine = Watched()
    well = engine.health().acquisition
    for _ in range(2):
        engine.set_health(acquisition=replace(well, stuck=True))
        assert engine.look(4) == ["loop_stuck"]
        engine.set_health(acquisition=well)
        assert engine.look(4) == ["loop_turns"]


async def test_a_recording_that_fails_is_told_once() -> None:
    engine = Watched()
    engine.recording_is()
    assert engine.look() == []
    engine.recording_is(AcquisitionPhase.IDLE, outcome=RecordingOutcome.FAILED, fault=Fault("Full.", "Free some."))
    assert engine.look(4) == ["recording_failed"]
    assert engine.messages == ["The recording run failed. Full. Free some."]
    engine.recording_is(AcquisitionPhase.IDLE, run_id="other", outcome=RecordingOutcome.FAILED)
    assert engine.look(4) == ["recording_failed"]


async def test_frames_that_are_lost_are_told_with_their_cause_and_not_all_the_time() -> None:
    engine = Watched()
    engine.recording_is(drops={DropReason.RING_FULL: 3, DropReason.CAMERA_GAP: 1})
    assert engine.look(3) == ["frames_dropped"]
    assert "4 frames" in engine.messages[0]
    assert "disk could not keep up" in engine.messages[0]
    engine.recording_is(drops={DropReason.RING_FULL: 3, DropReason.CAMERA_GAP: 21})
    assert engine.look(3) == []
    engine.now_s += DROPS_TOLD_EVERY_S
    assert engine.look(3) == ["frames_dropped"]
    assert "24 frames of this recording are lost so far, 20 of them now: the camera's numbers" in engine.messages[1]
    engine.now_s += DROPS_TOLD_EVERY_S
    assert engine.look(3) == []
    # Another recording counts anew.
    engine.recording_is(run_id="next", drops={DropReason.CAMERA_ERROR: 1})
    assert engine.look(3) == ["frames_dropped"]


async def test_a_disk_that_fills_is_told_twice_while_it_is_recorded_to() -> None:
    engine = Watched()
    disk = engine.health().disk
    engine.set_health(disk=replace(disk, seconds_left=60.0))
    engine.recording_is(AcquisitionPhase.IDLE)
    assert engine.look() == []
    engine.recording_is()
    for left_s, codes in ((700.0, []), (500.0, ["disk_low"]), (300.0, []), (100.0, ["disk_nearly_full"]), (50.0, [])):
        engine.set_health(disk=replace(disk, seconds_left=left_s))
        assert engine.look(2) == codes, left_s
    assert "8 min" in engine.messages[0]
    assert "2 min" in engine.messages[1]
    engine.set_health(disk=replace(disk, seconds_left=None))
    assert engine.look() == []


async def test_one_that_is_nearly_full_at_once_is_told_once() -> None:
    engine = Watched()
    engine.set_health(disk=replace(engine.health().disk, seconds_left=50.0))
    engine.recording_is()
    assert engine.look(3) == ["disk_nearly_full"]


async def test_watching_goes_on_behind_a_mistake() -> None:
    engine = Watched()
    engine.camera_is(CameraPhase.FAILED, fault=FAULT)
    looked = asyncio.Event()
    calls = 0

    def broken() -> Health:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError
        looked.set()
        return Watched.health(engine)

    engine.health = broken  # type: ignore[method-assign]
    watching = asyncio.create_task(engine.alarms.watch())
    async with asyncio.timeout(10):
        await looked.wait()
    watching.cancel()
    assert [code for _, _, code in engine.told] == ["camera_silent"]
