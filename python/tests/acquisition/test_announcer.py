from __future__ import annotations

import threading
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from macroscope_worker.acquisition._announcer import Announcer

from .scripted_camera import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def announcer() -> Iterator[Announcer]:
    made = Announcer()
    yield made
    made.close()


def test_tells_every_listener(announcer: Announcer) -> None:
    told: Queue[str] = Queue()
    announcer.subscribe(lambda: told.put("a"))
    announcer.subscribe(lambda: told.put("b"))
    announcer.announce()
    assert {told.get(timeout=PATIENCE_S) for _ in range(2)} == {"a", "b"}


def test_announcing_never_waits_for_a_listener(announcer: Announcer) -> None:
    entered, leave = threading.Event(), threading.Event()
    calls: Queue[int] = Queue()

    def listen() -> None:
        calls.put(1)
        entered.set()
        assert leave.wait(PATIENCE_S)

    announcer.subscribe(listen)
    announcer.announce()
    assert entered.wait(PATIENCE_S)
    for _ in range(100):
        announcer.announce()
    leave.set()
    # What was announced meanwhile is told, once.
    for _ in range(2):
        calls.get(timeout=PATIENCE_S)
    announcer.close()
    assert calls.empty()


def test_a_listener_that_fails_keeps_nobody_from_hearing(
    announcer: Announcer, caplog: pytest.LogCaptureFixture
) -> None:
    told = threading.Event()

    def fail() -> None:
        raise RuntimeError("deaf")

    announcer.subscribe(fail)
    announcer.subscribe(told.set)
    announcer.announce()
    assert told.wait(PATIENCE_S)
    assert "deaf" in caplog.text


def test_unsubscribed_means_no_more_calls(announcer: Announcer) -> None:
    gone: list[int] = []
    told = threading.Event()
    end = announcer.subscribe(lambda: gone.append(1))
    announcer.subscribe(told.set)
    end()
    announcer.announce()
    assert told.wait(PATIENCE_S)
    assert gone == []
