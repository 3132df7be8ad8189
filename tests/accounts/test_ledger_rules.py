"""Wallets against a plain model: any order of movements, repeated references included."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import invariants
from accounts.models import CreditEntry, InsufficientCredits, Kind, User, Wallet
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class Movement(NamedTuple):
    kind: Kind
    amount: int
    reference: str


movements = st.builds(
    Movement,
    kind=st.sampled_from([Kind.CHARGE, Kind.REFUND, Kind.GRANT, Kind.CORRECTION]),
    amount=st.integers(1, 60),
    reference=st.sampled_from(["a", "b", "c", "d"]),
)


class PlainWallet:
    """What a wallet means, without a database."""

    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.done: set[tuple[Kind, str]] = set()

    def move(self, movement: Movement) -> str:
        takes = movement.kind in {Kind.CHARGE, Kind.CORRECTION}
        change = -movement.amount if takes else movement.amount
        if self.balance + change < 0:
            return "poor"
        if (movement.kind, movement.reference) in self.done:
            return "again"
        self.done.add((movement.kind, movement.reference))
        self.balance += change
        return "moved"


def move(wallet: Wallet, movement: Movement) -> str:
    kind, amount, reference = movement
    try:
        if kind == Kind.CHARGE:
            wallet.charge(amount, reference=reference)
        elif kind == Kind.GRANT:
            wallet.grant(amount, reference=reference)
        elif kind == Kind.CORRECTION:
            wallet.correct(-amount, reference=reference, reason="test", actor=None)
        elif not wallet.refund(amount, reference=reference):
            return "again"
    except InsufficientCredits:
        return "poor"
    except IntegrityError:
        return "again"
    return "moved"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 80), st.lists(movements, max_size=14))
def test_a_wallet_does_what_the_plain_model_does(start: int, script: list[Movement]) -> None:
    wallet, plain = make_user(credits=start).wallet, PlainWallet(start)
    for movement in script:
        assert (move(wallet, movement), wallet.balance) == (plain.move(movement), plain.balance)
    wallet.refresh_from_db()
    assert wallet.balance == plain.balance
    assert list(invariants.breaches()) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(movements, max_size=10))
def test_every_entry_carries_the_balance_after_it(script: list[Movement]) -> None:
    wallet = make_user(credits=50).wallet
    for movement in script:
        move(wallet, movement)
    running = 0
    for entry in wallet.entries.order_by("id"):
        running += entry.amount
        assert entry.balance == running


def test_a_new_person_starts_with_the_starting_credits(settings: object) -> None:
    settings.STARTING_CREDITS = 7  # type: ignore[attr-defined]
    assert make_user(credits=None).wallet.balance == 7


def test_a_person_without_starting_credits_has_an_empty_wallet() -> None:
    wallet = make_user(credits=0).wallet
    assert (wallet.balance, wallet.entries.count()) == (0, 0)


def test_a_refused_charge_writes_nothing_and_names_cost_and_balance(alice: User) -> None:
    entries = CreditEntry.objects.count()
    with pytest.raises(InsufficientCredits) as refusal:
        alice.wallet.charge(201, reference="generation:1")
    assert (refusal.value.cost, refusal.value.balance) == (201, 200)
    assert CreditEntry.objects.count() == entries


def test_a_free_picture_is_charged_with_nothing_but_on_the_record(alice: User) -> None:
    alice.wallet.charge(0, reference="generation:1")
    assert alice.wallet.entries.filter(kind=Kind.CHARGE, amount=0).count() == 1


def test_the_second_refund_says_that_it_was_done(alice: User) -> None:
    alice.wallet.charge(20, reference="generation:1")
    assert alice.wallet.refund(20, reference="generation:1") is True
    assert alice.wallet.refund(20, reference="generation:1") is False
    assert alice.wallet.balance == 200


def test_two_people_may_use_the_same_reference(alice: User, bob: User) -> None:
    alice.wallet.charge(1, reference="shared")
    bob.wallet.charge(1, reference="shared")
    assert (alice.wallet.balance, bob.wallet.balance) == (199, 199)


@pytest.mark.parametrize("amount", [-1, 10**12 + 1])
def test_an_amount_out_of_range_is_refused(alice: User, amount: int) -> None:
    with pytest.raises(ValueError, match="between"):
        alice.wallet.charge(amount, reference="generation:1")


@pytest.mark.parametrize("amount", [True, 1.0, "1", 0.5, float("nan"), float("inf")])
def test_an_amount_that_is_no_whole_number_is_refused(alice: User, amount: object) -> None:
    with pytest.raises(TypeError):
        alice.wallet.charge(amount, reference="generation:1")  # type: ignore[arg-type]


def test_a_correction_needs_a_reason(alice: User) -> None:
    with pytest.raises(ValueError, match="reason"):
        alice.wallet.correct(-1, reference="staff:1", reason="", actor=None)


def test_the_database_refuses_a_negative_balance(alice: User) -> None:
    with pytest.raises(IntegrityError, match="wallet_balance_not_negative"), transaction.atomic():
        Wallet.objects.filter(owner=alice).update(balance=-1)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [(Kind.CHARGE, 1), (Kind.REFUND, 0), (Kind.REFUND, -1), (Kind.GRANT, -1), (Kind.CORRECTION, 0)],
)
def test_the_database_refuses_a_sign_that_does_not_fit(
    alice: User, kind: Kind, amount: int
) -> None:
    with pytest.raises(IntegrityError, match="entry_sign_fits_kind"), transaction.atomic():
        alice.wallet.entries.create(kind=kind, amount=amount, balance=200, reference="x")


@pytest.mark.parametrize("amount", [10**19, -(10**19), float("nan"), float("inf"), "1.5"])
def test_no_such_amount_gets_into_the_database(alice: User, amount: Any) -> None:
    with pytest.raises((ValueError, OverflowError, DataError)), transaction.atomic():
        alice.wallet.entries.create(kind=Kind.GRANT, amount=amount, balance=200, reference="x")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere the columns have a type")
def test_the_database_keeps_no_fraction_of_a_credit(alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_wallet SET balance = 1.5")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_creditentry "
            "(wallet_id, kind, amount, balance, reference, reason, item, project, created_at) "
            "VALUES (%s, 'grant', 1.5, 1, 'x', '', '', '', '2026-01-01')",
            [alice.wallet.pk],
        )


def test_the_database_refuses_a_reference_for_the_second_time(alice: User) -> None:
    alice.wallet.charge(5, reference="generation:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        alice.wallet.charge(5, reference="generation:1")
    alice.wallet.refresh_from_db()
    assert alice.wallet.balance == 195


def test_the_database_knows_an_address_once_whatever_its_case(alice: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET email = 'ALICE@example.org' WHERE id = %s", [make_user().pk]
        )
