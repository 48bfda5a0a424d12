"""What happened beside the frames: `events.mcap` in a run folder."""

from __future__ import annotations
