from __future__ import annotations

from macroscope.rpc.v1.errors_pb import LimitExceeded, RoleNeeded, UnknownMethod
from macroscope.rpc.v1.frame_pb import Code
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.pair import ALL, ECHO, HOST_ONLY

from macroscope_worker.rpc.refusal import draining, limit_exceeded, role_too_low, unknown_method


def test_each_names_its_code_and_carries_what_a_program_can_read() -> None:
    assert draining().code == Code.UNAVAILABLE
    role = role_too_low(HOST_ONLY, Role.VIEWER)
    assert role.details == (RoleNeeded(method=HOST_ONLY.path, needed=Role.HOST, given=Role.VIEWER),)
    assert "needs the role host; this connection has viewer" in role.message
    limit = limit_exceeded("max_open_calls", 256, 257)
    assert (limit.code, limit.details) == (
        Code.RESOURCE_EXHAUSTED,
        (LimitExceeded(limit="max_open_calls", allowed=256, found=257),),
    )


def test_an_unknown_method_names_its_neighbours_or_else_the_services() -> None:
    near = unknown_method(f"/{ECHO.service}/Nothing", ALL.values()).details[0]
    assert isinstance(near, UnknownMethod)
    assert ECHO.path in near.known
    far = unknown_method("/nobody.Here/Nothing", ALL.values()).details[0]
    assert isinstance(far, UnknownMethod)
    assert far.known == [ECHO.service, "test"]
    assert "no services" in unknown_method("/a/B", []).message


def test_makes_the_status_of_a_call() -> None:
    status = limit_exceeded("x", 1, 2).status(9)
    assert (status.call, status.code) == (9, Code.RESOURCE_EXHAUSTED)
    assert status.details[0].unpack(LimitExceeded) == LimitExceeded(limit="x", allowed=1, found=2)
