from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.link_pb import Authenticate, ConnectionClose, ConnectionOpen, LinkEnvelope
from macroscope.rpc.v1.options_pb import Role
from protobuf import Oneof

from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.link_events import (
    ConnectionDropped,
    ConnectionRequested,
    LinkAuthenticated,
    LinkBroken,
    LinkEvent,
)
from macroscope_worker.rpc.multiplexer import LinkSide, Multiplexer
from macroscope_worker.rpc.protocol import PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "k" * 32
TOKENS = {"v" * 32: Role.VIEWER, TOKEN: Role.HOST}


def ends(token: str = TOKEN, tokens: Mapping[str, Role] | None = TOKENS) -> tuple[Multiplexer, Multiplexer]:
    dialler = Multiplexer(LinkSide.DIALLER, now_ns=0, token=token)
    acceptor = Multiplexer(LinkSide.ACCEPTOR, now_ns=0, tokens=tokens, pid=42, epoch=7)
    return dialler, acceptor


def carry(sender: Multiplexer, receiver: Multiplexer) -> list[LinkEvent]:
    return [event for frame in sender.take_frames() for event in receiver.receive(frame)]


def link_frame(kind: Oneof, connection: int = 0) -> Frame:  # type: ignore[type-arg]
    return Frame(2, connection, LinkEnvelope(kind=kind).to_binary())


def test_the_dialler_proves_itself() -> None:
    dialler, acceptor = ends()
    assert carry(dialler, acceptor) == [LinkAuthenticated(role=Role.HOST)]
    assert carry(acceptor, dialler) == [LinkAuthenticated(pid=42, epoch=7)]
    assert dialler.authenticated
    assert acceptor.authenticated


@pytest.mark.parametrize("token", ["x" * 32, TOKEN + "k", TOKEN.upper()])
def test_a_wrong_token_breaks_the_link_without_an_answer(token: str) -> None:
    dialler, acceptor = ends(token)
    [event] = carry(dialler, acceptor)
    assert isinstance(event, LinkBroken)
    assert TOKEN not in event.reason
    assert token not in event.reason
    assert acceptor.take_frames() == []
    assert not acceptor.authenticated


@pytest.mark.parametrize(
    "frame",
    [
        link_frame(Oneof("connection_open", ConnectionOpen(connection=1, role=Role.HOST))),
        link_frame(Oneof("authenticate", Authenticate(token="short"))),
        link_frame(Oneof("authenticate", Authenticate(token=TOKEN)), connection=3),
        Frame(2, 0, b""),
        Frame(2, 0, b"\xff\xff"),
        Frame(2, 0, link_frame(Oneof("authenticate", Authenticate(token=TOKEN))).envelope, b"tail"),
    ],
    ids=["open", "short token", "other connection", "empty", "no protobuf", "tail"],
)
def test_nothing_but_the_token_comes_first(frame: Frame) -> None:
    _, acceptor = ends()
    [event] = acceptor.receive(frame)
    assert isinstance(event, LinkBroken)
    assert not acceptor.authenticated


def test_a_silent_dialler_is_dropped_in_time() -> None:
    _, acceptor = ends()
    due = acceptor.authenticate_by_ns
    assert due == PROTOCOL.hello_within_ms * 1_000_000
    assert acceptor.tick(due - 1) == []
    [event] = acceptor.tick(due)
    assert isinstance(event, LinkBroken)


def opened() -> tuple[Multiplexer, Multiplexer]:
    dialler, acceptor = ends()
    carry(dialler, acceptor)
    carry(acceptor, dialler)
    return dialler, acceptor


def test_connections_are_opened_and_closed_by_number() -> None:
    dialler, acceptor = opened()
    first = dialler.open_connection(Role.OPERATOR, target="worker", label="window 1")
    second = dialler.open_connection(Role.VIEWER)
    assert carry(dialler, acceptor) == [
        ConnectionRequested(first, "worker", Role.OPERATOR, "window 1"),
        ConnectionRequested(second, "", Role.VIEWER, ""),
    ]
    assert acceptor.carries(first)
    acceptor.close_connection(first, Code.UNAVAILABLE, "gone")
    assert carry(acceptor, dialler) == [ConnectionDropped(first, Code.UNAVAILABLE, "gone", [])]
    assert not dialler.carries(first)
    assert dialler.carries(second)


def test_a_frame_of_an_unknown_connection_is_answered_and_of_a_closed_one_ignored() -> None:
    dialler, acceptor = opened()
    number = dialler.open_connection()
    carry(dialler, acceptor)
    dialler.close_connection(number)
    assert carry(dialler, acceptor) == [ConnectionDropped(number, Code.UNSPECIFIED, "", [])]
    assert not acceptor.carries(number)
    assert acceptor.take_frames() == []
    assert not acceptor.carries(9)
    [frame] = acceptor.take_frames()
    kind = LinkEnvelope.from_binary(frame.envelope).kind
    assert kind is not None
    assert isinstance(kind.value, ConnectionClose)
    assert (kind.value.connection, kind.value.code) == (9, Code.NOT_FOUND)


def test_a_number_is_used_once() -> None:
    _, acceptor = opened()
    frame = link_frame(Oneof("connection_open", ConnectionOpen(connection=1)))
    acceptor.receive(frame)
    [event] = acceptor.receive(frame)
    assert isinstance(event, LinkBroken)


def test_a_trusted_link_needs_no_token() -> None:
    dialler, acceptor = ends("", None)
    number = dialler.open_connection(Role.VIEWER)
    assert carry(dialler, acceptor) == [ConnectionRequested(number, "", Role.VIEWER, "")]


@given(st.binary(max_size=60))
def test_any_bytes_are_no_way_in(envelope: bytes) -> None:
    _, acceptor = ends()
    events = acceptor.receive(Frame(2, 0, envelope))
    assert [type(event) for event in events] == [LinkBroken]
    assert not acceptor.authenticated


@pytest.mark.parametrize(("token", "role"), TOKENS.items())
def test_the_role_follows_from_the_token(token: str, role: Role) -> None:
    dialler, acceptor = ends(token)
    assert carry(dialler, acceptor) == [LinkAuthenticated(role=role)]


def test_nobody_enters_where_there_are_no_tokens() -> None:
    dialler, acceptor = ends(TOKEN, {})
    [event] = carry(dialler, acceptor)
    assert isinstance(event, LinkBroken)


def test_groups_without_end_break_the_link_only() -> None:
    _, acceptor = ends()
    [event] = acceptor.receive(Frame(2, 0, b"\x63" * 101 + b"\x64" * 101))
    assert isinstance(event, LinkBroken)


def test_a_link_is_authenticated_once() -> None:
    dialler, acceptor = ends()
    carry(dialler, acceptor)
    [event] = acceptor.receive(link_frame(Oneof("authenticate", Authenticate(token="v" * 32))))
    assert isinstance(event, LinkBroken)


def test_a_dialler_has_the_time_that_it_is_given() -> None:
    acceptor = Multiplexer(LinkSide.ACCEPTOR, now_ns=0, tokens=TOKENS, authenticate_within_ms=2000)
    assert acceptor.tick(1_999_999_999) == []
    [event] = acceptor.tick(2_000_000_000)
    assert isinstance(event, LinkBroken)
    assert "2000 ms" in event.reason
