from __future__ import annotations

from macroscope.rpc.v1.frame_pb import Status

from macroscope_worker.rpc.answer_line import Answer, AnswerLine
from macroscope_worker.rpc.credit import CreditAccount
from macroscope_worker.rpc.frame import Frame


def test_is_ready_when_a_frame_waits_whatever_the_credit_of_the_stream() -> None:
    line = AnswerLine(1, 4, credit=CreditAccount(0, 0))
    assert not line.ready
    line.append(Frame(4, 1, b"x"))
    assert line.ready


def test_the_slot_and_a_turn_need_the_credit_of_the_stream() -> None:
    line = AnswerLine(1, 4, credit=CreditAccount(0, 0))
    line.offer(Answer(b"m", b""))
    assert line.credit is not None
    assert not line.ready
    line.credit.grant(1, 1)
    assert line.ready
    assert line.take_slot().message == b"m"
    assert not line.ready
    line.wants_turn = True
    assert line.ready


def test_a_newer_message_replaces_the_one_in_the_slot_and_is_counted() -> None:
    line = AnswerLine(7, 4)
    for number in range(3):
        line.offer(Answer(bytes([number]), b"tail"))
    answer = line.take_slot()
    assert (answer.message, answer.nbytes, line.skipped) == (b"\x02", 5, 2)
    kind = line.message(answer, last=True)
    assert (kind.value.call, kind.value.message, kind.value.skipped, kind.value.last) == (7, b"\x02", 2, True)


def test_drops_everything_and_says_how_much_that_was() -> None:
    line = AnswerLine(1, 4, credit=CreditAccount())
    one, other = Frame(4, 1, b"x"), Frame(4, 1, b"", bytes(100))
    line.append(one)
    line.append(other)
    line.offer(Answer(b"m", b""))
    line.ending = Status(call=1)
    line.wants_turn = True
    assert line.clear() == one.nbytes + other.nbytes
    assert not line.ready
    assert line.ending is None
    assert AnswerLine(2, 4).clear() == 0
