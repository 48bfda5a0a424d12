"""Whatever else is kept in a run folder, beside the frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.recording import EventsInfo, Moment


class RunCompanion(Protocol):
    """Told of each run folder once when it is made and once before it is finished, in turn. No frame waits for it."""

    def opened(self, run_id: str, directory: Path, started: Moment) -> None:
        """The run folder is there, and the first frame has not been taken yet. May wait for the disk."""

    def closing(self) -> EventsInfo | None:
        """The last frame is written, and `run.json` is next; or the folder is removed again, when nothing was recorded.

        No file may be open when this returns. May wait for the disk. Answers what `run.json` says of it.
        """
