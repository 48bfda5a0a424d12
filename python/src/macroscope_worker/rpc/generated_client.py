"""Gives generated clients our connections in the place of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from connectrpc.client import ConnectClient

from .method_policy import Method, method_of_info

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from connectrpc.method import MethodInfo
    from connectrpc.request import Headers
    from protobuf import Message

C = TypeVar("C", bound=ConnectClient)
REQ = TypeVar("REQ")
RES = TypeVar("RES")


class Caller(Protocol):
    """Whatever makes calls: a connection, or a channel that outlives connections."""

    async def call(
        self,
        method: Method,
        request: Message[Any],
        *,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Message[Any]:
        """Call a unary method."""

    def messages(
        self,
        method: Method,
        request: Message[Any],
        *,
        timeout_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Message[Any]]:
        """The messages of a server-streaming method. Closing the iterator ends the call."""


def generated_client(client_class: type[C], caller: Caller) -> C:
    """A generated client whose calls `caller` makes."""
    typed = type(client_class.__name__, (_Client, client_class), {})
    return cast("C", typed(caller))


class _Client(ConnectClient):
    def __init__(self, caller: Caller) -> None:
        # Not the initialisation of the parent: it would make an HTTP client.
        self._caller = caller

    async def execute_unary(
        self,
        *,
        request: REQ,
        method: MethodInfo[REQ, RES],
        headers: Headers | Mapping[str, str] | None = None,
        timeout_ms: int | None = None,
        use_get: bool = False,
    ) -> RES:
        """Call a unary method."""
        del use_get
        metadata = dict(headers) if headers is not None else None
        answer = await self._caller.call(
            method_of_info(method), cast("Message[Any]", request), timeout_ms=timeout_ms, metadata=metadata
        )
        return cast("RES", answer)

    def execute_server_stream(
        self,
        *,
        request: REQ,
        method: MethodInfo[REQ, RES],
        headers: Headers | Mapping[str, str] | None = None,
        timeout_ms: int | None = None,
    ) -> AsyncIterator[RES]:
        """Call a server-streaming method."""
        metadata = dict(headers) if headers is not None else None
        messages = self._caller.messages(
            method_of_info(method), cast("Message[Any]", request), timeout_ms=timeout_ms, metadata=metadata
        )
        return cast("AsyncIterator[RES]", messages)
