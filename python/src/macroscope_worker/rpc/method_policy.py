"""What the schema says about a method: how it is carried, who may call it, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from macroscope.rpc.v1.options_pb import Delivery, Lane, Role, ext_policy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protobuf import DescMethod, DescService, Message

_STREAM_TYPES = {
    "unary": StreamType.UNARY,
    "server_streaming": StreamType.SERVER_STREAM,
    "client_streaming": StreamType.CLIENT_STREAM,
    "bidi_streaming": StreamType.BIDI_STREAM,
}


@dataclass(frozen=True, slots=True)
class Method:
    """One method of a service. `path` is what a call names it by."""

    path: str
    service: str
    name: str
    streams: bool
    lane: Lane
    delivery: Delivery
    needed_role: Role
    default_deadline_ms: int
    input: type[Message[Any]]
    output: type[Message[Any]]
    info: MethodInfo[Any, Any]


@cache
def method_of(desc: DescMethod) -> Method:
    """The method that a descriptor describes. Raises ValueError when the schema leaves out its policy."""
    options = desc.proto.options
    policy = options[ext_policy] if options is not None and ext_policy in options else None
    if policy is None or policy.lane == Lane.UNSPECIFIED or policy.needed_role == Role.UNSPECIFIED:
        msg = f"{desc.parent.type_name}.{desc.name} sets no policy with a lane and a role in its schema."
        raise ValueError(msg)
    streams = desc.method_kind == "server_streaming"
    return Method(
        path=f"/{desc.parent.type_name}/{desc.name}",
        service=desc.parent.type_name,
        name=desc.name,
        streams=streams,
        lane=policy.lane,
        delivery=policy.delivery if policy.delivery != Delivery.UNSPECIFIED else Delivery.RELIABLE,
        needed_role=policy.needed_role,
        default_deadline_ms=policy.default_deadline_ms,
        input=desc.input.type,
        output=desc.output.type,
        info=MethodInfo(
            name=desc.name,
            service_name=desc.parent.type_name,
            input=desc.input.type,
            output=desc.output.type,
            idempotency_level=_idempotency(desc),
            stream_type=_STREAM_TYPES[desc.method_kind],
        ),
    )


def methods_of(services: Iterable[DescService]) -> dict[str, Method]:
    """All methods of the services, by path."""
    return {method.path: method for service in services for method in map(method_of, service.methods)}


def find_method(service: DescService, name: str) -> Method:
    """A method by its name in the schema, such as "ListCameras". Raises KeyError."""
    for desc in service.methods:
        if desc.name == name:
            return method_of(desc)
    raise KeyError(name)


@cache
def method_of_info(info: MethodInfo[Any, Any]) -> Method:
    """The method that generated clients mean. Its service stands in the file of its request."""
    request: type[Message[Any]] = info.input
    for service in request.desc().file.services:
        if service.type_name == info.service_name:
            return find_method(service, info.name)
    raise KeyError(info.service_name)


def _idempotency(desc: DescMethod) -> IdempotencyLevel:
    name = desc.idempotency.name
    return IdempotencyLevel[name] if name in IdempotencyLevel.__members__ else IdempotencyLevel.UNKNOWN
