"""How many frames arrived in a time, counted in the table of the run that is being recorded."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from macroscope_worker.recording import DropReason, RunPaths, records_since

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK_EVERY_S: Final = 0.1


def frames_between(
    run: Path, from_ns: int, to_ns: int, *, within_s: float = 3.0, pause: Callable[[float], None] = time.sleep
) -> int:
    """Frames that the worker received from `from_ns` up to `to_ns`, whatever became of them. Waits for the disk.

    The table is written behind the capture: counted is once it has a frame after that time, or `within_s` is over.
    A table that cannot be read has none.
    """
    for _ in range(max(1, round(within_s / LOOK_EVERY_S))):
        frames, whole = _look(run, from_ns, to_ns)
        if whole:
            return frames
        pause(LOOK_EVERY_S)
    return _look(run, from_ns, to_ns)[0]


def _look(run: Path, from_ns: int, to_ns: int) -> tuple[int, bool]:
    try:
        records = records_since(RunPaths(run).table, from_ns)
    except (OSError, ValueError):
        return 0, False
    received_ns = records["received_ns"]
    inside = (received_ns >= from_ns) & (received_ns < to_ns) & (records["outcome"] != DropReason.CAMERA_GAP)
    whole = bool(len(records)) and int(received_ns[-1]) >= to_ns
    return int(records["count"][inside].sum()), whole
