"""The run that is being recorded, kept so that a worker started after a crash can say what became of it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from macroscope_worker.acquisition import AcquisitionPhase, interrupted_recording
from macroscope_worker.whole_file import read_json, write_whole

if TYPE_CHECKING:
    from macroscope_worker.acquisition import AcquisitionSnapshot, RecordingSummary

MEMORY_NAME: Final = "recording.json"


class RecordingMemory:
    """A file in the runtime folder that is there while a recording runs. A run that ends in order needs no memory."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / MEMORY_NAME
        self._run: Path | None = None

    def interrupted(self) -> RecordingSummary | None:
        """What became of the recording that an earlier worker did not end; None when there is none."""
        try:
            run = Path(read_json(self._path)["directory"])
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return interrupted_recording(run)

    def note(self, snapshot: AcquisitionSnapshot) -> None:
        """Take note of how the recording stands. Waits for the disk when something changed. Raises OSError."""
        running = snapshot.phase not in {AcquisitionPhase.IDLE, AcquisitionPhase.STARTING}
        run = snapshot.recording.directory if running and snapshot.recording is not None else None
        if run == self._run:
            return
        self._run = run
        if run is not None:
            write_whole(self._path, json.dumps({"directory": str(run)}))
        else:
            self.forget()

    def forget(self) -> None:
        """Nothing runs any more."""
        with contextlib.suppress(OSError):
            self._path.unlink()
