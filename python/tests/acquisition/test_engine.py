"""Frame accounting: whatever camera, disk and operator do, every frame number ends exactly once."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from macroscope_worker.acquisition import (
    AcquisitionPhase,
    CameraPhase,
    DropReason,
    Engine,
    RecordingOutcome,
    RecordingSummary,
)
from macroscope_worker.recording import RunReader, verify

from .disk_that_fails import EIO, ENOSPC, DiskThatFails
from .scripted_camera import PATIENCE_S, ScriptedCamera, ScriptedRegistry, eventually, pixels_of


class Accounting(RuleBasedStateMachine):
    """Drives the real engine with a scripted camera and a disk that fails on demand."""

    @initialize()
    def begin(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="accounting-"))
        self.camera = ScriptedCamera()
        self.disk = DiskThatFails()
        self.engine = Engine(
            ScriptedRegistry(self.camera),
            default_directory=self.directory,
            ring_bytes=1,
            reserve_bytes=0,
            sync_interval_s=0.005,
            storage=self.disk,
        )
        self.engine.select_camera("scripted:a")
        self.number = 0
        self.runs = 0
        self.captured = 0
        self.disk_is_sound = True
        self.camera_is_sound = True
        self.recording = False

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.disk.write_error = self.disk.sync_error = None
            self.disk.go_on()
            self._end()
            self.engine.close()
            shutil.rmtree(self.directory)

    @rule(
        frames=st.integers(1, 12),
        gap=st.sampled_from([0, 0, 0, 1, 1000]),
        damaged=st.sampled_from([False, False, True]),
    )
    def deliver(self, frames: int, gap: int, damaged: bool) -> None:
        if self.engine.camera().phase is not CameraPhase.LIVE:
            return
        self.number += gap
        self.camera.deliver(*range(self.number, self.number + frames), damaged=damaged)
        self.number += frames
        self.captured += frames

    @rule()
    def deliver_a_number_twice(self) -> None:
        if self.number and self.engine.camera().phase is CameraPhase.LIVE:
            self.camera.deliver(self.number - 1)
            self.captured += 1

    @rule()
    def restart_the_sequence(self) -> None:
        if self.engine.camera().phase is CameraPhase.LIVE:
            self.engine.configure({"frame_rate_hz": 10})
            self.number = 0

    @precondition(lambda self: not self.recording)
    @rule(planned_frames=st.sampled_from([0, 1, 5, 20]))
    def start(self, planned_frames: int) -> None:
        if self.engine.camera().phase is not CameraPhase.LIVE:
            self.engine.select_camera("scripted:a")
            self.number = 0
        self.runs += 1
        self._heal()
        self.engine.start_recording(f"run-{self.runs}", planned_frames=planned_frames)
        self.recording = True
        self.camera_is_sound = True
        self.captured = 0
        self.planned_frames = planned_frames

    @precondition(lambda self: self.recording)
    @rule()
    def stop(self) -> None:
        self.disk.go_on()
        self._end()

    @precondition(lambda self: self.recording)
    @rule()
    def disk_hangs(self) -> None:
        self.disk.hang()

    @rule()
    def disk_goes_on(self) -> None:
        self.disk.go_on()

    @precondition(lambda self: self.recording)
    @rule(number=st.sampled_from([EIO, ENOSPC]), at_sync=st.booleans())
    def disk_fails(self, number: int, at_sync: bool) -> None:
        self.disk_is_sound = False
        if at_sync:
            self.disk.sync_error = number
        else:
            self.disk.write_error = number

    @precondition(lambda self: self.recording and self.camera_is_sound)
    @rule()
    def camera_breaks(self) -> None:
        if self.engine.camera().phase is CameraPhase.LIVE:
            self.camera_is_sound = False
            self.camera.break_down(RuntimeError("unplugged"))
            eventually(self.engine, lambda: self.engine.camera().phase is CameraPhase.FAILED)
            self.disk.go_on()
            self._end(asked=False)

    @invariant()
    def nothing_is_counted_twice(self) -> None:
        if not hasattr(self, "engine"):
            return
        summary = self.engine.acquisition().recording
        if summary is not None:
            assert summary.durable_frames <= summary.written_frames <= summary.captured_frames
            lost = sum(n for reason, n in summary.drops.items() if reason is not DropReason.CAMERA_GAP)
            assert lost <= summary.captured_frames

    def _heal(self) -> None:
        self.disk.write_error = self.disk.sync_error = None
        self.disk_is_sound = True

    def _end(self, *, asked: bool = True) -> None:
        if not self.recording:
            return
        self.recording = False
        summary = self.engine.stop_recording() if asked else self.engine.wait_recording(PATIENCE_S)
        assert summary is not None
        assert self.engine.acquisition().phase is AcquisitionPhase.IDLE
        self._check(summary)

    def _check(self, summary: RecordingSummary) -> None:
        lost = sum(n for reason, n in summary.drops.items() if reason is not DropReason.CAMERA_GAP)
        assert summary.captured_frames == summary.durable_frames + lost
        if summary.outcome is RecordingOutcome.COMPLETE:
            assert self.camera_is_sound or self.planned_frames
            if not self.planned_frames:
                assert summary.captured_frames == self.captured
        else:
            assert summary.fault is not None
            assert not (self.disk_is_sound and self.camera_is_sound)
        report = verify(summary.directory)
        assert report.problems == ()
        assert report.good_frames == report.written_frames == summary.written_frames
        assert report.array_frames == summary.durable_frames
        reader = RunReader(summary.directory)
        for index, record in enumerate(reader.written):
            # The camera stamps its own number, which the pixels are made from.
            np.testing.assert_array_equal(
                reader.read_frame(index), pixels_of(int(record["camera_ns"]) // 1000, self.camera.format)
            )


EXAMPLES = int(os.environ.get("MACROSCOPE_TEST_EXAMPLES", "20"))
"""More of them by this variable, as for a nightly run."""

TestAccounting = pytest.mark.timeout(60 + 5 * EXAMPLES)(Accounting.TestCase)
TestAccounting.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
