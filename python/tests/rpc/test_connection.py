from __future__ import annotations

from dataclasses import replace

import pytest
from connectrpc.code import Code as ConnectCode
from connectrpc.errors import ConnectError
from hypothesis import given
from hypothesis import strategies as st
from macroscope.rpc.v1.errors_pb import LimitExceeded, RoleNeeded, UnknownMethod, VersionMismatch
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
from macroscope.rpc.v1.options_pb import Lane, Role
from protobuf import Oneof
from tests.rpc.pair import CLIENT, ECHO, FLOOD, HOST_ONLY, LATEST, SERVER, Pair

from macroscope_worker.rpc.connection import Connection, ConnectionState, Side
from macroscope_worker.rpc.events import (
    CallCanceled,
    CallEnded,
    CallStarted,
    ConnectionDraining,
    ConnectionEnded,
    ConnectionOpened,
    CreditGranted,
    HalfClosed,
    MessageReceived,
)
from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.protocol import PROTOCOL


def sent(pair: Pair, kind: Oneof, tail: bytes = b"", lane: Lane = Lane.COMMAND) -> None:  # type: ignore[type-arg]
    """Have the server take in an envelope that no honest client would send now."""
    frame = Frame(int(lane), 1, Envelope(kind=kind).to_binary(), tail)
    pair.at_server += pair.server.receive(frame, pair.now_ns)
    pair.pump()


def answered(pair: Pair, kind: Oneof) -> Status:  # type: ignore[type-arg]
    """The same, and the status that the server answers with; the client never sees it."""
    pair.server.receive(Frame(int(Lane.COMMAND), 1, Envelope(kind=kind).to_binary()), pair.now_ns)
    [frame] = pair.server.take_frames()
    answer = Envelope.from_binary(frame.envelope).kind
    assert answer is not None
    assert isinstance(answer.value, Status)
    return answer.value


def opening(call: int, method: str = ECHO.path) -> Oneof:  # type: ignore[type-arg]
    return Oneof("open", Open(call=call, method=method, has_message=True, half_close=True))


def only_end(pair: Pair) -> CallEnded:
    [event] = pair.at_client
    assert isinstance(event, CallEnded)
    return event


class TestGreeting:
    def test_both_learn_of_each_other(self) -> None:
        pair = Pair(replace(CLIENT, role=Role.VIEWER))
        pair.pump()
        assert [type(event) for event in pair.at_client + pair.at_server] == [ConnectionOpened, ConnectionOpened]
        assert pair.client.peer is not None
        assert (pair.client.peer.session, pair.client.peer.epoch) == ("s", 7)
        assert pair.client.role == pair.server.role == Role.VIEWER

    @pytest.mark.parametrize(
        ("asked", "most", "given_role"),
        [
            (Role.HOST, Role.OPERATOR, Role.OPERATOR),
            (Role.UNSPECIFIED, Role.OPERATOR, Role.OPERATOR),
            (Role.VIEWER, Role.OPERATOR, Role.VIEWER),
        ],
    )
    def test_nobody_is_given_more_than_the_link_allows(self, asked: Role, most: Role, given_role: Role) -> None:
        pair = Pair.opened(replace(CLIENT, role=asked), replace(SERVER, role=most))
        assert pair.client.role == given_role

    def test_calls_started_before_the_hello_wait_for_it(self) -> None:
        pair = Pair()
        pair.client.start_call(ECHO, b"", now_ns=0)
        assert [frame.envelope for frame in pair.carried] == []
        pair.pump()
        assert [type(event) for event in pair.at_server] == [ConnectionOpened, CallStarted]

    def test_another_major_version_is_refused_with_both_versions(self) -> None:
        pair = Pair(replace(CLIENT, protocol_major=9, schema_digest="of another form"))
        pair.pump()
        [event] = pair.at_client
        assert isinstance(event, ConnectionEnded)
        assert event.code == Code.FAILED_PRECONDITION
        detail = event.details[0].unpack(VersionMismatch)
        assert detail is not None
        assert (detail.client_major, detail.server_major, detail.client_build, detail.server_build) == (
            9,
            PROTOCOL.major,
            "client 1",
            "server 1",
        )
        assert pair.client.state is pair.server.state is ConnectionState.CLOSED

    def test_another_minor_version_and_schema_are_accepted(self) -> None:
        pair = Pair.opened(replace(CLIENT, protocol_minor=99, schema_digest="0" * 64))
        assert pair.server.state is ConnectionState.OPEN
        assert pair.server.peer is not None
        assert pair.server.peer.schema_digest == "0" * 64

    @pytest.mark.parametrize("token", ["", "wrong", "secret "])
    def test_a_wrong_token_is_refused(self, token: str) -> None:
        pair = Pair(replace(CLIENT, token=token), replace(SERVER, token="secret"))
        pair.pump()
        [event] = pair.at_client
        assert isinstance(event, ConnectionEnded)
        assert event.code == Code.UNAUTHENTICATED

    def test_the_right_token_opens(self) -> None:
        pair = Pair.opened(replace(CLIENT, token="secret"), replace(SERVER, token="secret"))
        assert pair.client.state is ConnectionState.OPEN

    def test_a_client_that_says_nothing_is_dropped(self) -> None:
        server = Connection(Side.SERVER, SERVER, now_ns=0)
        assert server.tick(server.next_tick_ns() - 1) == []
        [event] = server.tick(server.next_tick_ns())
        assert isinstance(event, ConnectionEnded)
        assert server.state is ConnectionState.CLOSED

    def test_a_call_before_the_hello_breaks_the_protocol(self) -> None:
        pair = Pair()
        pair.client.take_frames()
        sent(pair, opening(1))
        assert pair.server.state is ConnectionState.CLOSED

    def test_a_second_hello_breaks_the_protocol(self) -> None:
        pair = Pair.opened()
        sent(pair, Oneof("hello", CLIENT.hello(Role.VIEWER)))
        assert pair.server.state is ConnectionState.CLOSED


class TestCalls:
    def test_a_unary_call(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(ECHO, b"ask", b"tail", now_ns=0, metadata={"a": "b"})
        pair.pump()
        [started] = pair.at_server
        assert isinstance(started, CallStarted)
        assert started.message is not None
        assert (started.call, bytes(started.message), bytes(started.tail)) == (call, b"ask", b"tail")
        assert (started.metadata, started.timeout_ms) == ({"a": "b"}, ECHO.default_deadline_ms)
        pair.server.send_message(call, b"answer", b"liat", last=True)
        pair.pump()
        [answer] = pair.at_client
        assert isinstance(answer, MessageReceived)
        assert (bytes(answer.message), bytes(answer.tail), answer.last) == (b"answer", b"liat", True)

    def test_frames_travel_on_the_lane_of_their_method(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        pair.server.send_message(call, b"x")
        pair.pump()
        pair.client.grant_credit(call, 1, 1)
        pair.server.end_call(call)
        pair.pump()
        assert {frame.lane for frame in pair.carried} == {Lane.FRAME}

    def test_an_error_carries_its_details(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(ECHO, b"", now_ns=0)
        pair.pump()
        detail = LimitExceeded(limit="x", allowed=1, found=2)
        pair.server.end_call(call, Code.RESOURCE_EXHAUSTED, "too much", [detail], {"k": "v"})
        pair.pump()
        end = only_end(pair)
        assert (end.code, end.message, end.metadata) == (Code.RESOURCE_EXHAUSTED, "too much", {"k": "v"})
        assert end.details[0].unpack(LimitExceeded) == detail

    def test_a_call_ends_once(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(ECHO, b"", now_ns=0)
        pair.pump()
        pair.server.end_call(call, Code.ABORTED, "first")
        pair.server.end_call(call, Code.INTERNAL, "second")
        pair.server.send_message(call, b"late", last=True)
        pair.pump()
        assert only_end(pair).message == "first"

    def test_a_request_may_come_in_a_message_of_its_own(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(ECHO, None, now_ns=0)
        pair.client.send_message(call, b"ask")
        pair.client.half_close(call)
        pair.pump()
        assert [type(event) for event in pair.at_server] == [CallStarted, MessageReceived, HalfClosed]

    def test_an_unknown_method_names_those_there_are(self) -> None:
        pair = Pair.opened()
        service = ECHO.path.rpartition("/")[0]
        pair.client.start_call(replace(ECHO, path=f"{service}/Nothing"), b"", now_ns=0)
        pair.client.start_call(replace(ECHO, path="/nobody.Here/Nothing"), b"", now_ns=0)
        pair.pump()
        known = []
        for event in pair.at_client:
            assert isinstance(event, CallEnded)
            assert event.code == Code.UNIMPLEMENTED
            detail = event.details[0].unpack(UnknownMethod)
            assert detail is not None
            known.append(detail.known)
        assert ECHO.path in known[0]
        assert known[1] == ["macroscope.diagnostics.v1.DiagnosticsService", "test"]
        assert pair.server.state is ConnectionState.OPEN

    def test_a_role_that_is_too_low_is_told_which_is_needed(self) -> None:
        pair = Pair.opened(replace(CLIENT, role=Role.OPERATOR))
        pair.client.start_call(HOST_ONLY, b"", now_ns=0)
        pair.pump()
        end = only_end(pair)
        assert end.code == Code.PERMISSION_DENIED
        assert end.details[0].unpack(RoleNeeded) == RoleNeeded(
            method=HOST_ONLY.path, needed=Role.HOST, given=Role.OPERATOR
        )
        assert pair.at_server == []

    def test_too_many_open_calls_fail_and_the_others_go_on(self) -> None:
        pair = Pair.opened()
        for _ in range(PROTOCOL.max_open_calls + 1):
            pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        end = only_end(pair)
        assert end.code == Code.RESOURCE_EXHAUSTED
        detail = end.details[0].unpack(LimitExceeded)
        assert detail is not None
        assert (detail.limit, detail.allowed) == ("max_open_calls", PROTOCOL.max_open_calls)
        pair.server.end_call(1)
        pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        assert isinstance(pair.at_server[-1], CallStarted)

    def test_a_request_that_is_too_large_fails_at_home_and_at_the_server(self) -> None:
        pair = Pair.opened()
        with pytest.raises(ConnectError) as caught:
            pair.client.start_call(ECHO, bytes(PROTOCOL.max_request_bytes), now_ns=0)
        assert caught.value.code is ConnectCode.RESOURCE_EXHAUSTED
        large = Open(call=1, method=ECHO.path, message=bytes(PROTOCOL.max_request_bytes), has_message=True)
        answer = answered(pair, Oneof("open", large))
        detail = answer.details[0].unpack(LimitExceeded)
        assert detail is not None
        assert detail.limit == "max_request_bytes"
        assert pair.server.state is ConnectionState.OPEN

    def test_an_answer_that_is_too_large_is_an_error_and_the_call_is_still_open(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(ECHO, b"", now_ns=0)
        pair.pump()
        with pytest.raises(ConnectError) as caught:
            pair.server.send_message(call, b"", bytes(PROTOCOL.max_frame_bytes), last=True)
        assert caught.value.details[0].value(LimitExceeded) is not None
        pair.server.end_call(call, Code.RESOURCE_EXHAUSTED, "too large")
        pair.pump()
        assert only_end(pair).code == Code.RESOURCE_EXHAUSTED


class TestCancelAndDeadline:
    def test_a_cancel_reaches_the_handler_and_is_answered(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        pair.clear()
        pair.client.cancel_call(call, "enough")
        pair.pump()
        assert pair.at_server == [CallCanceled(call, "enough")]
        assert pair.at_client == []
        kinds = [Envelope.from_binary(frame.envelope).kind for frame in pair.carried]
        assert [kind.field for kind in kinds if kind is not None] == ["cancel", "status"]

    def test_frames_of_calls_already_ended_are_ignored(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        pair.client.cancel_call(call)
        pair.server.send_message(call, b"on its way")
        pair.pump()
        pair.server.end_call(call)
        sent(pair, Oneof("credit", Credit(call=call, messages=1, bytes=1)))
        assert pair.at_client == []
        assert pair.client.state is pair.server.state is ConnectionState.OPEN

    def test_the_deadline_ends_the_call_at_both_ends(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(ECHO, b"", now_ns=0, timeout_ms=200)
        pair.pump()
        pair.clear()
        pair.pass_ms(199)
        assert pair.at_client == pair.at_server == []
        pair.pass_ms(1)
        assert only_end(pair).code == Code.DEADLINE_EXCEEDED
        [canceled] = pair.at_server
        assert isinstance(canceled, CallCanceled)

    def test_the_server_keeps_the_deadline_alone(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(ECHO, b"", now_ns=0, timeout_ms=200)
        pair.pump()
        pair.clear()
        events = pair.server.tick(200_000_000)
        assert events == [CallCanceled(1, "deadline")]
        pair.pump()
        assert only_end(pair).code == Code.DEADLINE_EXCEEDED

    def test_a_method_brings_its_own_deadline(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(ECHO, b"", now_ns=0)
        pair.pump()
        pair.clear()
        pair.pass_ms(ECHO.default_deadline_ms)
        assert only_end(pair).code == Code.DEADLINE_EXCEEDED

    def test_a_stream_without_deadline_goes_on(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        pair.clear()
        pair.pass_ms(600_000)
        assert pair.at_client == pair.at_server == []


class TestCredit:
    def test_a_reliable_stream_waits_for_its_client(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(FLOOD, b"", now_ns=0, credit=(2, 1000))
        pair.pump()
        pair.clear()
        pair.server.send_message(call, b"", bytes(600))
        assert pair.server.may_send(call)
        pair.server.send_message(call, b"", bytes(600))
        assert not pair.server.may_send(call)
        with pytest.raises(RuntimeError):
            pair.server.send_message(call, b"")
        pair.pump()
        assert len(pair.at_client) == 2
        pair.client.grant_credit(call, 1, 200)
        pair.pump()
        assert pair.at_server == []  # A message is granted, and no bytes.
        pair.client.grant_credit(call, 0, 1)
        pair.pump()
        assert pair.at_server == [CreditGranted(call)]
        assert pair.server.may_send(call)

    def test_the_initial_credit_is_that_of_the_protocol(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        for _ in range(PROTOCOL.initial_credit_messages):
            assert pair.server.may_send(call)
            pair.server.send_message(call, b"x")
        assert not pair.server.may_send(call)

    def test_latest_wins_replaces_what_waits_and_counts_it(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(LATEST, b"", now_ns=0, credit=(1, 1000))
        pair.pump()
        pair.clear()
        for number in range(5):
            pair.server.send_message(call, bytes([number]))
        pair.pump()
        pair.client.grant_credit(call, 1, 1)
        pair.pump()
        pair.client.grant_credit(call, 1, 1)
        pair.server.send_message(call, b"\x09")
        pair.pump()
        found = [(event.message[0], event.skipped) for event in pair.at_client if isinstance(event, MessageReceived)]
        assert found == [(0, 0), (4, 3), (9, 3)]

    @given(st.lists(st.one_of(st.just("send"), st.integers(1, 3)), max_size=60))
    def test_latest_wins_loses_nothing_uncounted(self, steps: list[str | int]) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(LATEST, b"", now_ns=0, credit=(1, 1000))
        pair.pump()
        produced = 0
        for step in steps:
            if step == "send":
                produced += 1
                pair.server.send_message(call, produced.to_bytes(2))
            else:
                assert isinstance(step, int)
                pair.client.grant_credit(call, step, 100)
            pair.pump()
        messages = [event for event in pair.at_client if isinstance(event, MessageReceived)]
        numbers = [int.from_bytes(event.message) for event in messages]
        assert numbers == sorted(set(numbers))
        for taken, event in enumerate(messages, 1):
            assert event.skipped == int.from_bytes(event.message) - taken

    def test_a_good_end_waits_behind_the_last_picture(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(LATEST, b"", now_ns=0, credit=(1, 1000))
        pair.pump()
        for number in range(3):
            pair.server.send_message(call, bytes([number]))
        pair.server.end_call(call)
        pair.server.send_message(call, b"after the end")
        pair.pump()
        assert [type(event) for event in pair.at_client] == [MessageReceived]
        pair.client.grant_credit(call, 1, 1)
        pair.pump()
        last, end = pair.at_client[1:]
        assert isinstance(last, MessageReceived)
        assert bytes(last.message) == b"\x02"
        assert isinstance(end, CallEnded)
        assert end.code == Code.UNSPECIFIED

    def test_an_error_does_not_wait(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(LATEST, b"", now_ns=0, credit=(0, 0))
        pair.pump()
        pair.server.send_message(call, b"x")
        pair.server.end_call(call, Code.UNAVAILABLE, "gone")
        pair.pump()
        assert only_end(pair).message == "gone"

    def test_a_picture_that_is_too_large_is_refused_before_it_waits(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(LATEST, b"", now_ns=0, credit=(0, 0))
        pair.pump()
        with pytest.raises(ConnectError) as caught:
            pair.server.send_message(call, b"", bytes(PROTOCOL.max_frame_bytes))
        assert caught.value.code is ConnectCode.RESOURCE_EXHAUSTED
        pair.client.grant_credit(call, 1, 1)
        pair.pump()
        assert pair.at_client == []

    def test_a_congested_link_holds_streams_back(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(LATEST, b"", now_ns=0)
        other = pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        pair.clear()
        pair.server.hold_streams(held=True)
        assert not pair.server.may_send(other)
        pair.server.send_message(call, b"1")
        pair.server.send_message(call, b"2")
        pair.pump()
        assert pair.at_client == []
        pair.server.hold_streams(held=False)
        pair.pump()
        [event] = pair.at_client
        assert isinstance(event, MessageReceived)
        assert (bytes(event.message), event.skipped) == (b"2", 1)
        assert pair.server.may_send(other)


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
        assert pair.client.clock is not None or pair.server.clock is not None
