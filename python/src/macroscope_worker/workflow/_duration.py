"""How long something takes, in words."""

from __future__ import annotations


def duration_in_words(seconds: float) -> str:
    """Seconds up to two minutes, minutes up to two hours, then hours and minutes: no more than anybody reads."""
    if seconds < 119.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
