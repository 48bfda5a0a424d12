from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from macroscope_worker.rpc.frame import Frame
from macroscope_worker.rpc.lanes import LaneQueue

frames = st.lists(st.builds(Frame, st.integers(1, 4), st.integers(1, 3), st.binary(max_size=8)), max_size=40)


def drained(queue: LaneQueue) -> list[Frame]:
    found = []
    while (frame := queue.pop()) is not None:
        found.append(frame)
    return found


@given(frames)
def test_a_more_urgent_lane_leaves_first_and_a_connection_in_order(pushed: list[Frame]) -> None:
    queue = LaneQueue()
    for frame in pushed:
        queue.push(frame)
    assert queue.nbytes == sum(frame.nbytes for frame in pushed)
    found = drained(queue)
    assert [frame.lane for frame in found] == sorted(frame.lane for frame in pushed)
    for lane in range(1, 5):
        for connection in range(1, 4):
            ours = [frame for frame in pushed if (frame.lane, frame.connection) == (lane, connection)]
            assert [frame for frame in found if (frame.lane, frame.connection) == (lane, connection)] == ours
    assert queue.nbytes == 0
    assert not queue


@given(frames)
def test_the_connections_of_a_lane_take_turns(pushed: list[Frame]) -> None:
    queue = LaneQueue()
    waiting: dict[tuple[int, int], int] = defaultdict(int)
    for frame in pushed:
        queue.push(frame)
        waiting[frame.lane, frame.connection] += 1
    waited: dict[tuple[int, int], int] = defaultdict(int)
    for frame in drained(queue):
        waiting[frame.lane, frame.connection] -= 1
        waited[frame.lane, frame.connection] = 0
        for (lane, connection), count in waiting.items():
            if lane == frame.lane and connection != frame.connection and count:
                waited[lane, connection] += 1
                assert waited[lane, connection] <= 2, "no connection waits longer than one turn of the others"


def test_what_says_that_a_connection_is_there_goes_before_its_frames() -> None:
    queue = LaneQueue()
    for connection in range(1, 4):
        queue.push(Frame(2, 0, bytes([connection])))
        queue.push(Frame(2, connection, b"hello"))
        queue.push(Frame(2, connection, b"more"))
    assert [queue.pop(), queue.pop()] == [Frame(2, 0, b"\x01"), Frame(2, 0, b"\x02")]
    assert [frame.connection for frame in drained(queue)] == [0, 1, 2, 3, 1, 2, 3]
    queue.push(Frame(2, 1, b"of another"))
    queue.push(Frame(2, 0, b"open 4"))
    queue.push(Frame(2, 4, b"hello"))
    assert [frame.connection for frame in drained(queue)] == [0, 1, 4]


def test_a_stop_passes_queued_pictures() -> None:
    queue = LaneQueue()
    for _ in range(3):
        queue.push(Frame(4, 1, b"", bytes(1000)))
    queue.pop()
    queue.push(Frame(1, 1, b"stop"))
    first = queue.pop()
    assert first is not None
    assert first.envelope == b"stop"
    queue.clear()
    assert queue.pop() is None


@given(frames, st.integers(1, 3))
def test_forgets_what_waits_of_one_connection(pushed: list[Frame], gone: int) -> None:
    queue = LaneQueue()
    for frame in pushed:
        queue.push(frame)
    queue.forget(gone)
    assert queue.nbytes == sum(frame.nbytes for frame in pushed if frame.connection != gone)
    found = drained(queue)
    assert len(found) == sum(frame.connection != gone for frame in pushed)
    assert all(frame.connection != gone for frame in found)
    assert queue.nbytes == 0
