"""Frames of released versions, of clients and servers in both languages, given to the protocol of today."""

from __future__ import annotations

from typing import Any

import pytest
from macroscope.rpc.v1.frame_pb import Credit, Envelope, GoAway, Hello, Message, Open, Status
from macroscope.rpc.v1.link_pb import LinkEnvelope
from macroscope.rpc.v1.options_pb import Role
from protobuf import Oneof
from tests.conformance.recording import Recording, recordings

from macroscope_worker.rpc.connection import Connection
from macroscope_worker.rpc.connection_state import ConnectionState, Side
from macroscope_worker.rpc.events import CallStarted, ConnectionOpened
from macroscope_worker.rpc.frame import Frame, decode_frame
from macroscope_worker.rpc.greeting import Greeting
from macroscope_worker.rpc.method_policy import methods_of
from macroscope_worker.services.diagnostics import DiagnosticsService

RECORDINGS = recordings()
METHODS = methods_of([DiagnosticsService.desc()])
UNKNOWN = bytes.fromhex("f2ff7f036162638080f80101")
"""A field of bytes and a number, both with numbers that no schema has."""


def connection_frames(recording: Recording, *, from_client: bool) -> list[bytes]:
    frames = [frame.data for frame in recording.frames if frame.from_client == from_client]
    return [data for data in frames if int.from_bytes(data[4:8], "little") == 1]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)
class TestRecording:
    def test_is_of_its_version(self, recording: Recording) -> None:
        hellos = [
            frame.envelope.kind.value
            for frame in recording.frames
            if frame.envelope.kind is not None and isinstance(frame.envelope.kind.value, Hello)
        ]
        assert [f"{hello.protocol_major}.{hello.protocol_minor}" for hello in hellos] == [recording.name[:3]] * 2

    def test_a_clients_frames_open_their_calls_and_break_nothing(self, recording: Recording) -> None:
        server = Connection(Side.SERVER, Greeting("server 1", Role.HOST), now_ns=0, methods=METHODS)
        opened: list[int] = []
        for number, data in enumerate(connection_frames(recording, from_client=True)):
            assert server.state is ConnectionState.OPEN or number == 0
            kind = Envelope.from_binary(decode_frame(data).envelope).kind
            if kind is not None and isinstance(kind.value, GoAway):
                break  # Its last word.
            events = server.receive(decode_frame(data), number)
            opened += [event.call for event in events if isinstance(event, CallStarted)]
        assert server.state is ConnectionState.OPEN
        known = [
            kind.value.call
            for kind in (Envelope.from_binary(frame.envelope).kind for frame in _frames(recording, from_client=True))
            if kind is not None and isinstance(kind.value, Open) and kind.value.method in METHODS
        ]
        assert opened == known
        assert opened

    def test_a_servers_frames_are_taken_and_break_nothing(self, recording: Recording) -> None:
        client = Connection(Side.CLIENT, Greeting("client 1", Role.OPERATOR), now_ns=0)
        client.take_frames()
        frames = connection_frames(recording, from_client=False)
        assert any(isinstance(event, ConnectionOpened) for event in client.receive(decode_frame(frames[0]), 1))
        for frame in _frames(recording, from_client=True):
            kind = Envelope.from_binary(frame.envelope).kind
            if kind is not None and isinstance(kind.value, Open):
                method = METHODS.get(kind.value.method) or next(iter(METHODS.values()))
                client.start_call(method, b"", now_ns=1, timeout_ms=0, credit=(1000, 100_000_000))
        for data in frames[1:]:
            client.receive(decode_frame(data), 2)
        assert client.state is ConnectionState.OPEN
        kinds = [Envelope.from_binary(frame.envelope).kind for frame in client.take_frames()]
        credits_of_connection = [
            kind for kind in kinds if kind is not None and isinstance(kind.value, Credit) and kind.value.call == 0
        ]
        assert not credits_of_connection, "1.0 knows no credit of the connection"

    def test_frames_are_written_as_they_were(self, recording: Recording) -> None:
        for frame in recording.frames:
            envelope = frame.envelope
            again = type(envelope).from_binary(envelope.to_binary())
            assert again == envelope
            assert envelope.to_binary() in frame.data


def _frames(recording: Recording, *, from_client: bool) -> list[Frame]:
    return [decode_frame(data) for data in connection_frames(recording, from_client=from_client)]


KINDS: list[Any] = [
    Oneof("hello", Hello(protocol_major=1, schema_digest="0" * 64)),
    Oneof("message", Message(call=1)),
    Oneof("status", Status(call=1)),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.field)
def test_unknown_fields_survive(kind: Any) -> None:
    inner = type(kind.value).from_binary(kind.value.to_binary() + UNKNOWN)
    envelope = Envelope.from_binary(Envelope(kind=Oneof(kind.field, inner)).to_binary() + UNKNOWN)
    assert envelope.to_binary().count(UNKNOWN) == 2
    assert Envelope.from_binary(envelope.to_binary()) == envelope


def test_unknown_fields_of_the_link_survive() -> None:
    assert LinkEnvelope.from_binary(UNKNOWN).to_binary() == UNKNOWN
