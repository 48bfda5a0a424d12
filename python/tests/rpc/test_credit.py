from __future__ import annotations

from macroscope_worker.rpc.credit import CreditAccount
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
    assert account.messages == account.nbytes == 2**40
