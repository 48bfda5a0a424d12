from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope_worker.worker.lingering import Lingering

if TYPE_CHECKING:
    from collections.abc import Callable


class FakeTimer:
    def __init__(self, delay_s: float, call: Callable[[], None]) -> None:
        self.delay_s, self.call, self.cancelled = delay_s, call, False

    def cancel(self) -> None:
        self.cancelled = True


class Watched:
    def __init__(self) -> None:
        self.timers: list[FakeTimer] = []
        self.over = 0
        self.lingering = Lingering(5.0, self._call_later, self._end)

    def _call_later(self, delay_s: float, call: Callable[[], None]) -> FakeTimer:
        self.timers.append(FakeTimer(delay_s, call))
        return self.timers[-1]

    def _end(self) -> None:
        self.over += 1


def test_ends_when_nobody_needs_it_for_a_while() -> None:
    watched = Watched()
    watched.lingering.update(life_line=True, links=0, recording=False)
    assert watched.timers == []
    watched.lingering.update(life_line=False, links=0, recording=False)
    watched.lingering.update(life_line=False, links=0, recording=False)
    [timer] = watched.timers
    assert timer.delay_s == 5.0
    timer.call()
    assert watched.over == 1


def test_a_recording_and_a_client_keep_it() -> None:
    watched = Watched()
    watched.lingering.update(life_line=False, links=0, recording=True)
    watched.lingering.update(life_line=False, links=1, recording=False)
    assert watched.timers == []


def test_who_comes_back_in_time_stops_the_clock() -> None:
    watched = Watched()
    watched.lingering.update(life_line=False, links=0, recording=False)
    watched.lingering.update(life_line=False, links=1, recording=False)
    assert watched.timers[0].cancelled
    watched.lingering.update(life_line=False, links=0, recording=False)
    assert len(watched.timers) == 2
    assert not watched.timers[1].cancelled
