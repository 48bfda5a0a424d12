"""Everything of the worker beside engine and server: what a run needs besides frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macroscope_worker.journal import Journal
from macroscope_worker.notifications import Notifications
from macroscope_worker.services.notification import NotificationService
from macroscope_worker.services.stimulus import StimulusService
from macroscope_worker.stimulus import Stage

if TYPE_CHECKING:
    from macroscope_worker.rpc.server import Service


class Desk:
    """Owns these parts from its making, on the event loop, to `close`."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.notifications = Notifications(run_id=lambda: self.journal.run_id)
        self.notifications.read(lambda notification: self.journal.write("/notifications", notification))
        self.stage = Stage(
            write=self.journal.write,
            tell=lambda severity, code, message, remedy: self.notifications.post(
                severity, "stimulus", code, message, remedy
            ),
        )

    def services(self) -> list[Service]:
        """What is served of them."""
        return [NotificationService(self.notifications), StimulusService(self.stage)]

    def close(self) -> None:
        """End what runs by itself."""
