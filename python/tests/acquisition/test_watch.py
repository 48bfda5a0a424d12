from __future__ import annotations

from queue import Queue
from typing import TYPE_CHECKING

from macroscope_worker.acquisition._watch import Watch

from .scripted_camera import PATIENCE_S

if TYPE_CHECKING:
    import pytest


def test_a_look_that_fails_is_logged_and_looks_go_on(caplog: pytest.LogCaptureFixture) -> None:
    looks: Queue[int] = Queue()

    def look() -> None:
        looks.put(1)
        raise RuntimeError("blind")

    watch = Watch(look, every_s=0.001)
    for _ in range(3):
        looks.get(timeout=PATIENCE_S)
    watch.close()
    assert "blind" in caplog.text
