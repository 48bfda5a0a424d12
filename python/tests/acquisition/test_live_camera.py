from __future__ import annotations

import math
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._cancellation import Cancellation
from macroscope_worker.acquisition._live_camera import LiveCamera
from macroscope_worker.clock import clock_ns

from .scripted_camera import ScriptedCamera

if TYPE_CHECKING:
    import pytest


class WithoutThermometer(ScriptedCamera):
    def temperature_c(self) -> float | None:
        raise RuntimeError("no thermometer")


def test_a_thermometer_that_fails_is_not_asked_again_and_frames_go_on(caplog: pytest.LogCaptureFixture) -> None:
    live = LiveCamera(WithoutThermometer(), 1)
    for _ in range(3):
        assert live.take_frame() is None
    assert live.temperature_c is None
    assert caplog.text.count("not asked for again") == 1


def test_a_camera_is_silent_after_three_periods_and_only_then() -> None:
    camera = ScriptedCamera()
    camera.period_s = 1.0
    live = LiveCamera(camera, 1)
    started_ns = clock_ns()
    assert not live.is_silent(started_ns + 4_900_000_000)  # the first frame of a sequence may take longer
    assert live.is_silent(started_ns + 5_000_000_000)
    camera.script(0)
    arrival = live.take_frame()
    assert arrival is not None
    assert not live.is_silent(arrival.frame.received_ns + 2_999_999_999)
    assert live.is_silent(arrival.frame.received_ns + 3_000_000_000)
    camera.period_s = math.inf  # waits for a trigger
    live.configure({"exposure_us": 500}, Cancellation())
    assert not live.is_silent(1 << 62)


def test_a_fast_camera_is_not_silent_for_a_hiccup() -> None:
    camera = ScriptedCamera()
    camera.period_s = 0.001
    live = LiveCamera(camera, 1)
    camera.script(0)
    arrival = live.take_frame()
    assert arrival is not None
    assert not live.is_silent(arrival.frame.received_ns + 399_000_000)
    assert live.is_silent(arrival.frame.received_ns + 400_000_000)


def test_a_camera_that_is_slower_than_its_settings_say_is_not_silent_between_its_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_ns = 10**12
    monkeypatch.setattr("macroscope_worker.acquisition._live_camera.clock_ns", lambda: now_ns)
    camera = ScriptedCamera()
    camera.period_s = 0.1
    live = LiveCamera(camera, 1)
    for number in range(3):
        now_ns += 800_000_000
        camera.script(number)
        assert live.take_frame() is not None
    assert not live.is_silent(now_ns + 2_399_000_000)
    assert live.is_silent(now_ns + 2_401_000_000)


def test_the_temperature_is_read_between_frames() -> None:
    live = LiveCamera(ScriptedCamera(), 1)
    live.take_frame()
    assert live.temperature_c == 21.5


def test_a_wait_without_a_frame_gives_its_slot_back() -> None:
    live = LiveCamera(ScriptedCamera(), 1)
    free = len(live.ring.free)
    live.take_frame()
    assert len(live.ring.free) == free


def test_a_camera_that_fails_to_close_is_let_go_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    class Stuck(ScriptedCamera):
        def close(self) -> None:
            raise RuntimeError("stuck")

    LiveCamera(Stuck(), 1).close()
    assert "stuck" in caplog.text
