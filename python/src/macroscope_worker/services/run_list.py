"""The runs that lie in a folder: read as little of each as tells what it is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from macroscope.acquisition.v1.acquisition_pb import RecordingOutcome
from macroscope.acquisition.v1.runs_pb import RunEntry
from macroscope.workflow.v1.workflow_pb import SweepOutcome, WorkflowState

from macroscope_worker.journal import EventsReader, EventsUnreadable
from macroscope_worker.recording import RunPaths, parse_run_info, recorded_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macroscope_worker.recording import RunInfo

CONFIGURATION_NAME: Final = "configuration.json"
_STAMPED: Final = re.compile(r"\d{8}-\d{6}_.+")


@dataclass(frozen=True, slots=True)
class RunList:
    """Newest first."""

    runs: tuple[RunEntry, ...]
    left_out: int


def list_runs(directory: Path, most: int, check: Callable[[], None] = lambda: None) -> RunList:
    """The newest runs of a folder; none where there is no such folder. What `check` raises ends it.

    Raises OSError when the folder cannot be read.
    """
    try:
        names = [entry.name for entry in directory.iterdir() if _may_be_run(entry)]
    except FileNotFoundError:
        return RunList((), 0)
    # A run folder's name begins with the time of its start. Others were renamed, and are sorted by their file's time.
    names.sort(key=lambda name: (_stamp(directory / name), name), reverse=True)
    runs: list[RunEntry] = []
    for name in names[:most]:
        check()
        runs.append(_entry(directory / name))
    return RunList(tuple(runs), len(names) - len(runs))


def _may_be_run(path: Path) -> bool:
    if _STAMPED.fullmatch(path.name):
        return True
    try:
        return RunPaths(path).info.is_file()
    except OSError:  # A folder that is not ours to look into, as every disk of Windows has one.
        return False


def _stamp(path: Path) -> str:
    if _STAMPED.fullmatch(path.name):
        return path.name[:15]
    try:
        written_s = RunPaths(path).info.stat().st_mtime
    except OSError:
        return ""
    return datetime.fromtimestamp(written_s, UTC).astimezone().strftime("%Y%m%d-%H%M%S")


def _entry(run: Path) -> RunEntry:
    entry = RunEntry(run_id=_said(run.name), directory=_said(str(run)))
    if entry.directory != str(run):
        entry.problem = "The folder's name is no text: rename it with letters, digits and dashes only."
        return entry
    paths = RunPaths(run)
    try:
        info = parse_run_info(paths.info.read_bytes())
    except OSError as error:
        entry.problem = f"{paths.info.name} cannot be read: {error.strerror or error}."
        return entry
    except ValueError as error:
        entry.problem = f"{paths.info.name} cannot be used: {error}."
        return entry
    entry.run_id = info.run_id
    entry.started_unix_ns = info.started.unix_ns
    entry.outcome = RecordingOutcome(info.outcome)
    entry.camera_id = str(info.camera.get("id", ""))
    _count_frames(entry, info, paths)
    try:
        _read_animal(entry, run)
        _read_sweeps(entry, info, paths)
    except (OSError, ValueError) as error:
        entry.problem = f"{error}."
    return entry


def _said(name: str) -> str:
    """A name as others can be told of it: a disk may have bytes in it that are no text."""
    return name.encode("utf-8", "replace").decode()


def _count_frames(entry: RunEntry, info: RunInfo, paths: RunPaths) -> None:
    entry.captured_frames, entry.bytes_written = info.captured_frames, info.bytes_written
    entry.dropped_frames = sum(info.dropped_frames.values())
    if info.ended is None:
        # Nobody has counted them: the program was killed, or still records.
        entry.captured_frames = recorded_frames(paths)
        entry.bytes_written = entry.captured_frames * info.frame_format.nbytes


def _read_animal(entry: RunEntry, run: Path) -> None:
    try:
        content = json.loads((run / CONFIGURATION_NAME).read_bytes())
        animal_id = content["configuration"].get("session", {}).get("animal_id", "")
        # A field cannot be set to what is no text.
        entry.animal_id = animal_id if isinstance(animal_id, str) else str(animal_id)
    except FileNotFoundError:
        return
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        msg = f"{CONFIGURATION_NAME} cannot be used ({type(error).__name__}: {error})"
        raise ValueError(msg) from error


def _read_sweeps(entry: RunEntry, info: RunInfo, paths: RunPaths) -> None:
    try:
        with EventsReader(paths.events) as events:
            last = events.last("/workflow")
    except FileNotFoundError:
        return
    except EventsUnreadable as error:
        msg = f"{paths.events.name} cannot be used: {error}"
        raise ValueError(msg) from error
    state = last.message() if last is not None else None
    # A recording that was started by hand has the workflow's last run in its journal.
    if isinstance(state, WorkflowState) and state.run is not None and state.run.run_id == info.run_id:
        shown_whole = {sweep.sweep_index for sweep in state.run.shown if sweep.outcome == SweepOutcome.COMPLETE}
        entry.complete_sweeps, entry.planned_sweeps = len(shown_whole), state.run.sweeps
