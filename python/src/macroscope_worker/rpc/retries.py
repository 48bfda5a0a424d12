"""Makes idempotent calls again that ended with UNAVAILABLE."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel

from macroscope_worker.clock import clock_ns

from .back_off import BackOff
from .protocol import NS_PER_MS, PROTOCOL
from .status import StatusError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .method_policy import Method

T = TypeVar("T")

_IDEMPOTENT = (IdempotencyLevel.NO_SIDE_EFFECTS, IdempotencyLevel.IDEMPOTENT)


def _may_repeat(error: ConnectError) -> bool:
    """The way failed. A status with details is an answer of the service, such as a camera that is gone."""
    return error.code is Code.UNAVAILABLE and not (isinstance(error, StatusError) and error.details)


@dataclass(frozen=True, slots=True)
class Retries:
    """Up to `max_attempts` in all, within the deadline of the first."""

    max_attempts: int = PROTOCOL.max_attempts
    retry_after_ms: float = PROTOCOL.retry_after_ms
    chance: Callable[[], float] = field(default=random.random)
    """From 0 to 1."""

    async def run(
        self,
        method: Method,
        deadline_ms: int,
        attempt: Callable[[int], Awaitable[T]],
        overtaken: Callable[[], bool] = lambda: False,
    ) -> T:
        """What `attempt` gives, told how many ms are left of the deadline; 0 is none. Raises its last error.

        `overtaken` says that a newer call may have changed what this one, made again, would undo.
        """
        most = self.max_attempts if not method.streams and method.info.idempotency_level in _IDEMPOTENT else 1
        pauses = BackOff(self.retry_after_ms, float("inf"), self.chance)
        due_ns = clock_ns() + deadline_ms * NS_PER_MS
        left_ms = deadline_ms
        for tried in range(1, most):
            try:
                return await attempt(left_ms)
            except ConnectError as error:
                pause_ms = pauses.delay_ms(tried)
                too_late = deadline_ms and clock_ns() + pause_ms * NS_PER_MS >= due_ns
                if too_late or not _may_repeat(error) or overtaken():
                    raise
                await asyncio.sleep(pause_ms / 1e3)
                if overtaken():
                    raise
            if deadline_ms:
                left_ms = max(1, (due_ns - clock_ns()) // NS_PER_MS)
        return await attempt(left_ms)
