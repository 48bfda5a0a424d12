"""What a side says of itself when a connection begins, and whether the two sides fit together."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from macroscope.rpc.v1.errors_pb import VersionMismatch
from macroscope.rpc.v1.frame_pb import Code, Hello
from macroscope.rpc.v1.options_pb import Role
from macroscope.schema_digest import SCHEMA_DIGEST

from .connection_state import Side
from .protocol import PROTOCOL
from .refusal import Refusal


@dataclass(frozen=True, slots=True)
class Greeting:
    """One side of a connection.

    For a client, `role` is what it asks for and `token` its proof; for a server the most it gives and what it expects.
    A server without a token trusts whoever gave it the link.
    """

    build: str
    role: Role
    session: str = ""
    epoch: int = 0
    token: str = ""
    label: str = ""
    protocol_major: int = PROTOCOL.major
    protocol_minor: int = PROTOCOL.minor
    schema_digest: str = SCHEMA_DIGEST

    def hello(self, role: Role, *, token: str = "") -> Hello:
        """The first envelope of this side."""
        return Hello(
            protocol_major=self.protocol_major,
            protocol_minor=self.protocol_minor,
            schema_digest=self.schema_digest,
            build=self.build,
            session=self.session,
            epoch=self.epoch,
            role=role,
            token=token,
            label=self.label,
        )

    def role_for(self, asked: Role) -> Role:
        """Server: the role given to a client that asks for `asked`; asking for none is asking for all."""
        return self.role if asked == Role.UNSPECIFIED else min(asked, self.role)

    def accepts_token(self, token: str) -> bool:
        """Server: the proof is good. Takes equally long for every wrong one."""
        return not self.token or hmac.compare_digest(self.token.encode(), token.encode())

    def refusal(self, theirs: Hello, side: Side) -> Refusal | None:
        """Why this side cannot talk to the other; None when it can."""
        if theirs.protocol_major != self.protocol_major:
            return self._mismatch(theirs, side)
        if side is Side.SERVER and not self.accepts_token(theirs.token):
            return Refusal(Code.UNAUTHENTICATED, "The token is not the one of this server.")
        return None

    def _mismatch(self, theirs: Hello, side: Side) -> Refusal:
        ours = self.hello(self.role)
        client, server = (ours, theirs) if side is Side.CLIENT else (theirs, ours)
        sentence = (
            f"{client.build or 'The client'} speaks protocol {client.protocol_major}.{client.protocol_minor}, "
            f"{server.build or 'the server'} speaks {server.protocol_major}.{server.protocol_minor}. "
            "Install matching versions."
        )
        detail = VersionMismatch(
            client_major=client.protocol_major,
            client_minor=client.protocol_minor,
            client_build=client.build,
            client_schema_digest=client.schema_digest,
            server_major=server.protocol_major,
            server_minor=server.protocol_minor,
            server_build=server.build,
            server_schema_digest=server.schema_digest,
        )
        return Refusal(Code.FAILED_PRECONDITION, sentence, (detail,))
