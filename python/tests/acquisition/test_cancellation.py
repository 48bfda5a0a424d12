from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from macroscope_worker.acquisition import Cancellation, CommandCanceled

from .scripted_camera import PATIENCE_S


def test_nothing_happens_until_it_is_canceled() -> None:
    cancellation = Cancellation()
    cancellation.check()
    assert not cancellation.canceled
    cancellation.cancel("the window is gone.")
    cancellation.cancel("again")
    assert cancellation.canceled
    with pytest.raises(CommandCanceled, match=r"the window is gone\."):
        cancellation.check()


def test_a_wait_is_woken_once_and_also_when_it_begins_late() -> None:
    cancellation = Cancellation()
    woken: list[str] = []
    with cancellation.waking(lambda: woken.append("over")):
        pass
    with cancellation.waking(lambda: woken.append("waits")):
        cancellation.cancel("")
    assert woken == ["waits"]
    with cancellation.waking(lambda: woken.append("late")):
        assert woken == ["waits", "late"]


def test_a_lock_is_waited_for_no_longer_than_somebody_waits_for_it() -> None:
    cancellation, lock, waits = Cancellation(), threading.Lock(), threading.Event()

    def hold() -> None:
        waits.set()
        with cancellation.holding(lock):
            pytest.fail("it was held by another")

    with ThreadPoolExecutor() as threads, lock:
        held = threads.submit(hold)
        assert waits.wait(PATIENCE_S)
        cancellation.cancel("")
        with pytest.raises(CommandCanceled):
            held.result(PATIENCE_S)


def test_a_lock_is_given_back() -> None:
    cancellation, lock = Cancellation(), threading.Lock()
    with cancellation.holding(lock):
        assert lock.locked()
    assert not lock.locked()
    cancellation.cancel("")
    with pytest.raises(CommandCanceled), cancellation.holding(lock):
        pytest.fail("it was given up before")
    assert not lock.locked()
