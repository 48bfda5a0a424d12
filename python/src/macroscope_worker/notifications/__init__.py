"""What people have to be told, and who has seen it."""

from __future__ import annotations

from macroscope.notification.v1.notification_pb import Notification, Severity

from ._errors import NotificationNotFound
from ._notifications import MOST_KEPT, Notifications

__all__ = ["MOST_KEPT", "Notification", "NotificationNotFound", "Notifications", "Severity"]
