"""Who may pay with a team's credits, how much a month, and how much by one key."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import invariants, spending
from accounts.models import (
    ApiKey,
    BudgetSpent,
    Buyer,
    CannotPay,
    LimitReached,
    MayNotSpend,
    MonthlyUse,
    Role,
    Team,
    User,
    Wallet,
)
from tests.factories import join, make_key, make_team


@pytest.fixture
def team(alice: User) -> Team:
    return make_team(alice, credits=100)


def pay(wallet: Wallet, amount: int, user: User, reference: str = "a", **said: object) -> None:
    with transaction.atomic():
        wallet.charge(amount, reference=reference, by=Buyer(user=user, **said))  # type: ignore[arg-type]


def refused(error: type[CannotPay], wallet: Wallet, amount: int, by: Buyer) -> None:
    before = wallet.entries.count()
    with pytest.raises(error), transaction.atomic():
        wallet.charge(amount, reference="refused", by=by)
    wallet.refresh_from_db()
    assert wallet.entries.count() == before


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR, Role.CONTRIBUTOR])
def test_makers_spend(team: Team, bob: User, role: Role) -> None:
    join(team, bob, role)
    pay(team.wallet, 3, bob)
    assert team.wallet.balance == 97


def test_a_viewer_does_not(team: Team, bob: User) -> None:
    join(team, bob, Role.VIEWER)
    refused(MayNotSpend, team.wallet, 1, Buyer(user=bob))


def test_nor_does_a_stranger_not_even_what_is_free(team: Team, mallory: User) -> None:
    refused(MayNotSpend, team.wallet, 0, Buyer(user=mallory))


def test_nor_does_one_who_has_left(team: Team, bob: User) -> None:
    join(team, bob, Role.EDITOR).end()
    refused(MayNotSpend, team.wallet, 1, Buyer(user=bob))


def test_a_closed_teams_wallet_pays_for_nobody(team: Team, alice: User) -> None:
    team.close()
    refused(MayNotSpend, team.wallet, 1, Buyer(user=alice))


def test_nobody_pays_with_another_persons_wallet(alice: User, mallory: User) -> None:
    refused(MayNotSpend, alice.wallet, 1, Buyer(user=mallory))


def test_a_member_spends_up_to_the_limit_and_no_more(team: Team, bob: User) -> None:
    join(team, bob, Role.CONTRIBUTOR, limit=5)
    pay(team.wallet, 5, bob)
    refused(LimitReached, team.wallet, 1, Buyer(user=bob))


def test_a_limit_of_nothing_leaves_what_is_free(team: Team, bob: User) -> None:
    join(team, bob, Role.CONTRIBUTOR, limit=0)
    pay(team.wallet, 0, bob)
    refused(LimitReached, team.wallet, 1, Buyer(user=bob))


def test_what_comes_back_can_be_spent_again(team: Team, bob: User) -> None:
    join(team, bob, Role.CONTRIBUTOR, limit=5)
    pay(team.wallet, 5, bob)
    team.wallet.refund(2, reference="a")
    pay(team.wallet, 2, bob, "b")
    assert MonthlyUse.objects.this_month().get(user=bob).used == 5


def test_a_key_spends_its_budget_and_no_more(alice: User) -> None:
    key, _headers = make_key(alice)
    ApiKey.objects.filter(pk=key.pk).update(budget=5)
    pay(alice.wallet, 4, alice, key=key)
    refused(BudgetSpent, alice.wallet, 2, Buyer(user=alice, key=key))
    alice.wallet.refund(4, reference="a")
    pay(alice.wallet, 5, alice, "b", key=key)
    key.refresh_from_db()
    assert key.spent == 5


def test_the_wallets_one_can_pay_with(team: Team, alice: User, bob: User, mallory: User) -> None:
    join(team, bob, Role.VIEWER)
    found = [list(Wallet.objects.spendable_by(who)) for who in (alice, bob, mallory)]
    assert found == [[alice.wallet, team.wallet], [bob.wallet], [mallory.wallet]]


def test_months_and_keys_that_disagree_with_the_ledger_are_found(team: Team, bob: User) -> None:
    join(team, bob, Role.CONTRIBUTOR)
    key, _headers = make_key(bob)
    pay(team.wallet, 5, bob, key=key)
    team.wallet.refund(2, reference="a")
    assert list(invariants.breaches()) == []
    MonthlyUse.objects.update(used=4)
    ApiKey.objects.filter(pk=key.pk).update(spent=4)
    found = list(invariants.breaches())
    assert ["used" in line or "spent" in line for line in found] == [True, True]


def test_a_key_that_gave_some_of_its_budget_away_spent_more_than_the_ledger(bob: User) -> None:
    key, _headers = make_key(bob)
    made, _token = ApiKey.issue(bob, "made", made_by=key)
    key.spend(5)
    assert list(invariants.breaches()) == []
    made.spend(1)
    assert len(list(invariants.breaches())) == 1


def test_a_refund_counts_in_the_month_of_its_charge(
    team: Team, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(team, bob, Role.CONTRIBUTOR, limit=5)
    for month in (11, 12):
        moment = dt.datetime(2026, month, 1, tzinfo=dt.UTC)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        pay(team.wallet, 5, bob, str(month))
    team.wallet.refund(3, reference="11")
    assert [use.used for use in MonthlyUse.objects.order_by("month")] == [2, 5]
    assert list(invariants.breaches()) == []


def test_what_a_member_used_stands_beside_their_limit(team: Team, alice: User, bob: User) -> None:
    join(team, bob, Role.CONTRIBUTOR, limit=5)
    pay(team.wallet, 2, bob)
    uses = team.memberships.with_use().values_list("used", "monthly_limit")
    assert list(uses) == [(None, None), (2, 5)]
    own, teams = spending.purses(bob)
    assert (own.left, teams.left, teams.used, teams.limit) == (200, 3, 2, 5)
