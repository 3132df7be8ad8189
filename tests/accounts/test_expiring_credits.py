"""Credits with a last day, against a plain model of lots."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import CreditLot, InsufficientCredits, Kind, User, Wallet
from tests.factories import make_user

DAY = dt.timedelta(days=1)


def in_days(days: int) -> dt.datetime:
    return timezone.now() + days * DAY


def lots(wallet: Wallet) -> list[int]:
    return list(wallet.lots.order_by("expires_at").values_list("remaining", flat=True))


def pass_the_day_of(lot: CreditLot) -> None:
    CreditLot.objects.filter(pk=lot.pk).update(expires_at=in_days(-1))


@pytest.fixture
def wallet(db: None) -> Wallet:
    """10 credits that keep, 5 that end tomorrow, 5 the day after."""
    wallet = make_user(credits=10).wallet
    wallet.grant(5, reference="later", expires_at=in_days(2))
    wallet.grant(5, reference="sooner", expires_at=in_days(1))
    return wallet


def test_what_ends_first_is_spent_first(wallet: Wallet) -> None:
    wallet.charge(7, reference="a")
    assert (wallet.balance, lots(wallet)) == (13, [0, 3])


def test_what_keeps_is_spent_last(wallet: Wallet) -> None:
    wallet.charge(12, reference="a")
    assert (wallet.balance, lots(wallet)) == (8, [0, 0])


def test_a_refund_goes_back_where_it_came_from(wallet: Wallet) -> None:
    wallet.charge(12, reference="a")
    wallet.refund(6, reference="a")
    assert (wallet.balance, lots(wallet)) == (14, [0, 4])


def test_what_is_left_after_its_day_is_taken_with_an_entry(wallet: Wallet) -> None:
    wallet.charge(2, reference="a")
    pass_the_day_of(wallet.lots.get(grant__reference="sooner"))
    assert wallet.expire_lots() == 3
    entry = wallet.entries.first()
    assert entry
    assert (entry.kind, entry.amount, entry.balance) == (Kind.EXPIRY, -3, 15)


def test_what_is_past_pays_for_nothing(wallet: Wallet) -> None:
    for lot in wallet.lots.all():
        pass_the_day_of(lot)
    with pytest.raises(InsufficientCredits), transaction.atomic():
        wallet.charge(11, reference="a")
    assert wallet.entries.filter(kind=Kind.CHARGE).count() == 0


def test_a_refund_after_the_day_comes_and_goes(wallet: Wallet) -> None:
    wallet.charge(4, reference="a")
    lot = wallet.lots.get(grant__reference="sooner")
    pass_the_day_of(lot)
    wallet.expire_lots()
    wallet.refund(4, reference="a")
    assert wallet.balance == 19
    assert wallet.expire_lots() == 4
    assert wallet.balance == 15


moves = st.lists(
    st.one_of(
        st.tuples(st.just("grant"), st.integers(1, 9), st.integers(0, 3)),
        st.tuples(st.just("charge"), st.integers(0, 12), st.just(0)),
        st.tuples(st.just("refund"), st.integers(0, 5), st.integers(1, 12)),
        st.tuples(st.just("take"), st.integers(1, 9), st.just(0)),
        st.tuples(st.just("end"), st.integers(1, 3), st.just(0)),
    ),
    max_size=14,
)


class TestWhateverHappens(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(moves)
    def test_the_lots_never_hold_more_than_the_wallet(
        self, moves: list[tuple[str, int, int]]
    ) -> None:
        wallet = make_user(credits=5).wallet
        charges: list[tuple[str, int]] = []
        for number, (what, first, second) in enumerate(moves):
            play(wallet, what, (number, first, second), charges)
            entries = sum(wallet.entries.values_list("amount", flat=True))
            wallet.refresh_from_db()
            assert wallet.balance == entries >= sum(lots(wallet)) >= 0


def play(
    wallet: Wallet, what: str, numbers: tuple[int, int, int], charges: list[tuple[str, int]]
) -> None:
    """One move; those that the ledger must refuse are refused."""
    number, first, second = numbers
    if what == "grant":
        ends = in_days(second) if second else None
        wallet.grant(first, reference=f"g{number}", expires_at=ends)
    elif what == "charge" and first <= wallet.balance:
        wallet.charge(first, reference=f"c{number}")
        charges.append((f"c{number}", first))
    elif what == "refund" and charges:
        reference, amount = charges.pop(first % len(charges))
        if amount:
            wallet.refund(min(second, amount), reference=reference)
    elif what == "take" and first <= wallet.balance:
        wallet.correct(-first, reference=f"t{number}", reason="test", actor=None)
    elif what == "end":
        wallet.lots.filter(expires_at__lte=in_days(first)).update(expires_at=in_days(-1))
        wallet.expire_lots()


def test_two_wallets_do_not_touch_each_others_lots(wallet: Wallet, bob: User) -> None:
    bob.wallet.charge(50, reference="a")
    assert lots(wallet) == [5, 5]
