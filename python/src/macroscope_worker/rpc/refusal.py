"""Why a server does not take a call: a code, a sentence, and a typed detail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectrpc.errors import ConnectError
from macroscope.rpc.v1.errors_pb import LimitExceeded, RoleNeeded, UnknownMethod
from macroscope.rpc.v1.frame_pb import Code, Status

from .status import code_of, pack_details

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macroscope.rpc.v1.options_pb import Role
    from protobuf import Message

    from .method_policy import Method


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the status of a refused call says."""

    code: Code
    message: str
    details: tuple[Message[Any], ...] = ()

    def error(self) -> ConnectError:
        """The same, to be raised."""
        return ConnectError(code_of(self.code), self.message, self.details)

    def status(self, call: int) -> Status:
        """The status of this call."""
        return Status(call=call, code=self.code, message=self.message, details=pack_details(self.details))


def draining() -> Refusal:
    """The server ends after its calls."""
    return Refusal(Code.UNAVAILABLE, "The server takes no new calls: it is about to end.")


def unknown_method(path: str, methods: Iterable[Method]) -> Refusal:
    """Nobody serves the method. Names the others of its service, or else the services."""
    methods = list(methods)
    service = path.rpartition("/")[0].lstrip("/")
    known = sorted(method.path for method in methods if method.service == service)
    known = known or sorted({method.service for method in methods})
    sentence = f"Nobody here serves {path!r}. There are: {', '.join(known) or 'no services'}."
    return Refusal(Code.UNIMPLEMENTED, sentence, (UnknownMethod(method=path, known=known),))


def role_too_low(method: Method, given: Role) -> Refusal:
    """The connection's role is not enough."""
    sentence = (
        f"{method.name} needs the role {method.needed_role.name.lower()}; this connection has {given.name.lower()}."
    )
    detail = RoleNeeded(method=method.path, needed=method.needed_role, given=given)
    return Refusal(Code.PERMISSION_DENIED, sentence, (detail,))


def limit_exceeded(limit: str, allowed: int, found: int) -> Refusal:
    """A limit of the protocol."""
    sentence = f"The limit {limit} is {allowed}, and this makes {found}. The connection goes on; ask for less."
    return Refusal(Code.RESOURCE_EXHAUSTED, sentence, (LimitExceeded(limit=limit, allowed=allowed, found=found),))
