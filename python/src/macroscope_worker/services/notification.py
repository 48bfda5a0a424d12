"""What people have to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from macroscope.notification.v1 import notification_connect
from macroscope.notification.v1.notification_pb import (
    AcknowledgeNotificationsRequest,
    AcknowledgeNotificationsResponse,
    PostNotificationRequest,
    PostNotificationResponse,
    WatchNotificationsRequest,
    WatchNotificationsResponse,
)

from macroscope_worker.rpc.server_connection import CallContext

from .news import News, Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from macroscope_worker.notifications import Notifications

STATE_GAP_S: Final = 0.1
"""Whatever posts again and again, the list is told at most ten times a second."""


class NotificationService(notification_connect.NotificationService):
    """Serves the worker's notifications."""

    def __init__(self, notifications: Notifications) -> None:
        self._notifications = notifications

    async def watch_notifications(
        self, request: WatchNotificationsRequest, ctx: RequestContext[Any, Any], /
    ) -> AsyncIterator[WatchNotificationsResponse]:
        """What is kept, and again whenever that changes."""
        del request, ctx
        news, pace = News(), Pace(STATE_GAP_S)
        unsubscribe = self._notifications.subscribe(news.tell)
        try:
            while True:
                await pace.wait()
                revision, kept = self._notifications.snapshot()
                yield WatchNotificationsResponse(revision=revision, notifications=kept)
                await news.wait()
        finally:
            unsubscribe()

    async def post_notification(
        self, request: PostNotificationRequest, ctx: RequestContext[Any, Any], /
    ) -> PostNotificationResponse:
        """A window or the host tells something."""
        del ctx
        posted = self._notifications.post(
            request.severity, request.source, request.code, request.message, request.remedy
        )
        return PostNotificationResponse(notification=posted)

    async def acknowledge_notifications(
        self, request: AcknowledgeNotificationsRequest, ctx: RequestContext[Any, Any], /
    ) -> AcknowledgeNotificationsResponse:
        """Somebody has seen them: the caller, by the name of its connection."""
        by = ctx.caller if isinstance(ctx, CallContext) else ""
        return AcknowledgeNotificationsResponse(revision=self._notifications.acknowledge(request.ids, by))
