"""Many at once on one wallet. The suite runs this on SQLite in a file and on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from accounts import invariants
from accounts.first_account import create_first_account
from accounts.models import InsufficientCredits, Invitation, User, Wallet
from tests.factories import make_user

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

THREADS = 16


def at_once(work: Callable[[int], str], times: int) -> Counter[str]:
    """Run `work(0)`…`work(times - 1)` on 16 threads; how often each outcome came."""

    def on_its_own_connection(number: int) -> str:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return Counter(threads.map(on_its_own_connection, range(times)))


def charge_one(wallet: Wallet, reference: str) -> str:
    try:
        Wallet.objects.get(pk=wallet.pk).charge(1, reference=reference)
    except InsufficientCredits:
        return "poor"
    except IntegrityError:
        return "again"
    return "charged"


def test_a_hundred_credits_pay_for_a_hundred_charges() -> None:
    wallet = make_user(credits=100).wallet
    outcomes = at_once(lambda n: charge_one(wallet, f"generation:{n}"), 400)
    wallet.refresh_from_db()
    assert outcomes == {"charged": 100, "poor": 300}
    assert wallet.balance == 0
    assert list(invariants.breaches()) == []


def test_one_reference_is_charged_once() -> None:
    wallet = make_user(credits=100).wallet
    assert at_once(lambda n: charge_one(wallet, "generation:1"), 48)["charged"] == 1
    wallet.refresh_from_db()
    assert wallet.balance == 99


def test_one_reference_is_refunded_once() -> None:
    wallet = make_user(credits=100).wallet
    wallet.charge(10, reference="generation:1")

    def refund(number: int) -> str:
        mine = Wallet.objects.get(pk=wallet.pk)
        return str(mine.refund(10, reference="generation:1"))

    assert at_once(refund, 20) == {"True": 1, "False": 19}
    wallet.refresh_from_db()
    assert wallet.balance == 100


def test_an_invitation_is_used_once() -> None:
    invitation, _token = Invitation.issue("carol@example.org")
    assert at_once(lambda n: str(invitation.use()), 32) == {"True": 1, "False": 31}


def test_an_empty_server_gets_one_first_account() -> None:
    made = at_once(lambda n: "made" if create_first_account() else "there", 16)
    assert made == {"made": 1, "there": 15}
    assert User.objects.count() == 1
