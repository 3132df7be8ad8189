"""Credits that come on the first of the month: once, however late the sweeper looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import allowances, invariants
from accounts.models import AllowancePlan, Kind, User, Wallet
from accounts.tasks import keep_wallets
from tests.factories import make_team, make_user

Clock = Callable[[int, int, int], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Makes it noon (UTC) of a day."""

    def set_clock(year: int, month: int, day: int) -> None:
        moment = dt.datetime(year, month, day, 12, tzinfo=dt.UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_clock(2026, 11, 20)
    return set_clock


def on_a_plan(user: User, amount: int = 100, *, rolls_over: bool = False) -> Wallet:
    plan = AllowancePlan.objects.create(name=str(amount), amount=amount, rolls_over=rolls_over)
    Wallet.objects.filter(owner=user).update(allowance=plan)
    return Wallet.objects.get(owner=user)


def given_to(wallet: Wallet) -> list[str]:
    grants = wallet.entries.filter(kind=Kind.GRANT, reference__startswith="allowance:")
    return [reference.partition(":")[2] for reference in grants.values_list("reference", flat=True)]


def balance(wallet: Wallet) -> int:
    wallet.refresh_from_db()
    return wallet.balance


def test_a_new_plan_gives_the_current_month_at_once(alice: User, at: Clock) -> None:
    wallet = on_a_plan(alice)
    assert allowances.give_all() == 1
    assert (given_to(wallet), balance(wallet)) == (["2026-11"], 300)


def test_a_month_is_given_once_however_often_the_sweeper_looks(alice: User, at: Clock) -> None:
    wallet = on_a_plan(alice)
    for _ in range(3):
        keep_wallets()
    assert (given_to(wallet), balance(wallet)) == (["2026-11"], 300)


def test_what_does_not_roll_over_ends_with_the_month(alice: User, at: Clock) -> None:
    wallet = on_a_plan(alice)
    allowances.give_all()
    wallet.charge(30, reference="a")
    at(2026, 12, 1)
    keep_wallets()
    assert balance(wallet) == 300
    ended = wallet.entries.get(kind=Kind.EXPIRY)
    assert ended.amount == -70


def test_what_rolls_over_keeps(alice: User, at: Clock) -> None:
    wallet = on_a_plan(alice, rolls_over=True)
    allowances.give_all()
    at(2026, 12, 1)
    keep_wallets()
    assert balance(wallet) == 400


def test_after_downtime_a_plan_that_rolls_over_gives_each_missed_month(
    alice: User, at: Clock
) -> None:
    wallet = on_a_plan(alice, rolls_over=True)
    allowances.give_all()
    at(2027, 2, 3)
    for _ in range(2):
        keep_wallets()
    assert given_to(wallet) == ["2027-02", "2027-01", "2026-12", "2026-11"]


def test_after_downtime_one_that_does_not_gives_the_current_month(alice: User, at: Clock) -> None:
    wallet = on_a_plan(alice)
    allowances.give_all()
    at(2027, 2, 3)
    keep_wallets()
    assert (given_to(wallet), balance(wallet)) == (["2027-02", "2026-11"], 300)


def test_months_without_a_plan_are_not_given_afterwards(alice: User, at: Clock) -> None:
    wallet = on_a_plan(alice, rolls_over=True)
    allowances.give_all()
    plan = wallet.allowance
    Wallet.objects.update(allowance=None)
    at(2027, 1, 5)
    allowances.give_all()
    at(2027, 2, 5)
    Wallet.objects.filter(pk=wallet.pk).update(allowance=plan)
    allowances.give_all()
    assert given_to(wallet) == ["2027-02", "2026-11"]


def test_a_change_of_plan_gives_no_second_allowance(alice: User, at: Clock) -> None:
    wallet = on_a_plan(alice)
    allowances.give_all()
    on_a_plan(alice, 500)
    Wallet.objects.update(allowed_for=None)
    assert allowances.give_all() == 0
    assert balance(wallet) == 300


def test_nobody_gets_anything_for_a_closed_account_or_team(alice: User, at: Clock) -> None:
    team = make_team(alice)
    Wallet.objects.filter(team=team).update(allowance=on_a_plan(alice).allowance)
    team.close()
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert allowances.give_all() == 0


days = st.lists(st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)), min_size=1, max_size=8)


class TestWhateverTheDays(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(looked_on=days, rolls_over=st.booleans())
    def test_each_month_is_given_at_most_once_and_the_current_one_is(
        self, *, looked_on: list[dt.date], rolls_over: bool
    ) -> None:
        wallet = on_a_plan(make_user(credits=0), rolls_over=rolls_over)
        for day in sorted(looked_on):
            with pytest.MonkeyPatch.context() as patch:
                noon = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
                patch.setattr(timezone, "now", lambda noon=noon: noon)
                keep_wallets()
            assert f"{day:%Y-%m}" in given_to(wallet)
        months = given_to(wallet)
        assert len(months) == len(set(months))
        assert not rolls_over or balance(wallet) == 100 * len(months)
        assert rolls_over or balance(wallet) == 100
        assert list(invariants.breaches()) == []
