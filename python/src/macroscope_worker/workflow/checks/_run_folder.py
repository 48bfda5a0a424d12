"""Where the run would be written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from macroscope_worker.workflow._ports import Instruments


def asked_folder(instruments: Instruments) -> Path | None:
    """The folder that the configuration asks for; None: the worker's own."""
    configuration = instruments.store.state.configuration
    session = configuration.session if configuration is not None else None
    directory = session.directory if session is not None else None
    return Path(directory) if directory else None


def run_folder(instruments: Instruments) -> Path:
    """The folder that run folders are made in."""
    return asked_folder(instruments) or instruments.engine.acquisition().default_directory


def nearest_folder(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there: a file, where one is in the way. Waits for the disk."""
    return next((place for place in (folder, *folder.parents) if _is_there(place)), folder)


def _is_there(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:
        # A name that is too long, or a share that is away: whoever makes the folder is told why it cannot be.
        return False
