from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.rpc.receivers import BEHIND_AFTER_NS, ENDED_KEPT, Receivers, ReceiverTrack

MS = 1_000_000


def test_knows_what_was_sent_and_what_was_acknowledged() -> None:
    track = ReceiverTrack("window 1", "/a/B")
    track.sent(7, 0, 10 * MS)
    track.sent(9, 1, 20 * MS)
    report = track.report(50 * MS)
    assert (report.label, report.method, report.sent_revision, report.acknowledged_revision) == (
        "window 1",
        "/a/B",
        9,
        0,
    )
    assert (report.behind_ms, report.skipped, report.ended) == (40.0, 1, False)
    track.acknowledged(1)
    report = track.report(50 * MS)
    assert (report.acknowledged_revision, report.behind_ms) == (7, 30.0)
    track.acknowledged(5)
    assert track.report(50 * MS).behind_ms == 0
    track.sent(10, 1, 60 * MS)
    assert track.report(60 * MS).acknowledged_revision == 9, "credit beyond what was sent acknowledges nothing more"


def test_falls_behind_once_each_time() -> None:
    track = ReceiverTrack("window 1", "/a/B")
    assert track.due_ns is None
    track.sent(1, 0, 0)
    track.sent(2, 0, 1)
    assert track.due_ns == BEHIND_AFTER_NS
    assert not track.fell_behind(BEHIND_AFTER_NS - 1)
    assert track.fell_behind(BEHIND_AFTER_NS)
    assert not track.fell_behind(BEHIND_AFTER_NS + 1)
    assert track.due_ns is None
    track.acknowledged(1)
    assert not track.fell_behind(BEHIND_AFTER_NS + 3), "it has not caught up"
    track.acknowledged(1)
    track.sent(3, 0, BEHIND_AFTER_NS + 5)
    assert track.fell_behind(2 * BEHIND_AFTER_NS + 5)


def test_those_that_ended_stay_for_a_while_with_the_reason() -> None:
    receivers = Receivers()
    there = receivers.began("there", "/a/B")
    for number in range(ENDED_KEPT + 3):
        gone = receivers.began(f"gone {number}", "/a/B")
        receivers.ended(gone, "window closed", 0)
        receivers.ended(gone, "again", 0)
    first, *ended = receivers.report(0)
    assert (first.label, first.ended, first.reason) == ("there", False, "")
    assert [receiver.label for receiver in ended] == [f"gone {number}" for number in range(3, ENDED_KEPT + 3)]
    assert {(receiver.ended, receiver.reason) for receiver in ended} == {(True, "window closed")}
    receivers.ended(there, "", 0)


@given(st.lists(st.one_of(st.just("send"), st.integers(1, 400)), max_size=600))
def test_the_acknowledged_revision_is_the_newest_for_which_credit_came(steps: list[str | int]) -> None:
    track = ReceiverTrack("", "")
    sent = acknowledged = 0
    for step in steps:
        if step == "send":
            sent += 1
            track.sent(sent, 0, 0)
        else:
            assert isinstance(step, int)
            acknowledged = min(sent, acknowledged + step)
            track.acknowledged(step)
        report = track.report(0)
        assert report.sent_revision == sent
        assert report.acknowledged_revision <= acknowledged
        if sent - acknowledged == 0 or sent <= 256:
            assert report.acknowledged_revision == acknowledged
