from __future__ import annotations

from typing import Any

import pytest
from connectrpc.errors import ConnectError
from hypothesis import given
from hypothesis import strategies as st
from macroscope.rpc.v1.frame_pb import (
    Code,
    Credit,
    Envelope,
    HalfClose,
    Hello,
    Message,
    Open,
    Ping,
    Status,
)
from protobuf import Oneof
from tests.rpc.injection import answered, opening, sent
from tests.rpc.pair import ECHO, FLOOD, Pair

from macroscope_worker.rpc.connection_state import ConnectionState
from macroscope_worker.rpc.events import (
    CallCanceled,
    CallEnded,
    CallStarted,
    ConnectionDraining,
    ConnectionEnded,
    MessageReceived,
)
from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.protocol import PROTOCOL


class TestBreaks:
    @pytest.mark.parametrize(
        "kind",
        [
            Oneof("message", Message(call=5)),
            Oneof("half_close", HalfClose(call=5)),
            Oneof("credit", Credit(call=5, messages=1, bytes=1)),
            Oneof("status", Status(call=1)),
            Oneof("hello", Hello(protocol_major=1)),
            Oneof("open", Open(call=0, method="/a/B")),
            Oneof("open", Open(call=1, method="")),
        ],
        ids=lambda kind: kind.field,
    )
    def test_what_no_client_may_send_ends_the_connection(self, kind: Oneof) -> None:  # type: ignore[type-arg]
        pair = Pair.opened()
        sent(pair, kind)
        [event] = pair.at_client
        assert isinstance(event, ConnectionEnded)
        assert event.code == Code.INVALID_ARGUMENT
        assert pair.server.state is ConnectionState.CLOSED

    def test_a_reused_call_number_ends_the_connection_and_its_calls(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        pair.clear()
        sent(pair, opening(1))
        assert [type(event) for event in pair.at_server] == [CallCanceled, ConnectionEnded]
        assert [type(event) for event in pair.at_client] == [CallEnded, ConnectionEnded]

    def test_numbers_may_overtake_each_other(self) -> None:
        pair = Pair.opened()
        for call in (3, 1, 2):
            sent(pair, opening(call))
        assert len(pair.at_server) == 3

    def test_a_message_after_the_half_close_breaks(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        sent(pair, Oneof("message", Message(call=1)))
        assert pair.server.state is ConnectionState.CLOSED

    def test_a_ping_before_the_hello_breaks(self) -> None:
        pair = Pair()
        pair.client.take_frames()
        sent(pair, Oneof("ping", Ping(sent_ns=1)))
        assert pair.server.state is ConnectionState.CLOSED

    @pytest.mark.parametrize("credit", [(2, 1000), (100, 25)])
    def test_a_message_beyond_the_credit_of_its_stream_breaks(self, credit: tuple[int, int]) -> None:
        pair = Pair.opened()
        pair.client.start_call(FLOOD, b"", now_ns=0, credit=credit)
        kind: Any = Oneof("message", Message(call=1, message=bytes(20)))
        frame = Frame(4, 1, Envelope(kind=kind).to_binary())
        assert len(pair.client.receive(frame, 0)) == len(pair.client.receive(frame, 0)) == 1
        end, ended = pair.client.receive(frame, 0)
        assert isinstance(end, CallEnded)
        assert isinstance(ended, ConnectionEnded)
        assert (end.code, ended.code) == (Code.INTERNAL, Code.INVALID_ARGUMENT)

    def test_a_tail_where_none_can_be_breaks(self) -> None:
        pair = Pair.opened()
        sent(pair, Oneof("ping", Ping(sent_ns=1)), b"tail")
        assert pair.server.state is ConnectionState.CLOSED

    def test_a_client_is_as_strict(self) -> None:
        for kind in (Oneof("status", Status(call=1, code=Code.ABORTED)), opening(1)):
            pair = Pair.opened()
            events = pair.client.receive(Frame(2, 1, Envelope(kind=kind).to_binary()), 0)  # type: ignore[arg-type]
            assert isinstance(events[-1], ConnectionEnded)

    @given(st.binary(max_size=40), st.binary(max_size=5))
    def test_any_envelope_leaves_a_connection_open_or_closed(self, envelope: bytes, tail: bytes) -> None:
        pair = Pair.opened()
        pair.server.receive(Frame(2, 1, envelope, tail), 0)
        assert pair.server.state in (ConnectionState.OPEN, ConnectionState.CLOSED, ConnectionState.DRAINING)


class TestEnds:
    def test_draining_ends_with_the_last_call(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(ECHO, b"", now_ns=0)
        pair.pump()
        pair.clear()
        pair.server.drain()
        pair.pump()
        assert [type(event) for event in pair.at_client] == [ConnectionDraining]
        assert pair.client.state is pair.server.state is ConnectionState.DRAINING
        with pytest.raises(ConnectError):
            pair.client.start_call(ECHO, b"", now_ns=0)
        assert answered(pair, opening(2)).code == Code.UNAVAILABLE
        pair.server.send_message(call, b"", last=True)
        pair.pump()
        assert pair.client.state is pair.server.state is ConnectionState.CLOSED
        assert isinstance(pair.at_client[-1], ConnectionEnded)

    def test_draining_waits_for_what_has_not_left(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(FLOOD, b"", now_ns=0, credit=(100, 1 << 31))
        pair.pump()
        pair.clear()
        pair.server.send_message(call, b"", bytes(10 << 20))
        pair.server.end_call(call)
        pair.server.drain()
        assert [type(event) for event in pair.server.take_events()] == [ConnectionDraining]
        assert pair.server.state is ConnectionState.DRAINING
        pair.pump()
        assert [type(event) for event in pair.at_client] == [
            ConnectionDraining,
            MessageReceived,
            CallEnded,
            ConnectionEnded,
        ]
        assert pair.server.state is ConnectionState.CLOSED

    def test_a_call_without_a_deadline_has_none(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(ECHO, b"", now_ns=0, timeout_ms=0)
        pair.pump()
        [started] = pair.at_server
        assert isinstance(started, CallStarted)
        assert started.timeout_ms is None
        pair.pass_ms(10 * ECHO.default_deadline_ms)
        assert pair.at_client == []

    def test_a_lost_link_ends_every_call(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(ECHO, b"", now_ns=0)
        pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        ends = pair.client.close(Code.UNAVAILABLE, "gone")
        assert [type(event) for event in ends] == [CallEnded, CallEnded, ConnectionEnded]
        assert pair.client.close() == []

    def test_silence_is_noticed(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        now, events = 0, []
        while pair.client.state is ConnectionState.OPEN:
            now = pair.client.next_tick_ns()
            events += pair.client.tick(now)
        assert now == PROTOCOL.lost_after_silence_ms * 1_000_000
        assert [type(event) for event in events] == [CallEnded, ConnectionEnded]

    def test_pings_keep_an_idle_connection_and_measure_the_clock(self) -> None:
        pair = Pair.opened()
        pair.pass_ms(60_000)
        assert pair.client.state is pair.server.state is ConnectionState.OPEN
        assert pair.client.pulse.clock(pair.now_ns) is not None
        assert pair.server.pulse.clock(pair.now_ns) is not None
