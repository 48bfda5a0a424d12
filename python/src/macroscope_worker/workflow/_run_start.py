"""What a run begins with: its recording, its configuration on the disk, and what holds the rest fixed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from macroscope_worker.errors import FolderUnwritable
from macroscope_worker.whole_file import write_whole

from ._in_daemon import in_daemon
from .checks import asked_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macroscope_worker.acquisition import RecordingSummary

    from ._ports import Instruments

CONFIGURATION_NAME: Final = "configuration.json"

_WRITE_WITHIN_S: Final = 10.0


async def start_recording(instruments: Instruments) -> RecordingSummary:
    """Record under the session's name, in its folder. Given up by its caller, the recording is undone where it can be.

    Raises what the engine raises.
    """
    configuration = instruments.store.state.configuration
    session = configuration.session if configuration is not None else None
    name = (session.name if session is not None else None) or "session"
    folder = asked_folder(instruments)
    if folder is not None and not folder.is_absolute():
        # Else it would lie wherever the worker was started.
        raise FolderUnwritable(folder, "it is no full path")
    snapshot = await instruments.threads.command(
        lambda cancellation: instruments.engine.start_recording(name, folder, 0, cancellation)
    )
    assert snapshot.recording is not None
    return snapshot.recording


async def write_configuration(
    instruments: Instruments, run: Path, write: Callable[[Path, str], None] = write_whole
) -> None:
    """Put the configuration into the run folder, durable. Raises FolderUnwritable."""
    text = instruments.store.preset_text()
    try:
        async with asyncio.timeout(_WRITE_WITHIN_S):
            await in_daemon(lambda: write(run / CONFIGURATION_NAME, text))
    except TimeoutError:
        raise FolderUnwritable(run, f"the disk does not answer within {_WRITE_WITHIN_S:g} s") from None
    except OSError as error:
        raise FolderUnwritable(run, error.strerror or str(error)) from error
