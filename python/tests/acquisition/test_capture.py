from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.acquisition._capture import Capture
from macroscope_worker.acquisition._live_camera import LiveCamera
from macroscope_worker.acquisition._preview import Preview

from .scripted_camera import ScriptedCamera

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def capture() -> Iterator[Capture]:
    preview = Preview()
    made = Capture(preview, lambda _live, _error: None)
    yield made
    made.close()
    preview.close()


def test_commands_run_on_the_thread_and_their_answers_come_back(capture: Capture) -> None:
    thread = capture.call(threading.get_ident)
    assert thread == capture.call(threading.get_ident) != threading.get_ident()


def test_what_a_command_raises_is_the_callers(capture: Capture) -> None:
    def fail() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        capture.call(fail)
    assert capture.call(lambda: 1) == 1


def test_commands_run_between_frames(capture: Capture) -> None:
    camera = ScriptedCamera()
    capture.call(lambda: capture.replace(LiveCamera(camera, 1)))
    camera.deliver(0)
    live = capture.live
    assert live is not None
    assert capture.call(lambda: live.frames) == 1
    camera.deliver(1)
    assert capture.call(lambda: live.frames) == 2


def test_after_closing_commands_are_refused(capture: Capture) -> None:
    camera = ScriptedCamera()
    capture.call(lambda: capture.replace(LiveCamera(camera, 1)))
    capture.close()
    assert camera.is_closed
    with pytest.raises(RuntimeError, match="closed"):
        capture.call(lambda: None)
