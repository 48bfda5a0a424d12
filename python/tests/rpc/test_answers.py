from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from connectrpc.code import Code as ConnectCode
from connectrpc.errors import ConnectError
from hypothesis import given, settings
from hypothesis import strategies as st
from macroscope.rpc.v1.errors_pb import LimitExceeded
from macroscope.rpc.v1.frame_pb import Cancel, Code, Credit, Envelope, Message, Open, Part, Status
from macroscope.rpc.v1.options_pb import Lane
from protobuf import Oneof
from tests.rpc.pair import ALL, CLIENT, ECHO, FLOOD, LATEST, SERVER

from macroscope_worker.rpc.answer_line import AnswerLine
from macroscope_worker.rpc.answers import Answers
from macroscope_worker.rpc.connection import Connection
from macroscope_worker.rpc.connection_state import ConnectionState, Side
from macroscope_worker.rpc.credit import CreditAccount
from macroscope_worker.rpc.events import ConnectionEnded, CreditGranted
from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.outbox import Outbox
from macroscope_worker.rpc.protocol import PROTOCOL

WINDOW = PROTOCOL.connection_credit_bytes
MIB = 1 << 20
STATE = replace(FLOOD, path="/test/State", lane=Lane.STATE)
UNARY_STATE = replace(ECHO, path="/test/UnaryState", lane=Lane.STATE)
METHODS = {**ALL, STATE.path: STATE, UNARY_STATE.path: UNARY_STATE}


class Served:
    """A server whose client is the test: it gives back what it wants to."""

    def __init__(self, minor: int = 1) -> None:
        self.server = Connection(Side.SERVER, SERVER, now_ns=0, methods=METHODS)
        hello = replace(CLIENT, protocol_minor=minor).hello(SERVER.role)
        self.events: list[Any] = []
        self.give(Oneof("hello", hello))
        self.server.take_frames()
        self.calls = 0

    def give(self, kind: Oneof[Any, Any], lane: int = Lane.COMMAND) -> None:
        self.events += self.server.receive(Frame(int(lane), 1, Envelope(kind=kind).to_binary()), 0)

    def open(self, path: str, messages: int = 1_000_000, nbytes: int = 1 << 31, timeout_ms: int = 0) -> int:
        self.calls += 1
        opening = Open(call=self.calls, method=path, timeout_ms=timeout_ms, has_message=True, half_close=True)
        opening.credit = Credit(messages=messages, bytes=nbytes)
        self.give(Oneof("open", opening))
        return self.calls

    def give_back(self, nbytes: int) -> None:
        self.give(Oneof("credit", Credit(bytes=nbytes)))
        self.events += self.server.take_events()

    def sent(self) -> list[tuple[int, Any, Frame]]:
        """What has left since the last time: call, envelope's kind, frame."""
        found = []
        for frame in self.server.take_frames():
            kind = Envelope.from_binary(frame.envelope).kind
            assert kind is not None
            found.append((getattr(kind.value, "call", 0), kind.value, frame))
        return found

    def calls_sent(self) -> list[int]:
        return [call for call, _, _ in self.sent()]


def fill(served: Served, call: int) -> None:
    """Use up the connection's credit with a stream."""
    served.server.send_message(call, b"", bytes(WINDOW))
    served.sent()
    assert not served.server.may_send(call)


class TestConnectionCredit:
    def test_what_left_is_taken_off_with_its_whole_length(self) -> None:
        served = Served()
        flood, echo = served.open(FLOOD.path), served.open(ECHO.path)
        served.server.send_message(flood, b"abc", bytes(1000))
        served.server.send_message(flood, b"", bytes(3 * MIB))
        served.server.send_message(echo, b"abc", last=True)
        served.server.end_call(flood)
        assert served.server.report(0).bytes_in_flight == sum(frame.nbytes for _, _, frame in served.sent())

    def test_streams_wait_and_commands_go(self) -> None:
        served = Served()
        flood, other, unary, echo = (served.open(method.path) for method in (FLOOD, STATE, UNARY_STATE, ECHO))
        fill(served, flood)
        assert not served.server.may_send(other)
        with pytest.raises(RuntimeError):
            served.server.send_message(other, b"")
        served.server.send_message(unary, b"", last=True)
        assert served.sent() == []
        served.server.send_message(echo, b"", last=True)
        assert served.calls_sent() == [echo]
        served.give_back(WINDOW)
        assert served.calls_sent()[0] == unary, "states go before frames"

    def test_the_rest_never_exceeds_the_window(self) -> None:
        served = Served()
        flood = served.open(FLOOD.path)
        served.give_back(2**32 - 1)
        assert served.server.report(0).bytes_in_flight == 0
        fill(served, flood)

    def test_a_client_of_1_0_has_no_such_credit(self) -> None:
        served = Served(minor=0)
        flood = served.open(FLOOD.path)
        for _ in range(10):
            served.server.send_message(flood, b"", bytes(2 * MIB))
        assert [type(value) for _, value, _ in served.sent()] == [Message] * 10
        assert served.server.report(0).bytes_in_flight == 0
        served.give(Oneof("credit", Credit(bytes=1)))
        assert served.server.state is ConnectionState.CLOSED, "call 0 was never opened"

    def test_every_piece_waits_for_credit_by_itself(self) -> None:
        served = Served()
        flood = served.open(FLOOD.path)
        served.server.send_message(flood, b"", bytes(10 * MIB))
        first = served.sent()
        assert [len(frame.tail) for _, _, frame in first][1:] == [MIB] * 6
        served.give_back(MIB)
        assert len(served.sent()) == 1
        served.give_back(WINDOW)
        assert sum(len(frame.tail) for _, _, frame in served.sent()) == 3 * MIB

    def test_a_status_goes_behind_the_messages_of_its_call(self) -> None:
        served = Served()
        flood = served.open(FLOOD.path)
        served.server.send_message(flood, b"", bytes(10 * MIB))
        served.server.end_call(flood, Code.ABORTED, "broken")
        served.sent()
        served.give_back(WINDOW)
        kinds = [type(value) for _, value, _ in served.sent()]
        assert kinds == [*[Part] * (len(kinds) - 1), Status]

    def test_a_cancelled_call_sends_no_more_pieces(self) -> None:
        served = Served()
        flood, other = served.open(FLOOD.path), served.open(FLOOD.path)
        served.server.send_message(flood, b"", bytes(10 * MIB))
        served.sent()
        served.give(Oneof("cancel", Cancel(call=flood)))
        served.give_back(WINDOW)
        assert [type(value) for _, value, _ in served.sent()] == [Status]
        assert served.server.may_send(other)

    def test_neither_does_one_that_had_ended_at_the_server(self) -> None:
        served = Served()
        flood = served.open(FLOOD.path)
        served.server.send_message(flood, b"", bytes(10 * MIB))
        served.server.end_call(flood)
        served.sent()
        served.give(Oneof("cancel", Cancel(call=flood)))
        served.give_back(WINDOW)
        [(_, status, _)] = served.sent()
        assert status.code == Code.CANCELED

    def test_nor_one_whose_time_is_over(self) -> None:
        served = Served()
        served.give(Oneof("open", Open(call=1, method=FLOOD.path, timeout_ms=10, has_message=True, half_close=True)))
        served.server.send_message(1, b"", bytes(10 * MIB))
        served.sent()
        served.server.tick(10_000_000)
        served.give_back(WINDOW)
        [(_, status, _)] = served.sent()
        assert status.code == Code.DEADLINE_EXCEEDED


class TestLatestWins:
    def test_a_message_may_be_replaced_until_it_leaves(self) -> None:
        served = Served()
        flood, latest = served.open(FLOOD.path), served.open(LATEST.path)
        fill(served, flood)
        for number in range(5):
            served.server.send_message(latest, bytes([number]))
        served.give_back(WINDOW)
        [(_, message, _)] = [sent for sent in served.sent() if sent[0] == latest]
        assert (message.message, message.skipped) == (b"\x04", 4)

    def test_a_message_that_leaves_in_parts_is_not_replaced(self) -> None:
        served = Served()
        latest = served.open(LATEST.path)
        served.server.send_message(latest, b"", b"\x01" * 10 * MIB)
        served.server.send_message(latest, b"", b"\x02")
        served.sent()
        served.give_back(WINDOW)
        *pieces, (_, message, _) = served.sent()
        assert all(set(bytes(frame.tail)) <= {1} for _, _, frame in pieces)
        assert message.skipped == 0


class TestTurns:
    def test_streams_of_a_lane_take_turns_and_their_pieces_are_not_mixed(self) -> None:
        served = Served()
        flood = served.open(FLOOD.path)
        latest = [served.open(LATEST.path) for _ in range(3)]
        fill(served, flood)
        for call in latest:
            served.server.send_message(call, b"", bytes(3 * MIB))
        order: list[int] = []
        for _ in range(40):
            served.give_back(MIB)
            for call in latest if len(order) == 4 else ():
                served.server.send_message(call, b"", bytes(3 * MIB))
            order += [call for call in served.calls_sent() if call in latest]
        one, two, three = latest
        # The head and three pieces of each, again and again; the first has had its turn when the next ones come.
        assert order == [call for call in (one, two, three, one, two, three)[: len(order) // 4] for _ in range(4)]
        assert len(order) >= 4 * 4

    def test_a_reliable_stream_waits_its_turn_among_the_others(self) -> None:
        served = Served()
        flood, latest = served.open(STATE.path), served.open(LATEST.path)
        fill(served, flood)
        served.server.line_up(flood)
        served.server.send_message(latest, b"1")
        served.give_back(WINDOW)
        assert served.events[-1] == CreditGranted(flood)
        assert served.calls_sent() == [], "the stream whose turn it is goes first"
        served.server.send_message(flood, b"2")
        assert served.calls_sent() == [flood, latest]

    @pytest.mark.parametrize("end", ["cancel", "status"])
    def test_a_turn_that_is_not_taken_is_passed_on(self, end: str) -> None:
        served = Served()
        flood, latest = served.open(STATE.path), served.open(LATEST.path)
        fill(served, flood)
        served.server.line_up(flood)
        served.server.send_message(latest, b"1")
        served.give_back(WINDOW)
        if end == "cancel":
            served.give(Oneof("cancel", Cancel(call=flood)))
        else:
            served.server.end_call(flood, Code.ABORTED)
        assert set(served.calls_sent()) == {flood, latest}

    def test_a_turn_of_a_stream_that_is_dropped_is_nobodys(self) -> None:
        answers = Answers(Outbox(1), on_good_end=lambda _: None, on_revision=lambda _line, _revision: None)
        line, other = (AnswerLine(call, int(Lane.FRAME), credit=CreditAccount()) for call in (1, 2))
        answers.line_up(line)
        assert answers.take_turns() == [1]
        assert not answers.may_send(other)
        answers.cut_short(line, Status(call=1))
        assert answers.may_send(other)

    def test_the_end_of_a_call_amid_its_parts_comes_before_the_parts_of_others(self) -> None:
        served = Served()
        late, other = served.open(STATE.path, timeout_ms=100), served.open(UNARY_STATE.path)
        served.server.send_message(late, b"", bytes(2 * WINDOW))
        served.server.send_message(other, b"", bytes(2 * MIB), last=True)
        assert set(served.calls_sent()) == {late}
        served.server.tick(100_000_000)
        served.give_back(WINDOW)
        found = [(call, type(kind)) for call, kind, _ in served.sent() if call in (late, other)]
        assert found[:2] == [(late, Status), (other, Part)]

    @settings(max_examples=30)
    @given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=60, max_size=60))
    def test_reliable_streams_that_always_want_to_send_get_the_same(self, order: list[str]) -> None:
        served = Served()
        calls = {name: served.open(FLOOD.path) for name in "abc"}
        sent: Counter[int] = Counter()
        for call in calls.values():
            while served.server.may_send(call):
                served.server.send_message(call, b"", bytes(MIB))
        served.sent()
        for call in calls.values():
            served.server.line_up(call)
        for _ in order:
            served.events.clear()
            served.give_back(MIB + 64)
            for event in served.events:
                assert isinstance(event, CreditGranted)
                served.server.send_message(event.call, b"", bytes(MIB))
                sent[event.call] += 1
                served.server.line_up(event.call)
            served.sent()
        assert max(sent.values()) - min(sent.values()) <= 1


class TestDebt:
    def answer(self, served: Served, call: int) -> None:
        served.server.send_message(call, b"", bytes(4 * MIB), last=True)
        served.events += served.server.take_events()

    def answer_all(self, served: Served, calls: list[int]) -> None:
        for call in calls:
            self.answer(served, call)

    def test_a_client_that_gives_nothing_back_gets_no_new_calls(self) -> None:
        served = Served()
        while (debt := served.server.report(0).bytes_in_flight - WINDOW) <= PROTOCOL.max_pending_bytes:
            self.answer(served, served.open(ECHO.path))
            assert Status not in [type(value) for _, value, _ in served.sent()]
        served.open(ECHO.path)
        [(_, status, _)] = served.sent()
        detail = status.details[0].unpack(LimitExceeded)
        assert status.code == Code.RESOURCE_EXHAUSTED
        assert (detail.limit, detail.allowed, detail.found) == ("max_pending_bytes", PROTOCOL.max_pending_bytes, debt)
        served.give_back(8 * MIB)
        self.answer(served, served.open(ECHO.path))
        assert Status not in [type(value) for _, value, _ in served.sent()]

    @pytest.mark.parametrize("path", [ECHO.path, UNARY_STATE.path], ids=["sent", "waits"])
    def test_nor_do_those_that_were_open_get_answers_without_end(self, path: str) -> None:
        served = Served()
        calls = [served.open(path) for _ in range(20)]
        with pytest.raises(ConnectError) as caught:
            self.answer_all(served, calls)
        assert caught.value.code is ConnectCode.RESOURCE_EXHAUSTED
        detail = caught.value.details[0].value(LimitExceeded)
        assert detail is not None
        assert (detail.limit, detail.allowed) == ("max_pending_bytes", 2 * PROTOCOL.max_pending_bytes)
        assert served.server.state is ConnectionState.OPEN
        served.server.end_call(calls[-1], Code.RESOURCE_EXHAUSTED, "so the caller hears of it")
        sent = served.calls_sent()
        for _ in range(8):
            served.give_back(2**32 - 1)
            sent += served.calls_sent()
        assert sent[-1] == calls[-1]

    def test_refusals_without_end_cost_the_connection(self) -> None:
        served = Served()
        for call in [served.open(ECHO.path) for _ in range(9)]:
            self.answer(served, call)
        sentence = "x" * 1_000_000
        calls = [served.open(ECHO.path) for _ in range(3)]
        for call in calls:
            served.server.end_call(call, Code.ABORTED, sentence)
        assert served.server.state is ConnectionState.OPEN
        for _ in range(200):
            served.give(Oneof("open", Open(call=served.calls + 1, method="/" + "x" * 290, has_message=True)))
            served.calls += 1
        assert served.server.state is ConnectionState.OPEN
        served.server._server.answers._rest = 1000 - 3 * PROTOCOL.max_pending_bytes
        for _ in range(20):
            served.open(ECHO.path)
        ended = served.events[-1]
        assert isinstance(ended, ConnectionEnded)
        assert ended.code == Code.RESOURCE_EXHAUSTED
        assert "does not read" in ended.message

    def test_messages_in_slots_count_against_new_calls(self) -> None:
        served = Served()
        flood = served.open(FLOOD.path)
        fill(served, flood)
        latest = [served.open(LATEST.path) for _ in range(5)]
        for call in latest:
            for _ in range(3):
                served.server.send_message(call, b"", bytes(4 * MIB))
        served.open(ECHO.path)
        [(_, status, _)] = served.sent()
        assert status.code == Code.RESOURCE_EXHAUSTED
        for call in latest[:2]:
            served.give(Oneof("cancel", Cancel(call=call)))
        assert served.server._server.answers.slot_bytes == 12 * MIB
        served.give_back(WINDOW)
        served.sent()
        served.open(ECHO.path)
        assert served.sent() == []
