"""`run.json`: what was recorded, with what, and how it ended. Written at the start and at the end, whole each time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from macroscope_worker.recording._fault import Fault
from macroscope_worker.recording._layout import MAX_FRAMES_PER_SHARD, RecordedFormat
from macroscope_worker.recording._outcome import DropReason, RecordingOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "macroscope.run"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment on three clocks. `local` is for people: wall time with its offset, ISO 8601."""

    unix_ns: int
    monotonic_ns: int
    local: str


@dataclass(frozen=True, slots=True)
class EventsInfo:
    """What became of `events.mcap`. Messages that were lost are no part of `messages`."""

    messages: int
    lost_messages: int = 0
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """All of `run.json`. While the run is incomplete, the counts are those of the start: zero."""

    run_id: str
    camera: Mapping[str, Any]
    settings: Mapping[str, float]
    frame_format: RecordedFormat
    frames_per_shard: int
    planned_frames: int
    started: Moment
    software: Mapping[str, str]
    outcome: RecordingOutcome = RecordingOutcome.INCOMPLETE
    fault: Fault | None = None
    ended: Moment | None = None
    captured_frames: int = 0
    written_frames: int = 0
    durable_frames: int = 0
    dropped_frames: Mapping[DropReason, int] = field(default_factory=dict)
    unsynced_frames: int = 0
    """Written, but a sync failed: counted under `write_failed`, though the table has them as written."""
    bytes_written: int = 0
    events: EventsInfo | None = None
    """None: the run has no `events.mcap`, or has not ended."""

    def to_json(self) -> bytes:
        """As the file's content."""
        content: dict[str, Any] = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION} | asdict(self)
        content["outcome"] = self.outcome.name.lower()
        content["dropped_frames"] = {reason.name.lower(): count for reason, count in self.dropped_frames.items()}
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def parse_run_info(data: bytes) -> RunInfo:
    """Read `run.json`. Fields of later versions are passed over.

    Raises
    ------
    ValueError
        It is not one of ours; the message says what is wrong.
    """
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON ({error})") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise ValueError(f'its schema is not "{SCHEMA}"')
    if content.get("schema_version") != SCHEMA_VERSION:
        raise ValueError(
            f"its schema version is {content.get('schema_version')!r}, and this program reads {SCHEMA_VERSION}"
        )
    known = {f.name for f in fields(RunInfo)}
    try:
        values = {name: value for name, value in content.items() if name in known}
        values["frame_format"] = _frame_format(content["frame_format"])
        values["started"] = _moment(content["started"])
        values["ended"] = _moment(content["ended"]) if content.get("ended") is not None else None
        values["outcome"] = RecordingOutcome[content["outcome"].upper()]
        values["fault"] = _fault(content["fault"]) if content.get("fault") is not None else None
        values["events"] = _events(content["events"]) if content.get("events") is not None else None
        values["dropped_frames"] = {
            DropReason[name.upper()]: _count(n) for name, n in content["dropped_frames"].items()
        }
        for name in (
            "captured_frames",
            "written_frames",
            "durable_frames",
            "unsynced_frames",
            "bytes_written",
            "planned_frames",
        ):
            values[name] = _count(content[name])
        if not isinstance(values["run_id"], str) or not 1 <= _count(values["frames_per_shard"]) <= MAX_FRAMES_PER_SHARD:
            raise ValueError("run_id or frames_per_shard has a wrong value")
        return RunInfo(**values)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a field is missing or of the wrong kind ({type(error).__name__}: {error})") from error


def _frame_format(value: Any) -> RecordedFormat:
    frame_format = RecordedFormat(**{f.name: _count(value[f.name]) for f in fields(RecordedFormat)})
    if frame_format.bytes_per_pixel not in {1, 2} or not frame_format.nbytes:
        raise ValueError(f"frame_format cannot be {value!r}")
    return frame_format


def _events(value: Any) -> EventsInfo:
    fault = value["fault"]
    return EventsInfo(
        _count(value["messages"]), _count(value["lost_messages"]), _fault(fault) if fault is not None else None
    )


def _fault(value: Any) -> Fault:
    return Fault(str(value["message"]), str(value["remedy"]))


def _moment(value: Any) -> Moment:
    return Moment(_count(value["unix_ns"]), _count(value["monotonic_ns"]), str(value["local"]))


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**64:
        raise ValueError(f"{value!r} stands where a count was expected")
    return value
