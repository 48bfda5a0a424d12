"""The journal of the run that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from protobuf import Message


class Journal:
    """Keeps what happens while a run is recorded. Thread-safe; nothing waits."""

    def __init__(self) -> None:
        self.run_id = ""
        """Of the run that is recorded; empty: none is."""

    def write(self, topic: str, message: Message[Any], at_ns: int | None = None) -> None:
        """Keep a message in the run that is recorded; without one it is dropped."""
