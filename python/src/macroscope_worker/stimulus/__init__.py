"""The stimulus' geometry and times, and the flips of the display. Knows no protocol."""

from __future__ import annotations
