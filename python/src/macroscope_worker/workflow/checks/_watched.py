"""The camera watched for a while: a rate and losses need time to be seen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from macroscope_worker.workflow._ports import Instruments

WATCHED_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class Watched:
    """What came meanwhile."""

    seconds: float
    frames: int
    missing: int
    damaged: int
    ring_dropped: int

    @property
    def rate_hz(self) -> float:
        """Frames that came, and those that only their numbers tell of, a second."""
        return (self.frames + self.missing) / self.seconds if self.seconds > 0 else 0.0


async def watch(
    instruments: Instruments, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, for_s: float = WATCHED_S
) -> Watched | None:
    """Count for `for_s` seconds; None when the camera was opened or configured anew meanwhile."""
    before = instruments.engine.health()
    await sleep(for_s)
    after = instruments.engine.health()
    if after.camera.frames < before.camera.frames:
        return None
    return Watched(
        seconds=(after.sampled_ns - before.sampled_ns) / 1e9,
        frames=after.camera.frames - before.camera.frames,
        missing=after.camera.missing_frames - before.camera.missing_frames,
        damaged=after.camera.damaged_frames - before.camera.damaged_frames,
        ring_dropped=after.ring.dropped_frames - before.ring.dropped_frames,
    )
