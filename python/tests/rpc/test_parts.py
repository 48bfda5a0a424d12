from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.rpc.v1.frame_pb import Code, Envelope, HalfClose, Message, Part, Status
from macroscope.rpc.v1.options_pb import Lane
from protobuf import Oneof
from tests.rpc.pair import CLIENT, FLOOD, SERVER, Pair

from macroscope_worker.rpc.connection_state import ConnectionState
from macroscope_worker.rpc.events import CallEnded, ConnectionEnded, MessageReceived
from macroscope_worker.rpc.frame import Frame, encode_frame
from macroscope_worker.rpc.outbox import ProtocolBreak
from macroscope_worker.rpc.parts import Assembly, CutFrame
from macroscope_worker.rpc.protocol import PROTOCOL

LANE = int(Lane.FRAME)


def picture(nbytes: int) -> bytes:
    return bytes(range(256)) * (nbytes // 256) + bytes(nbytes % 256)


class TestCutFrame:
    def test_the_pieces_are_the_frame_as_of_connection_1_and_copy_nothing(self) -> None:
        tail = bytearray(picture(2_500_000))
        frame = Frame(LANE, 77, b"envelope", tail)
        cut = CutFrame(3, frame)
        pieces, offset = [], 0
        while cut.nbytes:
            part, piece = cut.take()
            assert (part.call, part.frame_bytes, part.offset) == (3, frame.nbytes, offset)
            assert 0 < len(piece) <= PROTOCOL.part_bytes
            offset += len(piece)
            pieces.append(piece)
        assert b"".join(pieces) == encode_frame(replace(frame, connection=1))
        assert all(piece.obj is tail for piece in pieces[1:])

    def test_a_long_envelope_is_cut_too(self) -> None:
        frame = Frame(LANE, 1, picture(2_500_000))
        cut = CutFrame(1, frame)
        pieces = []
        while cut.nbytes:
            pieces.append(cut.take()[1])
        assert [len(piece) for piece in pieces] == [1 << 20, 1 << 20, frame.nbytes - (2 << 20)]
        assert b"".join(pieces) == encode_frame(frame)


class TestAssembly:
    @given(st.data())
    def test_puts_together_whatever_was_cut_wherever_it_was_cut(self, data: st.DataObject) -> None:
        frame = Frame(LANE, 1, data.draw(st.binary(max_size=100)), data.draw(st.binary(max_size=100)))
        whole = encode_frame(frame)
        cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(whole) - 1)), max_size=8)))
        bounds = [0, *cuts, len(whole)]
        assembly = Assembly(Part(call=1, frame_bytes=len(whole)), LANE)
        found = None
        for start, end in itertools.pairwise(bounds):
            assert found is None
            part = Part(call=1, frame_bytes=len(whole), offset=start)
            found = assembly.add(part, Frame(LANE, 1, b"", whole[start:end]))
        assert found is not None
        assert (bytes(found.envelope), bytes(found.tail)) == (frame.envelope, frame.tail)

    @pytest.mark.parametrize(
        ("part", "piece", "lane"),
        [
            (Part(call=1, frame_bytes=100, offset=10), b"x" * 10, LANE),
            (Part(call=1, frame_bytes=100, offset=30), b"x" * 10, LANE),
            (Part(call=1, frame_bytes=101, offset=20), b"x" * 10, LANE),
            (Part(call=1, frame_bytes=100, offset=20), b"x" * 81, LANE),
            (Part(call=1, frame_bytes=100, offset=20), b"", LANE),
            (Part(call=1, frame_bytes=100, offset=20), b"x" * 10, LANE - 1),
        ],
        ids=["again", "a gap", "another length", "too much", "nothing", "another lane"],
    )
    def test_a_part_out_of_line_breaks(self, part: Part, piece: bytes, lane: int) -> None:
        assembly = Assembly(Part(call=1, frame_bytes=100), LANE)
        assert assembly.add(Part(call=1, frame_bytes=100), Frame(LANE, 1, b"", bytes(20))) is None
        with pytest.raises(ProtocolBreak):
            assembly.add(part, Frame(lane, 1, b"", piece))

    def test_a_frame_over_the_limit_breaks_before_memory_is_taken(self) -> None:
        with pytest.raises(ProtocolBreak, match="announced"):
            Assembly(Part(call=1, frame_bytes=PROTOCOL.max_frame_bytes + 1), LANE)

    @pytest.mark.parametrize(
        "whole",
        [b"XX" + bytes(30), encode_frame(Frame(LANE - 1, 1, b"x" * 16)), encode_frame(Frame(LANE, 1, b"x")) + b"more"],
        ids=["no frame", "of another lane", "a frame and more"],
    )
    def test_parts_that_are_no_such_frame_break(self, whole: bytes) -> None:
        with pytest.raises(ProtocolBreak):
            Assembly(Part(call=1, frame_bytes=len(whole)), LANE).add(
                Part(call=1, frame_bytes=len(whole)), Frame(LANE, 1, b"", whole)
            )


class TestClient:
    """What the client's side of a connection makes of parts."""

    def opened(self) -> tuple[Pair, int]:
        pair = Pair.opened()
        call = pair.client.start_call(FLOOD, b"", now_ns=0, credit=(100, 1 << 30))
        pair.pump()
        pair.clear()
        return pair, call

    def give(self, pair: Pair, kind: Oneof[Any, Any], tail: bytes = b"", lane: int = LANE) -> list[Any]:
        return pair.client.receive(Frame(lane, 1, Envelope(kind=kind).to_binary(), tail), pair.now_ns)

    def whole(self, call: int, kind: Oneof[Any, Any] | None = None) -> bytes:
        tail = b"tail" if kind is None else b""
        kind = kind or Oneof("message", Message(call=call, message=b"hello"))
        return encode_frame(Frame(LANE, 9, Envelope(kind=kind).to_binary(), tail))

    def part(self, call: int, whole: bytes, offset: int) -> Oneof[Any, Any]:
        return Oneof("part", Part(call=call, frame_bytes=len(whole), offset=offset))

    def test_takes_parts_of_any_length_and_does_not_look_at_the_inner_connection(self) -> None:
        pair, call = self.opened()
        whole = self.whole(call)
        events = [
            event
            for offset in range(len(whole))
            for event in self.give(pair, self.part(call, whole, offset), whole[offset : offset + 1])
        ]
        [message] = events
        assert isinstance(message, MessageReceived)
        assert (bytes(message.message), bytes(message.tail)) == (b"hello", b"tail")

    def test_a_status_between_the_parts_ends_the_call(self) -> None:
        pair, call = self.opened()
        whole = self.whole(call)
        assert self.give(pair, self.part(call, whole, 0), whole[:10]) == []
        [end] = self.give(pair, Oneof("status", Status(call=call, code=Code.ABORTED)))
        assert isinstance(end, CallEnded)
        assert self.give(pair, self.part(call, whole, 10), whole[10:]) == [], "parts of an ended call are ignored"
        assert pair.client.state is ConnectionState.OPEN

    @pytest.mark.parametrize(
        "case", ["message between", "part between", "of another call", "no message", "never opened", "garbage"]
    )
    def test_breaches(self, case: str) -> None:
        pair, call = self.opened()
        other = pair.client.start_call(FLOOD, b"", now_ns=0)
        whole = self.whole(call)
        match case:
            case "message between":
                self.give(pair, self.part(call, whole, 0), whole[:10])
                events = self.give(pair, Oneof("message", Message(call=call)))
            case "part between":
                self.give(pair, self.part(call, whole, 0), whole[:10])
                between = self.whole(other)
                events = self.give(pair, self.part(other, between, 0), between[:10])
            case "of another call":
                whole = self.whole(other)
                events = self.give(pair, self.part(call, whole, 0), whole)
            case "no message":
                whole = self.whole(call, Oneof("half_close", HalfClose(call=call)))
                events = self.give(pair, self.part(call, whole, 0), whole)
            case "never opened":
                events = self.give(pair, self.part(99, whole, 0), whole)
            case _:
                events = self.give(pair, self.part(call, whole, 0), bytes(len(whole)))
        assert isinstance(events[-1], ConnectionEnded)
        assert events[-1].code == Code.INVALID_ARGUMENT

    def test_a_call_that_was_given_up_leaves_the_lane_to_others(self) -> None:
        pair, call = self.opened()
        other = pair.client.start_call(FLOOD, b"", now_ns=0)
        whole, next_whole = self.whole(call), self.whole(other)
        self.give(pair, self.part(call, whole, 0), whole[:10])
        pair.client.cancel_call(call)
        self.give(pair, self.part(call, whole, 10), whole[10:20])
        [message] = self.give(pair, self.part(other, next_whole, 0), next_whole)
        assert isinstance(message, MessageReceived)

    def test_a_server_of_1_0_sends_none(self) -> None:
        pair = Pair.opened(server=replace(SERVER, protocol_minor=0))
        call = pair.client.start_call(FLOOD, b"", now_ns=0)
        whole = self.whole(call)
        events = self.give(pair, self.part(call, whole, 0), whole)
        assert isinstance(events[-1], ConnectionEnded)

    @pytest.mark.parametrize("nbytes", [1_179_000, 1_180_000, 5_000_000, 16_777_000])
    @pytest.mark.parametrize("minor", [0, 1])
    def test_long_messages_arrive_whole_or_in_parts(self, nbytes: int, minor: int) -> None:
        pair = Pair.opened(replace(CLIENT, protocol_minor=minor))
        call = pair.client.start_call(FLOOD, b"", now_ns=0)
        pair.pump()
        pair.clear()
        pair.server.send_message(call, b"m", picture(nbytes))
        pair.server.end_call(call)
        pair.pump()
        message, end = pair.at_client
        assert isinstance(message, MessageReceived)
        assert bytes(message.tail) == picture(nbytes)
        assert isinstance(end, CallEnded)
        longest = max(frame.nbytes for frame in pair.carried)
        assert (longest > PROTOCOL.max_whole_frame_bytes) == (minor == 0 and nbytes > 1_179_648)
