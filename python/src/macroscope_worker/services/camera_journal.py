"""The camera's states, in the journal of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .camera_translation import camera_to_proto

if TYPE_CHECKING:
    from collections.abc import Callable

    from protobuf import Message

    from .engine_port import EnginePort

TOPIC: Final = "/camera"


class CameraJournal:
    """Writes each state of the camera once, from whatever thread the engine tells it on, until `close`."""

    def __init__(self, engine: EnginePort, write: Callable[[str, Message[Any]], None]) -> None:
        self._engine = engine
        self._write = write
        self._revision = engine.camera().revision
        self._unsubscribe = engine.subscribe(self.look)

    def write_now(self) -> None:
        """Write how the camera stands, though it may have been written before."""
        self._write(TOPIC, camera_to_proto(self._engine.camera()))

    def close(self) -> None:
        """Write no more."""
        self._unsubscribe()

    def look(self) -> None:
        """Write how the camera stands if it has changed. Any thread."""
        snapshot = self._engine.camera()
        if snapshot.revision != self._revision:
            self._revision = snapshot.revision
            self._write(TOPIC, camera_to_proto(snapshot))
