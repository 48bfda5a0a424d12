"""What a run begins with: its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope_worker.errors import FolderUnwritable

from .checks import asked_folder

if TYPE_CHECKING:
    from macroscope_worker.acquisition import RecordingSummary

    from ._ports import Instruments


async def start_recording(instruments: Instruments) -> RecordingSummary:
    """Record under the session's name, in its folder. Given up by its caller, the recording is undone where it can be.

    The journal, which goes with each recording, puts the configuration into the run folder. Raises what the engine
    raises.
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
