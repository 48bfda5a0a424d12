from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.notifications import MOST_KEPT, Notification, NotificationNotFound, Notifications, Severity


class Clock:
    """Wall time and worker's clock in the test's hand."""

    def __init__(self) -> None:
        self.now_ns = 1_000

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notifications(clock: Clock) -> Notifications:
    return Notifications(run_id=lambda: "run-1", clock=lambda: 7, wall_clock=clock)


def post(notifications: Notifications, code: str = "a", **changes: str) -> Notification:
    return notifications.post(Severity.WARNING, "camera", code, changes.get("message", "Something."), "Do it.")


def test_says_all_that_was_told(notifications: Notifications) -> None:
    posted = post(notifications)
    assert posted == Notification(
        id=1,
        severity=Severity.WARNING,
        source="camera",
        code="a",
        message="Something.",
        remedy="Do it.",
        raised_unix_ns=1_000,
        raised_ns=7,
        count=1,
        last_unix_ns=1_000,
        run_id="run-1",
    )
    assert notifications.snapshot()[1] == [posted]


def test_the_same_again_counts_on_with_the_newer_words_and_the_older_id(
    notifications: Notifications, clock: Clock
) -> None:
    first = post(notifications)
    clock.now_ns = 2_000
    again = notifications.post(Severity.ERROR, "camera", "a", "Worse.", "Do more.")
    assert (again.id, again.count, again.raised_unix_ns, again.last_unix_ns) == (first.id, 2, 1_000, 2_000)
    assert (again.severity, again.message, again.remedy) == (Severity.ERROR, "Worse.", "Do more.")
    assert notifications.snapshot()[1] == [again]
    # What was handed out before stays as it was.
    assert (first.count, first.message) == (1, "Something.")


def test_what_happened_in_one_run_is_not_counted_on_in_the_next() -> None:
    run = ""
    notifications = Notifications(run_id=lambda: run)
    before = post(notifications)
    run = "run-1"
    started = [post(notifications), post(notifications)]
    run = ""
    ended = post(notifications, "end")
    run = "run-2"
    again = post(notifications)
    run = ""
    ended_again = post(notifications, "end")
    assert started[0].id == started[1].id
    assert len({before.id, started[0].id, ended.id, again.id, ended_again.id}) == 5
    kept = [(kept.run_id, kept.count) for kept in notifications.snapshot()[1]]
    assert kept == [("", 1), ("run-1", 2), ("", 1), ("run-2", 1), ("", 1)]


def test_a_milder_repetition_stays_as_severe_as_it_was(notifications: Notifications) -> None:
    notifications.post(Severity.ERROR, "camera", "a", "Bad.")
    assert notifications.post(Severity.INFO, "camera", "a", "Less bad.").severity is Severity.ERROR


def test_another_source_or_code_is_another_notification(notifications: Notifications) -> None:
    post(notifications, "a")
    post(notifications, "b")
    notifications.post(Severity.WARNING, "recording", "a", "Something.")
    assert [kept.id for kept in notifications.snapshot()[1]] == [1, 2, 3]


def test_what_was_acknowledged_is_told_anew(notifications: Notifications, clock: Clock) -> None:
    first = post(notifications)
    clock.now_ns = 5_000
    notifications.acknowledge([first.id], "window 1")
    second = post(notifications)
    assert second.id != first.id
    seen = notifications.snapshot()[1][0]
    assert (seen.acknowledged_by, seen.acknowledged_unix_ns) == ("window 1", 5_000)


def test_no_ids_are_all_and_the_first_to_see_it_stays(notifications: Notifications) -> None:
    post(notifications, "a")
    post(notifications, "b")
    notifications.acknowledge([1], "window 1")
    notifications.acknowledge([], "window 2")
    assert [kept.acknowledged_by for kept in notifications.snapshot()[1]] == ["window 1", "window 2"]


def test_somebody_without_a_name_has_seen_it_all_the_same(notifications: Notifications) -> None:
    post(notifications)
    notifications.acknowledge([], "")
    assert notifications.snapshot()[1][0].acknowledged_by == "unnamed"


def test_what_is_not_there_cannot_be_acknowledged(notifications: Notifications) -> None:
    with pytest.raises(NotificationNotFound) as caught:
        notifications.acknowledge([4, 5], "window 1")
    assert caught.value.ids == (4, 5)
    assert notifications.acknowledge([], "window 1") == notifications.snapshot()[0]


def test_one_that_is_gone_does_not_stop_the_others(notifications: Notifications) -> None:
    post(notifications)
    notifications.acknowledge([1, 99], "window 1")
    assert notifications.snapshot()[1][0].acknowledged_by == "window 1"


def test_the_revision_rises_with_what_changes_and_only_then(notifications: Notifications) -> None:
    revisions = [notifications.snapshot()[0]]
    for change in (
        lambda: post(notifications),
        lambda: post(notifications),
        lambda: notifications.acknowledge([], "w"),
    ):
        change()
        revisions.append(notifications.snapshot()[0])
    assert revisions == sorted(set(revisions))
    notifications.acknowledge([], "w")
    assert notifications.snapshot()[0] == revisions[-1]


def test_only_the_last_are_kept_and_those_that_nobody_has_seen_longest(notifications: Notifications) -> None:
    for number in range(MOST_KEPT):
        post(notifications, f"c{number}")
    notifications.acknowledge([50], "window 1")
    post(notifications, "new")
    kept = [kept.id for kept in notifications.snapshot()[1]]
    assert len(kept) == MOST_KEPT
    assert 50 not in kept
    post(notifications, "newer")
    assert notifications.snapshot()[1][0].id == 2


def test_readers_get_each_change_and_listeners_are_called(notifications: Notifications) -> None:
    read: list[tuple[int, str]] = []
    called: list[int] = []
    stop = notifications.read(lambda notification: read.append((notification.count, notification.acknowledged_by)))
    notifications.subscribe(lambda: called.append(notifications.snapshot()[0]))
    post(notifications)
    post(notifications)
    notifications.acknowledge([], "w")
    stop()
    post(notifications)
    assert read == [(1, ""), (2, ""), (2, "w")]
    assert called == [2, 3, 4, 5]


def test_a_listener_that_fails_keeps_nobody_from_hearing(notifications: Notifications) -> None:
    heard = threading.Event()

    def fail() -> None:
        msg = "a bug"
        raise RuntimeError(msg)

    notifications.subscribe(fail)
    notifications.subscribe(heard.set)
    post(notifications)
    assert heard.is_set()


def test_many_threads_lose_no_count() -> None:
    notifications = Notifications()
    with ThreadPoolExecutor(8) as threads:
        for _ in range(400):
            threads.submit(notifications.post, Severity.INFO, "host", "a", "Something.")
    (kept,) = notifications.snapshot()[1]
    assert kept.count == 400


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60))
def test_every_post_is_counted_once(steps: list[tuple[str, bool]]) -> None:
    notifications = Notifications()
    for code, acknowledge in steps:
        post(notifications, code)
        if acknowledge:
            notifications.acknowledge([], "w")
    kept = notifications.snapshot()[1]
    assert sum(notification.count for notification in kept) == len(steps)
    unseen = [notification.code for notification in kept if not notification.acknowledged_by]
    assert len(unseen) == len(set(unseen))
