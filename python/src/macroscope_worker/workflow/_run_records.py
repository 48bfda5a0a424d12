"""What the journal of a run keeps of settings: at its start, and whenever they change in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from ._ports import Instruments

WORKFLOW_TOPIC: Final = "/workflow"
CONFIGURATION_TOPIC: Final = "/configuration"
CAMERA_TOPIC: Final = "/camera"


class SettingsRecord:
    """Writes configuration and camera into the journal, from its making to `close`. On the event loop."""

    def __init__(self, instruments: Instruments, loop: asyncio.AbstractEventLoop) -> None:
        self._with = instruments
        self._loop = loop
        self._closed = False
        self._configuration_revision = self._camera_revision = -1
        self._unsubscribe: list[Callable[[], None]] = [
            instruments.store.subscribe(self._look),
            instruments.engine.subscribe(self._engine_changed),
        ]
        self._look()

    def close(self) -> None:
        """Write no more."""
        self._closed = True
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _engine_changed(self) -> None:
        if not self._closed and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        if self._closed:
            return
        state = self._with.store.state
        if state.revision != self._configuration_revision:
            self._configuration_revision = state.revision
            self._with.journal.write(CONFIGURATION_TOPIC, state)
        camera = self._with.engine.camera()
        if camera.revision != self._camera_revision:
            self._camera_revision = camera.revision
            self._with.journal.write(CAMERA_TOPIC, self._with.camera_state(camera))
