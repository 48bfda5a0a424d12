from __future__ import annotations

from macroscope.rpc.v1.options_pb import Lane

from macroscope_worker.rpc.credit import ConnectionReturn, CreditAccount, StreamReturn
from macroscope_worker.rpc.protocol import PROTOCOL


def test_begins_with_what_the_schema_says() -> None:
    account = CreditAccount()
    assert account.messages == PROTOCOL.initial_credit_messages
    assert account.nbytes == PROTOCOL.initial_credit_bytes


def test_one_message_may_overshoot() -> None:
    account = CreditAccount(messages=4, nbytes=10)
    assert account.open
    account.spend(1000)
    assert not account.open
    account.grant(0, 990)
    assert not account.open
    account.grant(0, 1)
    assert account.open


def test_messages_run_out() -> None:
    account = CreditAccount(messages=1, nbytes=10)
    account.spend(0)
    assert not account.open


def test_grants_without_measure_have_a_bound() -> None:
    account = CreditAccount()
    for _ in range(4):
        account.grant(2**40, 2**40)
    assert account.messages == account.nbytes == 2**32 - 1


class TestStreamReturn:
    def test_gathers_half_of_the_window(self) -> None:
        returning = StreamReturn(Lane.FRAME, (8, 1000))
        assert [returning.taken(10) for _ in range(5)] == [None, None, None, (4, 40), None]
        assert returning.taken(490) == (2, 500)

    def test_grants_states_and_large_messages_at_once(self) -> None:
        assert StreamReturn(Lane.STATE, (100, 1 << 30)).taken(1) == (1, 1)
        returning = StreamReturn(Lane.FRAME, (100, 1 << 30))
        assert returning.taken(64 * 1024 - 1) is None
        assert returning.taken(64 * 1024) == (2, 128 * 1024 - 1)

    def test_a_window_of_one_never_waits(self) -> None:
        assert StreamReturn(Lane.FRAME, (1, 1)).taken(0) == (1, 0)

    def test_the_window_is_the_protocols_when_none_was_granted(self) -> None:
        returning = StreamReturn(Lane.FRAME, None)
        assert [returning.taken(0) for _ in range(PROTOCOL.initial_credit_messages // 2)][-1] is not None


def test_a_connection_gives_back_what_arrived_part_by_part() -> None:
    returning = ConnectionReturn()
    assert returning.arrived(PROTOCOL.part_bytes - 1) == 0
    assert returning.arrived(5) == PROTOCOL.part_bytes + 4
    assert returning.arrived(3 * PROTOCOL.part_bytes) == 3 * PROTOCOL.part_bytes
    assert returning.arrived(1) == 0
