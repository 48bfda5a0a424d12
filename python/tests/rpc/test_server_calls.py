from __future__ import annotations

from dataclasses import replace

import pytest
from connectrpc.code import Code as ConnectCode
from connectrpc.errors import ConnectError
from hypothesis import given
from hypothesis import strategies as st
from macroscope.rpc.v1.errors_pb import LimitExceeded, RoleNeeded, UnknownMethod
from macroscope.rpc.v1.frame_pb import Code, Open
from macroscope.rpc.v1.frame_pb import HalfClose as HalfCloseFrame
from macroscope.rpc.v1.options_pb import Lane, Role
from protobuf import Oneof
from tests.rpc.injection import answered, only_end, opening, sent
from tests.rpc.pair import CLIENT, ECHO, FLOOD, HOST_ONLY, LATEST, Pair

from macroscope_worker.rpc.connection_state import ConnectionState
from macroscope_worker.rpc.events import (
    CallEnded,
    CallStarted,
    CreditGranted,
    HalfClosed,
    MessageReceived,
)
from macroscope_worker.rpc.protocol import PROTOCOL


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

    def test_a_second_half_close_means_nothing(self) -> None:
        pair = Pair.opened()
        call = pair.client.start_call(ECHO, b"", now_ns=0)
        pair.pump()
        pair.clear()
        sent(pair, Oneof("half_close", HalfCloseFrame(call=call)))
        assert pair.at_server == []
        assert pair.server.state is ConnectionState.OPEN

    def test_limits_come_before_the_method_and_the_role(self) -> None:
        pair = Pair.opened(replace(CLIENT, role=Role.VIEWER))
        for path in ("/nobody.Here/Nothing", HOST_ONLY.path):
            large = Open(call=1, method=path, message=bytes(PROTOCOL.max_request_bytes), has_message=True)
            pair = Pair.opened(replace(CLIENT, role=Role.VIEWER))
            assert answered(pair, Oneof("open", large)).code == Code.RESOURCE_EXHAUSTED

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

    def test_a_client_does_not_choose_the_lane_of_a_refusal(self) -> None:
        pair = Pair.opened()
        pair.client.start_call(replace(ECHO, path="/nobody.Here/Nothing", lane=Lane.STOP), b"", now_ns=0)
        pair.pump()
        assert [frame.lane for frame in pair.carried] == [Lane.STOP, Lane.COMMAND]

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
        for _ in range(PROTOCOL.max_open_calls):
            pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        with pytest.raises(ConnectError) as caught:
            pair.client.start_call(FLOOD, b"", now_ns=0)
        assert caught.value.code is ConnectCode.RESOURCE_EXHAUSTED
        answer = answered(pair, opening(PROTOCOL.max_open_calls + 1))
        assert answer.code == Code.RESOURCE_EXHAUSTED
        for detail in (caught.value.details[0].value(LimitExceeded), answer.details[0].unpack(LimitExceeded)):
            assert detail is not None
            assert (detail.limit, detail.allowed, detail.found) == ("max_open_calls", 256, 257)
        pair.server.end_call(1)
        pair.pump()
        pair.client._client._last_number += 1
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

    def test_requests_that_wait_together_have_a_bound_at_both_ends(self) -> None:
        pair = Pair.opened()
        size = PROTOCOL.max_request_bytes - 200
        for _ in range(PROTOCOL.max_pending_bytes // PROTOCOL.max_request_bytes):
            pair.client.start_call(ECHO, bytes(size), now_ns=0)
        pair.pump()
        with pytest.raises(ConnectError) as caught:
            pair.client.start_call(ECHO, bytes(size), now_ns=0)
        assert caught.value.code is ConnectCode.RESOURCE_EXHAUSTED
        answer = answered(pair, Oneof("open", Open(call=17, method=ECHO.path, message=bytes(size), has_message=True)))
        assert answer.code == Code.RESOURCE_EXHAUSTED
        for detail in (caught.value.details[0].value(LimitExceeded), answer.details[0].unpack(LimitExceeded)):
            assert detail is not None
            assert (detail.limit, detail.allowed) == ("max_pending_bytes", PROTOCOL.max_pending_bytes)
        pair.server.send_message(1, b"", last=True)
        pair.pump()
        pair.client._client._last_number += 1
        pair.client.start_call(ECHO, bytes(size), now_ns=0)
        pair.pump()
        assert isinstance(pair.at_server[-1], CallStarted)

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
