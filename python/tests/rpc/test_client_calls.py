from __future__ import annotations

from macroscope.rpc.v1.frame_pb import (
    Code,
    Credit,
    Envelope,
)
from protobuf import Oneof
from tests.rpc.injection import only_end, sent
from tests.rpc.pair import ECHO, FLOOD, Pair

from macroscope_worker.rpc.connection_state import ConnectionState
from macroscope_worker.rpc.events import (
    CallCanceled,
)


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
