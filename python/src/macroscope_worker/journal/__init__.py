"""What happened beside the frames: `events.mcap` in a run folder."""

from __future__ import annotations

from macroscope_worker.journal._journal import Journal

__all__ = ["Journal"]
