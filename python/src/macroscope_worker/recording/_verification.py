"""Checking a run against itself: every frame's checksum, every number once, and the metadata against the table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from macroscope_worker.recording._checksum import crc32c
from macroscope_worker.recording._layout import FRAMES_ARRAY, ZARR_METADATA
from macroscope_worker.recording._outcome import DropReason, RecordingOutcome
from macroscope_worker.recording._reader import RunReader
from macroscope_worker.recording._zarr import index_entries, shard_index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What verifying a run found."""

    run: Path
    run_id: str
    outcome: RecordingOutcome
    written_frames: int
    """Frames that the table has as written."""
    array_frames: int
    """Frames that Zarr's readers see."""
    good_frames: int
    """Written frames whose bytes have the checksum of the table."""
    bad_frames: tuple[int, ...]
    """Indices of the others."""
    drops: Mapping[DropReason, int]
    problems: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """The recording was completed, and nothing is wrong with it."""
        return self.outcome is RecordingOutcome.COMPLETE and not self.problems

    @property
    def verdict(self) -> str:
        """One sentence."""
        frames = f"{self.good_frames} of {self.written_frames} frames are good"
        if self.is_good:
            return f"The run is complete: {frames}."
        if self.outcome is RecordingOutcome.INCOMPLETE:
            return f"The run is incomplete: it still runs, or the program was stopped before its end. {frames}."
        if self.outcome is RecordingOutcome.FAILED and not self.problems:
            return f"The recording failed, and what it wrote is sound: {frames}."
        return f"The run has problems: {frames}."


def verify(run: Path, progress: Callable[[int, int], None] | None = None) -> VerificationReport:
    """Read everything in a run and check it; `progress` gets frames checked and frames in all.

    Raises
    ------
    NotARun
        The folder holds no run that could be checked.
    """
    reader = RunReader(run)
    problems = _Problems()
    _check_records(reader, problems)
    array_frames = _check_metadata(reader, problems)
    _check_shards(reader, array_frames, problems)
    bad_frames = _check_frames(reader, problems, progress)
    _check_counts(reader, array_frames, problems)
    return VerificationReport(
        run=reader.paths.run,
        run_id=reader.info.run_id,
        outcome=reader.info.outcome,
        written_frames=reader.frame_count,
        array_frames=array_frames,
        good_frames=reader.frame_count - len(bad_frames),
        bad_frames=tuple(bad_frames),
        drops=reader.drops(),
        problems=tuple(problems.sentences),
    )


class _Problems:
    """Sentences, of one kind no more than a reader takes in."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def add_places(self, what: str, places: list[int]) -> None:
        if places:
            named = ", ".join(str(place) for place in places[:_MOST_NAMED])
            more = f" and {len(places) - _MOST_NAMED} more" if len(places) > _MOST_NAMED else ""
            self.add(f"{what}: {named}{more}.")


def _check_records(reader: RunReader, problems: _Problems) -> None:
    table = reader.table
    problems.add_places("Records of the frame table have a wrong checksum, at positions", list(table.damaged))
    if table.torn_bytes and reader.info.outcome is RecordingOutcome.COMPLETE:
        problems.add(f"The frame table ends in {table.torn_bytes} bytes that make no record.")
    known = {0, *DropReason}
    problems.add_places(
        "Records have an unknown outcome, at positions",
        [place for place, outcome in enumerate(table.records["outcome"].tolist()) if outcome not in known],
    )
    problems.add_places(
        "Frames are not in the slot of their turn, at indices",
        [index for index, slot in enumerate(reader.written["slot"].tolist()) if index != slot],
    )
    problems.add_places(
        "Frames cover other than one number, at indices",
        [index for index, count in enumerate(reader.written["count"].tolist()) if count != 1],
    )
    twice: list[int] = []
    missing: list[int] = []
    following: int | None = None
    for frame_id, count in sorted(
        zip(table.records["frame_id"].tolist(), table.records["count"].tolist(), strict=True)
    ):
        if following is not None and frame_id < following:
            twice.append(frame_id)
        elif following is not None and frame_id > following:
            missing.append(following)
        following = max(following or 0, frame_id + count)
    problems.add_places("Frame numbers end more than once, from", twice)
    problems.add_places("Frame numbers are neither written nor noted as lost, from", missing)


def _check_metadata(reader: RunReader, problems: _Problems) -> int:
    """Check the Zarr metadata; answers how many frames the array's shape counts, 0 when that cannot be told."""
    group = reader.paths.group / ZARR_METADATA
    try:
        found: Any = json.loads(group.read_bytes())
        path = found["attributes"]["ome"]["multiscales"][0]["datasets"][0]["path"]
        if (found["zarr_format"], found["node_type"], path) != (3, "group", FRAMES_ARRAY):
            problems.add(f"{group.name} of the group describes no group of a run.")
    except OSError as error:
        problems.add(f"The group's {group.name} cannot be read: {error.strerror or error}.")
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        problems.add(f"The group's {group.name} cannot be used ({type(error).__name__}: {error}).")
    try:
        return reader.array_frames()
    except OSError as error:
        problems.add(f"The array's {ZARR_METADATA} cannot be read: {error.strerror or error}.")
    except ValueError as error:
        problems.add(f"The array's {ZARR_METADATA} cannot be used: {error}.")
    return 0


def _check_shards(reader: RunReader, array_frames: int, problems: _Problems) -> None:
    layout = reader.layout
    # A frame of the array that has no file would read as zeros, without a word.
    shards = -(-max(reader.frame_count, min(array_frames, 2 * reader.frame_count + layout.frames)) // layout.frames)
    for shard in range(shards):
        path = reader.paths.shard(shard)
        try:
            with path.open("rb") as file:
                head = file.read(layout.head_bytes)
            index_entries(head, layout)
            if not head.startswith(shard_index(layout)):
                problems.add(f"The index of shard {shard} gives other places than the run's layout.")
        except OSError as error:
            problems.add(f"Shard {shard} cannot be read: {error.strerror or error}.")
        except ValueError as error:
            problems.add(f"Shard {shard} cannot be used: {error}.")


def _check_frames(reader: RunReader, problems: _Problems, progress: Callable[[int, int], None] | None) -> list[int]:
    bad: list[int] = []
    unreadable: list[int] = []
    total = reader.frame_count
    for index, (slot, checksum) in enumerate(
        zip(reader.written["slot"].tolist(), reader.written["pixel_crc32c"].tolist(), strict=True)
    ):
        try:
            if crc32c(reader.read_slot(slot)) != checksum:
                bad.append(index)
        except ValueError:
            unreadable.append(index)
        if progress is not None:
            progress(index + 1, total)
    problems.add_places("Frames are not what was written, at indices", bad)
    problems.add_places("Frames are not there or cannot be read, at indices", unreadable)
    return sorted(bad + unreadable)


def _check_counts(reader: RunReader, array_frames: int, problems: _Problems) -> None:
    info, written = reader.info, reader.frame_count
    if array_frames > written:
        problems.add(f"The array has {array_frames} frames, and the frame table only {written} records of them.")
    if info.outcome is RecordingOutcome.INCOMPLETE:
        return
    if info.durable_frames != array_frames:
        problems.add(f"run.json counts {info.durable_frames} durable frames, and the array has {array_frames}.")
    if info.written_frames != written:
        problems.add(f"run.json counts {info.written_frames} written frames, and the frame table {written}.")
    if info.outcome is not RecordingOutcome.COMPLETE:
        # A disk that refused frames may have refused the records of their loss too.
        return
    drops = reader.drops()
    if dict(info.dropped_frames) != dict(drops):
        problems.add(
            f"run.json and the frame table disagree on lost frames: {_words(info.dropped_frames)}; {_words(drops)}."
        )
    lost = sum(count for reason, count in drops.items() if reason is not DropReason.CAMERA_GAP)
    if info.captured_frames != written + lost:
        problems.add(f"{info.captured_frames} frames were captured, and {written + lost} are accounted for.")
    if info.durable_frames != info.written_frames:
        problems.add(f"Only {info.durable_frames} of {info.written_frames} frames became durable.")


def _words(drops: Mapping[DropReason, int]) -> str:
    return ", ".join(f"{reason.name.lower()} {count}" for reason, count in sorted(drops.items())) or "none"
