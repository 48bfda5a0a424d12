from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from macroscope_worker.acquisition import Engine
from macroscope_worker.acquisition._heartbeat import GRACE_S, Heartbeat, turn_within_s

from .scripted_camera import PATIENCE_S, ScriptedCamera, ScriptedRegistry, live_engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from macroscope_worker.acquisition import AcquisitionHealth
    from macroscope_worker.cameras import FrameStamp


def wait_for(condition: Callable[[], bool]) -> None:
    """For what no subscription tells: health is sampled."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def stuck(engine: Engine) -> bool:
    return engine.health().acquisition.stuck


class HangingCamera(ScriptedCamera):
    """Hangs in the driver: at frame number 1, when it is configured, or when it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.period_s = 0.0
        self.hangs_at = "frame"
        self.entered = threading.Event()
        self.leave = threading.Event()

    def next_frame(self, into: npt.NDArray[Any], timeout_s: float) -> FrameStamp | None:
        stamp = super().next_frame(into, timeout_s)
        if stamp is not None and stamp.frame_id == 1:
            self._hang("frame")
        return stamp

    def close(self) -> None:
        self._hang("close")
        super().close()

    def _hang(self, where: str) -> None:
        if self.hangs_at == where:
            self.entered.set()
            assert self.leave.wait(PATIENCE_S)


@pytest.mark.parametrize(
    ("period_s", "wait_s", "within_s"),
    [(0.0, 0.05, 0.05), (1.0, 0.05, 3.0), (0.01, 0.05, 0.05), (math.inf, 0.05, 0.05)],
)
def test_a_turn_takes_three_frames_or_the_whole_wait(period_s: float, wait_s: float, within_s: float) -> None:
    assert turn_within_s(period_s, wait_s) == within_s + GRACE_S


def test_a_loop_without_a_camera_rests(tmp_path: Path) -> None:
    engine = Engine(ScriptedRegistry(), default_directory=tmp_path)
    try:
        told = engine.health().acquisition
        assert (told.running, told.beats, told.stuck) == (False, 0, False)
    finally:
        engine.close()


def test_it_beats_with_and_without_frames(tmp_path: Path) -> None:
    camera = ScriptedCamera()
    with live_engine(camera, tmp_path) as engine:
        wait_for(lambda: engine.health().acquisition.beats > 0)  # waits that ended without a frame
        before = engine.health().acquisition.beats
        camera.deliver(*range(20))
        told = engine.health().acquisition
        assert told.running
        assert told.beats >= before + 20
        assert told.last_beat_age_ms < 1e3 * PATIENCE_S


def test_a_driver_that_does_not_return_is_stuck_until_it_returns(tmp_path: Path) -> None:
    camera = HangingCamera()
    with live_engine(camera, tmp_path) as engine:
        assert not stuck(engine)
        camera.script(1)
        assert camera.entered.wait(PATIENCE_S)
        began = time.monotonic()
        wait_for(lambda: stuck(engine))
        # The first turn of a sequence is given two seconds more.
        assert time.monotonic() - began < 0.05 + GRACE_S + 2 + 1
        assert engine.health().acquisition.last_beat_age_ms > 1e3 * GRACE_S
        camera.leave.set()
        wait_for(lambda: not stuck(engine))


def test_it_is_told_within_a_second_in_the_middle_of_a_sequence(tmp_path: Path) -> None:
    camera = HangingCamera()
    with live_engine(camera, tmp_path) as engine:
        camera.deliver(0)
        began = time.monotonic()
        camera.script(1)
        wait_for(lambda: stuck(engine))
        assert 0.5 < time.monotonic() - began < 1.0
        camera.leave.set()


def test_a_driver_that_hangs_while_a_lost_camera_is_closed_is_stuck_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("macroscope_worker.acquisition._capture.COMMAND_WITHIN_S", 0.1)
    camera = HangingCamera()
    with live_engine(camera, tmp_path) as engine:
        camera.hangs_at = "close"
        camera.break_down(RuntimeError("unplugged"))
        assert camera.entered.wait(PATIENCE_S)
        wait_for(lambda: stuck(engine))
        camera.leave.set()
        wait_for(lambda: not engine.health().acquisition.running)


def test_a_program_that_stood_still_is_not_stuck() -> None:
    heartbeat = Heartbeat()
    heartbeat.beat(-1.0)  # late at once
    heartbeat.look()
    assert not told(heartbeat).stuck
    heartbeat.look()
    assert told(heartbeat).stuck
    heartbeat.beat(10.0)
    assert not told(heartbeat).stuck


def told(heartbeat: Heartbeat) -> AcquisitionHealth:
    return heartbeat.health(time.perf_counter_ns())
