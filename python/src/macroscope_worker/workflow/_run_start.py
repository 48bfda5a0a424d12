"""What a run begins with: its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope_worker.errors import FolderUnwritable

from .checks import asked_folder

if TYPE_CHECKING:
    from macroscope_worker.acquisition import AcquisitionSnapshot, Cancellation, RecordingSummary

    from ._ports import Instruments


class RecordingStart:
    """One attempt. `may_run`: a recording of it may run, though `begin` raised, and is to be stopped."""

    def __init__(self, instruments: Instruments) -> None:
        self._with = instruments
        self.may_run = False

    async def begin(self) -> RecordingSummary:
        """Record under the session's name, in its folder. Given up by its caller, it is undone where it can be.

        The journal, which goes with each recording, puts the configuration into the run folder. Raises what the engine
        raises.
        """
        configuration = self._with.store.state.configuration
        session = configuration.session if configuration is not None else None
        name = (session.name if session is not None else None) or "session"
        folder = asked_folder(self._with)
        if folder is not None and not folder.is_absolute():
            # Else it would lie wherever the worker was started.
            raise FolderUnwritable(folder, "it is no full path")

        def start(cancellation: Cancellation) -> AcquisitionSnapshot:
            # Until here it waited behind other commands: what is recorded then is somebody else's.
            self.may_run = True
            return self._with.engine.start_recording(name, folder, 0, cancellation)

        try:
            snapshot = await self._with.threads.command(start)
        except Exception:
            # The engine has refused it, or undone what it began.
            self.may_run = False
            raise
        assert snapshot.recording is not None
        return snapshot.recording
