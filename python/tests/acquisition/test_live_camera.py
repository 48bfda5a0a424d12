from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope_worker.acquisition._live_camera import LiveCamera

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
