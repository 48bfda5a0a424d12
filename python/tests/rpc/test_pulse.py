from __future__ import annotations

from macroscope.rpc.v1.frame_pb import Envelope, Ping, Pong

from macroscope_worker.rpc.outbox import Outbox
from macroscope_worker.rpc.protocol import NS_PER_MS, PROTOCOL
from macroscope_worker.rpc.pulse import Pulse


def sent(outbox: Outbox) -> list[object]:
    kinds = [Envelope.from_binary(frame.envelope).kind for frame in outbox.take()]
    return [kind.value for kind in kinds if kind is not None]


def test_measures_at_once_and_then_at_least_every_two_seconds() -> None:
    outbox = Outbox(1)
    pulse = Pulse(outbox, 0)
    assert sent(outbox) == []
    pulse.begin(0)
    assert sent(outbox) == [Ping(sent_ns=0)]
    pulse.receive(Pong(ping_sent_ns=0, received_ns=70, sent_ns=70), 100)
    assert pulse.readings == 1
    clock = pulse.clock(100)
    assert clock is not None
    assert (clock.offset_ns, clock.error_ns) == (20, 50)
    pinged_ms = []
    for now_ms in range(0, 10_000, 100):
        pulse.heard(now_ms * NS_PER_MS)
        assert pulse.look(now_ms * NS_PER_MS)
        pinged_ms += [now_ms for _ in sent(outbox)]
    assert pinged_ms == [2000, 4000, 6000, 8000]


def test_answers_a_ping_with_the_time() -> None:
    outbox = Outbox(1)
    Pulse(outbox, 0).receive(Ping(sent_ns=7), 9)
    assert sent(outbox) == [Pong(ping_sent_ns=7, received_ns=9, sent_ns=9)]


def test_says_when_the_other_side_is_lost() -> None:
    pulse = Pulse(Outbox(1), 0)
    pulse.begin(0)
    lost_ns = PROTOCOL.lost_after_silence_ms * NS_PER_MS
    while pulse.due_ns < lost_ns:
        assert pulse.look(pulse.due_ns)
    assert pulse.silence_ns(lost_ns) == lost_ns
    assert not pulse.look(lost_ns)
