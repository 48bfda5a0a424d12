from __future__ import annotations

from macroscope_worker.rpc.liveness import Liveness, Vitals
from macroscope_worker.rpc.protocol import NS_PER_MS

IDLE = 1000 * NS_PER_MS
LOST = 5000 * NS_PER_MS


def test_pings_once_a_second_of_silence_and_then_gives_up() -> None:
    liveness = Liveness(0, idle_ms=1000, lost_ms=5000)
    said = []
    while True:
        now = liveness.due_ns
        said.append((now // IDLE, liveness.look(now)))
        if said[-1][1] is Vitals.LOST:
            break
    assert said == [*[(second, Vitals.PING) for second in (1, 2, 3, 4)], (5, Vitals.LOST)]


def test_traffic_keeps_pings_away() -> None:
    liveness = Liveness(0, idle_ms=1000, lost_ms=5000, measure_ms=1_000_000)
    for step in range(1, 100):
        now = step * IDLE // 2
        liveness.heard(now)
        assert liveness.look(now) is Vitals.FINE


def test_the_clocks_are_measured_whatever_the_traffic() -> None:
    liveness = Liveness(0, idle_ms=1000, lost_ms=5000, measure_ms=2000)
    pings = []
    for step in range(1, 100):
        now = step * IDLE // 10
        liveness.heard(now)
        if liveness.look(now) is Vitals.PING:
            pings.append(step)
    assert pings == [20, 40, 60, 80]


def test_a_stalled_loop_of_our_own_is_no_dead_peer() -> None:
    liveness = Liveness(0, idle_ms=1000, lost_ms=5000)
    assert liveness.look(60 * IDLE) is Vitals.PING
    assert liveness.look(61 * IDLE) is Vitals.PING
    assert liveness.look(62 * IDLE) is Vitals.PING
    assert liveness.look(64 * IDLE) is Vitals.PING
    assert liveness.look(65 * IDLE) is Vitals.LOST


def test_a_look_before_it_is_due_changes_nothing() -> None:
    liveness = Liveness(0, idle_ms=1000, lost_ms=5000)
    assert liveness.look(10) is Vitals.FINE
    assert liveness.due_ns == IDLE
