from __future__ import annotations

import asyncio

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from macroscope.notification.v1.notification_connect import NotificationServiceClient
from macroscope.notification.v1.notification_pb import (
    AcknowledgeNotificationsRequest,
    PostNotificationRequest,
    WatchNotificationsRequest,
)
from macroscope.rpc.v1.options_pb import Role
from tests.rpc.pair import SERVER
from tests.rpc.serving import bare

from macroscope_worker.notifications import Notifications, Severity
from macroscope_worker.rpc.server import Server
from macroscope_worker.services.error_mapping import translate
from macroscope_worker.services.notification import NotificationService

pytestmark = pytest.mark.asyncio


async def served(
    role: Role = Role.OPERATOR,
) -> tuple[Notifications, NotificationServiceClient, Server]:
    notifications = Notifications()
    server = Server(SERVER, [NotificationService(notifications)], translate=translate)
    return notifications, (await bare(server, role=role)).client(NotificationServiceClient), server


async def test_watches_what_is_kept_and_each_change() -> None:
    notifications, client, server = await served(Role.VIEWER)
    watch = client.watch_notifications(WatchNotificationsRequest())
    first = await anext(watch)
    assert list(first.notifications) == []
    notifications.post(Severity.ERROR, "camera", "camera_lost", "It is gone.", "Plug it in.")
    second = await anext(watch)
    assert second.revision > first.revision
    assert [kept.code for kept in second.notifications] == ["camera_lost"]
    server.close()


async def test_a_storm_is_told_ten_times_a_second_with_its_last_word() -> None:
    notifications, client, server = await served(Role.VIEWER)
    watch = client.watch_notifications(WatchNotificationsRequest())
    await anext(watch)
    loop = asyncio.get_running_loop()
    begun_s, told = loop.time(), 0
    posting = asyncio.create_task(_storm(notifications))
    while (last := await anext(watch)).notifications[-1].count < 300:
        told += 1
    assert told <= (loop.time() - begun_s) / 0.1 + 2
    await posting
    assert last.notifications[-1].message == "299"
    server.close()


async def _storm(notifications: Notifications) -> None:
    for number in range(300):
        notifications.post(Severity.WARNING, "stimulus", "flips_lost", str(number))
        await asyncio.sleep(0.002)


async def test_a_window_posts_and_acknowledges_under_its_name() -> None:
    notifications, client, server = await served()
    request = PostNotificationRequest(
        severity=Severity.WARNING, source="window", code="page_slow", message="The page is slow.", remedy="Close some."
    )
    posted = (await client.post_notification(request)).notification
    assert posted is not None
    assert (posted.code, posted.count) == ("page_slow", 1)
    again = (await client.post_notification(request)).notification
    assert again is not None
    assert (again.id, again.count) == (posted.id, 2)
    answer = await client.acknowledge_notifications(AcknowledgeNotificationsRequest(ids=[posted.id]))
    revision, (kept,) = notifications.snapshot()
    assert answer.revision == revision
    assert kept.acknowledged_by == "test"
    server.close()


async def test_what_is_not_there_is_not_found() -> None:
    _, client, server = await served()
    with pytest.raises(ConnectError) as caught:
        await client.acknowledge_notifications(AcknowledgeNotificationsRequest(ids=[7]))
    assert caught.value.code is Code.NOT_FOUND
    assert "7" in caught.value.message
    server.close()


@pytest.mark.parametrize(
    "changes",
    [{"severity": Severity.UNSPECIFIED}, {"source": "No Name"}, {"code": ""}, {"message": ""}, {"remedy": "x" * 2001}],
)
async def test_what_breaks_a_rule_is_not_posted(changes: dict[str, object]) -> None:
    notifications, client, server = await served()
    values: dict[str, object] = {"severity": Severity.INFO, "source": "window", "code": "a", "message": "Something."}
    with pytest.raises(ConnectError) as caught:
        await client.post_notification(PostNotificationRequest(**(values | changes)))  # type: ignore[arg-type]
    assert caught.value.code is Code.INVALID_ARGUMENT
    assert notifications.snapshot()[1] == []
    server.close()


async def test_a_viewer_tells_nothing() -> None:
    _, client, server = await served(Role.VIEWER)
    with pytest.raises(ConnectError) as caught:
        await client.acknowledge_notifications(AcknowledgeNotificationsRequest())
    assert caught.value.code is Code.PERMISSION_DENIED
    server.close()
