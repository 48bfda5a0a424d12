from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from macroscope.rpc.v1.errors_pb import VersionMismatch
from macroscope.rpc.v1.frame_pb import Code, Envelope
from macroscope.rpc.v1.options_pb import Role
from protobuf import Oneof
from tests.rpc.injection import opening, sent
from tests.rpc.pair import CLIENT, ECHO, SERVER, Pair

from macroscope_worker.rpc.connection import Connection
from macroscope_worker.rpc.connection_state import ConnectionState, Side
from macroscope_worker.rpc.events import (
    CallEnded,
    CallStarted,
    ConnectionEnded,
    ConnectionOpened,
)
from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.protocol import PROTOCOL


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

    def test_a_client_refuses_another_major_version_as_well_and_sends_no_calls(self) -> None:
        pair = Pair()
        pair.client.start_call(ECHO, b"", now_ns=0)
        pair.client.take_frames()
        hello = replace(SERVER, protocol_major=9, protocol_minor=3, build="server 9").hello(Role.HOST)
        kind: Any = Oneof("hello", hello)
        frame = Frame(2, 1, Envelope(kind=kind).to_binary())
        call_end, event = pair.client.receive(frame, 0)
        assert isinstance(call_end, CallEnded)
        assert isinstance(event, ConnectionEnded)
        assert event.code == Code.FAILED_PRECONDITION
        for part in ("client 1", f"{PROTOCOL.major}.{PROTOCOL.minor}", "server 9", "9.3"):
            assert part in event.message
        detail = event.details[0].unpack(VersionMismatch)
        assert detail is not None
        assert (detail.client_build, detail.server_major, detail.server_minor) == ("client 1", 9, 3)
        kinds = [Envelope.from_binary(frame.envelope).kind for frame in pair.client.take_frames()]
        assert [kind.field for kind in kinds if kind is not None] == ["go_away"]

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
