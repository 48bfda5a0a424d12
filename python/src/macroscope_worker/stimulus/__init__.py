"""The stimulus: its geometry and times, the scene that is shown, and the flips of the display."""

from __future__ import annotations
