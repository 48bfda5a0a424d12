"""Locks that GenICam's reference implementation, on which pylon stands, leaves behind on Linux.

Its cache of camera descriptions is guarded by a named semaphore of the whole system (`sem_open`; a file in /dev/shm,
see sem_overview(7)). A process that is killed while it holds it leaves it locked, and from then on every program that
loads the library waits for ever, until the computer is restarted. On Windows such an object goes with its last owner.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

_PATTERN: Final = "sem.*GenICam_XML*"
_SEMAPHORE_BYTES: Final = 32
"""Of glibc's sem_t on 64 bits; its value is the first four bytes, little-endian."""


def release_dead_locks(folder: Path = Path("/dev/shm"), processes: Path = Path("/proc")) -> tuple[Path, ...]:  # noqa: S108 - where the system has them
    """Remove locked semaphores that no process has open, and answer with them. Never raises.

    Whoever loads the library next makes a new one. One that is free, or that any process has open, stays; so does each
    where a process of another person may not be looked into.
    """
    if sys.platform != "linux":
        return ()
    locked = [path for path in _found(folder) if _is_locked(path)]
    if not locked:
        return ()
    mapped = _mapped(processes)
    if mapped is None:
        _log.warning("GenICam's lock may have been left by a program that was killed; nobody can tell here")
        return ()
    released = []
    for path in locked:
        if str(path) in mapped:
            continue
        with suppress(OSError):
            path.unlink()
            released.append(path)
            _log.warning("removed GenICam's lock that a killed program has left", extra={"path": str(path)})
    return tuple(released)


def _found(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob(_PATTERN))
    except OSError:
        return []


def _is_locked(path: Path) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return len(content) == _SEMAPHORE_BYTES and int.from_bytes(content[:4], "little") == 0


def _mapped(processes: Path) -> set[str] | None:
    """Semaphores' files that processes have open; None when one cannot be looked into that is not of the system."""
    mapped: set[str] = set()
    for process in processes.iterdir():
        if not process.name.isdecimal():
            continue
        try:
            lines = (process / "maps").read_text(encoding="utf-8", errors="replace").splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        except OSError:
            if _is_of_root(process):
                continue
            return None
        mapped.update(line.split(maxsplit=5)[5] for line in lines if "GenICam_XML" in line)
    return mapped


def _is_of_root(process: Path) -> bool:
    try:
        return process.stat().st_uid == 0
    except OSError:
        return True
