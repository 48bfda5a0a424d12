"""What somebody may try at a WebSocket's port, byte by byte. Each attack is one way that has to fail."""

from __future__ import annotations

import asyncio
import os
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from macroscope.rpc.v1.frame_pb import Envelope, Hello
from macroscope.rpc.v1.link_pb import Authenticate, ConnectionOpen, LinkEnvelope
from macroscope.rpc.v1.options_pb import Lane, Role
from protobuf import Oneof

from macroscope_worker.rpc.frame import Frame, encode_frame

if TYPE_CHECKING:
    from collections.abc import Callable

ORIGIN = "http://127.0.0.1:5173"
"""Of the page that may dial."""

REFUSED_WITHIN_S = 4.0
"""Two seconds for a token, and some for a busy machine; the handshake's five have attacks of their own."""

FIN = 0x80
CONTINUATION, TEXT, BINARY, CLOSE, PING = 0, 1, 2, 8, 9


@dataclass
class Handshake:
    """An upgrade request that is good but for what an attack changes."""

    method: str = "GET"
    path: str = "/macroscope/v1"
    version: str = "HTTP/1.1"
    host: str | None = "127.0.0.1:{port}"
    origin: str | None = ORIGIN
    subprotocol: str | None = "macroscope.v1"
    more: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    body: bytes = b""

    def encode(self, port: int) -> bytes:
        headers = {
            "Host": self.host and self.host.format(port=port),
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
            "Sec-WebSocket-Version": "13",
            "Origin": self.origin,
            "Sec-WebSocket-Protocol": self.subprotocol,
            **self.more,
        }
        lines = [f"{self.method} {self.path} {self.version}"]
        sent = {name: value for name, value in headers.items() if value is not None and name not in self.without}
        lines += [f"{name}: {value}" for name, value in sent.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


class Wire:
    """A TCP connection in the attacker's hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        self.reader = reader
        self.writer = writer
        self.port = port

    @classmethod
    async def dial(cls, port: int, host: str = "127.0.0.1") -> Wire:
        return cls(*await asyncio.open_connection(host, port), port)

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def ask(self, handshake: Handshake) -> int:
        """The status that the answer has; 0 when the connection closed without one."""
        self.write(handshake.encode(self.port))
        head = await self.until_closed(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.1 ") else 0

    async def until_closed(self, end: bytes = b"\0never\0") -> bytes:
        """What comes until it closes, or until `end`. Fails when neither happens in time."""
        try:
            async with asyncio.timeout(REFUSED_WITHIN_S):
                return await self.reader.readuntil(end)
        except asyncio.IncompleteReadError as error:
            return error.partial
        except ConnectionError:  # Not OSError: a timeout is one of those.
            return b""

    def close(self) -> None:
        self.writer.transport.abort()


def ws_frame(
    opcode: int, payload: bytes = b"", *, first: int = FIN, mask: bool = True, length: int | None = None
) -> bytes:
    """A WebSocket frame; `length` may lie."""
    size = len(payload) if length is None else length
    head = bytes([first | opcode])
    flag = 0x80 if mask else 0
    if size < 126:
        head += bytes([flag | size])
    elif size < 65_536:
        head += bytes([flag | 126]) + struct.pack("!H", size)
    else:
        head += bytes([flag | 127]) + struct.pack("!Q", size)
    # A mask of zeros masks nothing.
    return head + (bytes(4) if mask else b"") + payload


def link_frame(kind: Oneof[Any, Any]) -> bytes:
    return encode_frame(Frame(int(Lane.COMMAND), 0, LinkEnvelope(kind=kind).to_binary()))


def hello_frame(token: str = "") -> bytes:
    hello = Hello(protocol_major=1, schema_digest="0" * 64, build="attack", role=Role.HOST, token=token)
    kind: Oneof[Any, Any] = Oneof("hello", hello)
    return encode_frame(Frame(int(Lane.COMMAND), 1, Envelope(kind=kind).to_binary()))


def authenticate(token: str) -> bytes:
    return link_frame(Oneof("authenticate", Authenticate(token=token)))


def open_connection(number: int = 1, role: Role = Role.HOST) -> bytes:
    return link_frame(Oneof("connection_open", ConnectionOpen(connection=number, role=role)))


REQUESTS: dict[str, tuple[Handshake, int]] = {
    "root": (Handshake(path="/"), 404),
    "path below": (Handshake(path="/macroscope/v1/"), 404),
    "path above": (Handshake(path="/macroscope"), 404),
    "another version of the path": (Handshake(path="/macroscope/v2"), 404),
    "a query": (Handshake(path="/macroscope/v1?token=0123456789abcdef0123456789abcdef"), 404),
    "an encoded path": (Handshake(path="/macroscope/%76%31"), 404),
    "a path with dots": (Handshake(path="/x/../macroscope/v1"), 404),
    "an absolute address": (Handshake(path="http://127.0.0.1/macroscope/v1"), 404),
    "post": (Handshake(method="POST"), 405),
    "options, as before a request of another site": (Handshake(method="OPTIONS"), 405),
    "head": (Handshake(method="HEAD"), 405),
    "lower case method": (Handshake(method="get"), 405),
    "connect": (Handshake(method="CONNECT", path="127.0.0.1:22"), 405),
    "a rebound name": (Handshake(host="attacker.example:{port}"), 421),
    "a name that only begins well": (Handshake(host="localhost.attacker.example:{port}"), 421),
    "a wildcard name of the loopback": (Handshake(host="127.0.0.1.nip.io:{port}"), 421),
    "another loopback address": (Handshake(host="127.0.0.2:{port}"), 421),
    "all addresses": (Handshake(host="0.0.0.0:{port}"), 421),
    "another port in the name": (Handshake(host="127.0.0.1:80"), 421),
    "no port in the name": (Handshake(host="127.0.0.1"), 421),
    "no host": (Handshake(host=None), 421),
    "two hosts": (Handshake(more={"host": "attacker.example"}), 421),
    "a foreign page": (Handshake(origin="https://attacker.example"), 403),
    "a foreign page that begins well": (Handshake(origin=f"{ORIGIN}.attacker.example"), 403),
    "the page's host with another port": (Handshake(origin="http://127.0.0.1:5174"), 403),
    "the page's host with another scheme": (Handshake(origin="https://127.0.0.1:5173"), 403),
    "an opaque origin, of a sandboxed frame or a file": (Handshake(origin="null"), 403),
    "an empty origin": (Handshake(origin=""), 403),
    "two origins": (Handshake(more={"origin": "https://attacker.example"}), 403),
    "a browser that hides its origin": (Handshake(origin=None, more={"Sec-Fetch-Site": "cross-site"}), 403),
    "no subprotocol": (Handshake(subprotocol=None), 400),
    "another subprotocol": (Handshake(subprotocol="macroscope.v2"), 400),
    "the token as subprotocol": (Handshake(subprotocol="0123456789abcdef0123456789abcdef"), 400),
    "a subprotocol that is none": (Handshake(subprotocol="macroscope.v1, ,=("), 400),
    "no upgrade": (Handshake(without=("Upgrade", "Connection")), 426),
    "no key": (Handshake(without=("Sec-WebSocket-Key",)), 400),
    "an old version of WebSocket": (Handshake(more={"Sec-WebSocket-Version": "8"}), 400),
    "HTTP 1.0": (Handshake(version="HTTP/1.0"), 505),
    "a body": (Handshake(method="POST", more={"Content-Length": "5"}, body=b"hello"), 0),
    "a chunked body": (Handshake(more={"Transfer-Encoding": "chunked"}, body=b"0\r\n\r\n"), 0),
    "a header without end": (Handshake(more={"X-Long": "x" * 20_000}), 431),
    "too many headers": (Handshake(more={f"X-{index}": "1" for index in range(300)}), 431),
    "an address without end": (Handshake(path="/" + "x" * 20_000), 414),
}
"""Refused before the upgrade, with this status; 0 is none."""

GARBAGE: dict[str, bytes] = {
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "our own frames without a WebSocket": authenticate("0" * 64) + b"\n",
    "a line break": b"\n",
    "binary": bytes(range(256)),
}
"""Sent in place of a request; closed without an answer."""

MESSAGES: dict[str, Callable[[str], bytes]] = {
    "a wrong token": lambda _: ws_frame(BINARY, authenticate("f" * 64)),
    "a token that is nearly right": lambda token: ws_frame(BINARY, authenticate(token[:-1] + "x")),
    "half of the token": lambda token: ws_frame(BINARY, authenticate(token[:32])),
    "the token as text": lambda token: ws_frame(TEXT, token.encode()),
    "JSON": lambda token: ws_frame(TEXT, b'{"token": "' + token.encode() + b'"}'),
    "a connection before the token": lambda _: ws_frame(BINARY, open_connection()),
    "a hello before the token": lambda token: ws_frame(BINARY, hello_frame(token)),
    "an empty message": lambda _: ws_frame(BINARY),
    "no frame": lambda _: ws_frame(BINARY, os.urandom(64)),
    "a frame that announces 4 GiB": lambda _: ws_frame(BINARY, b"MS\x01\x02" + bytes(4) + b"\xff" * 8),
    "a message over the limit": lambda _: ws_frame(BINARY, bytes(2**20 + 1)),
    "a message that announces 8 EiB": lambda _: ws_frame(BINARY, b"x", length=2**62),
    "fragments over the limit": lambda _: (
        ws_frame(BINARY, bytes(2**19), first=0) + ws_frame(CONTINUATION, bytes(2**19), first=0) * 2
    ),
    "a flood of empty fragments": lambda _: ws_frame(BINARY, first=0) + ws_frame(CONTINUATION, first=0) * 20_000,
    "a continuation of nothing": lambda _: ws_frame(CONTINUATION, b"x"),
    "a message within a message": lambda _: ws_frame(BINARY, b"x", first=0) + ws_frame(BINARY, b"y"),
    "a message without a mask": lambda token: ws_frame(BINARY, authenticate(token), mask=False),
    "a compressed message": lambda _: ws_frame(BINARY, b"x", first=FIN | 0x40),
    "an unknown kind": lambda _: ws_frame(5, b"x"),
    "a ping that is too long": lambda _: ws_frame(PING, bytes(126)),
    "text that is none": lambda _: ws_frame(TEXT, b"\xff\xfe"),
    "a close frame of one byte": lambda _: ws_frame(CLOSE, b"x"),
    "silence": lambda _: b"",
    "pings instead of a token": lambda _: ws_frame(PING, b"x") * 10,
    "half a message": lambda token: ws_frame(BINARY, authenticate(token))[:-5],
}
"""Sent after a good handshake, by somebody who has no token or does not know how to show it; closed, unanswered."""
