"""A whole connection whose client gives its credit back late."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rpc.pair import ECHO, FLOOD, LATEST, Pair

from macroscope_worker.rpc.connection_state import ConnectionState
from macroscope_worker.rpc.events import MessageReceived
from macroscope_worker.rpc.protocol import PROTOCOL


class LateCredit:
    """A client that takes everything at once, and whose frames reach the server when the test says so."""

    def __init__(self) -> None:
        self.pair = Pair.opened()
        self.calls = [
            self.pair.client.start_call(method, b"", now_ns=0, credit=(1000, 1 << 31))
            for method in (FLOOD, FLOOD, LATEST, LATEST)
        ]
        self.pair.pump()
        self.pair.clear()
        self.produced: Counter[int] = Counter()

    def step(self, verb: str, which: int, size: int) -> None:
        server, client, call = self.pair.server, self.pair.client, self.calls[which]
        if verb == "send" and (which >= 2 or server.may_send(call)):
            self.produced[call] += 1
            server.send_message(call, self.produced[call].to_bytes(4), bytes(size * 300_000))
        elif verb == "end":
            server.end_call(call)
        elif verb == "cancel" and size > 7:
            client.cancel_call(call)
        elif verb == "command":
            client.start_call(ECHO, b"", now_ns=0)
        elif verb == "credit":
            self.pair.pump()
        for frame in server.take_frames():
            self.pair.at_client += client.receive(frame, 0)

    def numbers(self, call: int) -> list[int]:
        events = [event for event in self.pair.at_client if isinstance(event, MessageReceived)]
        return [int.from_bytes(event.message) for event in events if event.call == call]


class TestTogether:
    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["send", "send", "end", "cancel", "credit", "command"]),
                st.integers(0, 3),
                st.integers(0, 9),
            ),
            max_size=60,
        )
    )
    def test_nothing_comes_twice_or_out_of_order_and_credit_adds_up(self, steps: list[tuple[str, int, int]]) -> None:
        late = LateCredit()
        for verb, which, size in steps:
            late.step(verb, which, size)
        late.step("credit", 0, 0)
        pair = late.pair
        assert pair.server.state is pair.client.state is ConnectionState.OPEN
        for call in late.calls:
            assert late.numbers(call) == sorted(set(late.numbers(call)))
        for call in late.calls[:2]:
            assert late.numbers(call) == list(range(1, len(late.numbers(call)) + 1))
        in_flight = pair.server.report(0).bytes_in_flight
        assert 0 <= in_flight < PROTOCOL.part_bytes, "all but what gathers at the client came back"
