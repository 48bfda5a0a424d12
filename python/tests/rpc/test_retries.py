from __future__ import annotations

from dataclasses import replace

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel
from macroscope.diagnostics.v1.diagnostics_pb import EchoResponse
from tests.rpc.pair import ECHO, FLOOD

from macroscope_worker.rpc.retries import Retries
from macroscope_worker.rpc.status import StatusError

pytestmark = pytest.mark.asyncio

QUICK = Retries(retry_after_ms=0.001)
CHANGES = replace(ECHO, info=replace(ECHO.info, idempotency_level=IdempotencyLevel.UNKNOWN))
IDEMPOTENT = replace(ECHO, info=replace(ECHO.info, idempotency_level=IdempotencyLevel.IDEMPOTENT))


class Attempts:
    """Fails so often, then answers."""

    def __init__(self, failures: int, code: Code = Code.UNAVAILABLE) -> None:
        self.failures = failures
        self.code = code
        self.left_ms: list[int] = []

    async def __call__(self, left_ms: int) -> str:
        self.left_ms.append(left_ms)
        if len(self.left_ms) <= self.failures:
            raise ConnectError(self.code, f"failure {len(self.left_ms)}")
        return "answer"


@pytest.mark.parametrize("method", [ECHO, IDEMPOTENT])
async def test_idempotent_calls_are_made_again(method: object) -> None:
    attempts = Attempts(3)
    assert await QUICK.run(method, 0, attempts) == "answer"  # type: ignore[arg-type]
    assert attempts.left_ms == [0, 0, 0, 0]


async def test_four_times_in_all() -> None:
    attempts = Attempts(9)
    with pytest.raises(ConnectError, match="failure 4"):
        await QUICK.run(ECHO, 0, attempts)


@pytest.mark.parametrize("method", [CHANGES, FLOOD])
async def test_others_are_never_repeated(method: object) -> None:
    attempts = Attempts(1)
    with pytest.raises(ConnectError):
        await QUICK.run(method, 0, attempts)  # type: ignore[arg-type]
    assert len(attempts.left_ms) == 1


async def test_another_code_is_an_answer() -> None:
    attempts = Attempts(1, Code.ABORTED)
    with pytest.raises(ConnectError):
        await QUICK.run(ECHO, 0, attempts)
    assert len(attempts.left_ms) == 1


async def test_an_answer_of_the_service_is_not_asked_for_again() -> None:
    class Unplugged(Attempts):
        async def __call__(self, left_ms: int) -> str:
            self.left_ms.append(left_ms)
            raise StatusError(Code.UNAVAILABLE, "the camera is gone", [EchoResponse()])

    unplugged = Unplugged(0)
    with pytest.raises(ConnectError, match="camera"):
        await QUICK.run(ECHO, 0, unplugged)
    assert len(unplugged.left_ms) == 1


async def test_a_status_without_details_is_the_way() -> None:
    class Draining(Attempts):
        async def __call__(self, left_ms: int) -> str:
            self.left_ms.append(left_ms)
            raise StatusError(Code.UNAVAILABLE, "about to end")

    draining = Draining(0)
    with pytest.raises(ConnectError):
        await QUICK.run(ECHO, 0, draining)
    assert len(draining.left_ms) == 4


async def test_all_within_the_deadline_of_the_first() -> None:
    attempts = Attempts(9)
    with pytest.raises(ConnectError, match="failure 1"):
        await Retries(retry_after_ms=10_000).run(ECHO, 1_000, attempts)
    attempts = Attempts(2)
    assert await Retries(retry_after_ms=2).run(ECHO, 1_000, attempts) == "answer"
    assert 1_000 == attempts.left_ms[0] > attempts.left_ms[1] > attempts.left_ms[2] > 0


async def test_what_a_newer_call_has_overtaken_is_not_repeated() -> None:
    attempts = Attempts(9)
    with pytest.raises(ConnectError, match="failure 1"):
        await QUICK.run(IDEMPOTENT, 0, attempts, lambda: True)
    answers = iter([False, True])
    attempts = Attempts(9)
    with pytest.raises(ConnectError, match="failure 1"):  # Overtaken in the pause.
        await QUICK.run(IDEMPOTENT, 0, attempts, lambda: next(answers))
