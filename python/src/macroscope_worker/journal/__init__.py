"""What happened beside the frames: `events.mcap` in a run folder."""

from __future__ import annotations

from macroscope_worker.journal._journal import Journal
from macroscope_worker.journal._reader import Event, EventsEnd, EventsReader, EventsUnreadable
from macroscope_worker.journal._topics import TOPICS
from macroscope_worker.journal._verification import EventsReport, RunReport, verify_events, verify_run

__all__ = [
    "TOPICS",
    "Event",
    "EventsEnd",
    "EventsReader",
    "EventsReport",
    "EventsUnreadable",
    "Journal",
    "RunReport",
    "verify_events",
    "verify_run",
]
