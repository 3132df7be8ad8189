"""Sixteen threads that spend from one wallet: never a credit too much, nor one too few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import ApiKey, CannotPay, MonthlyUse, Role, Team, User, Wallet
from generator import submission
from generator.models import Generation
from generator.submission import Order, Refusal
from tests.factories import join, make_key, make_team
from tests.generator.orders import make_model, make_person, make_request

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

THREADS = 16


@pytest.fixture(autouse=True)
def queue(settings) -> None:
    """Long enough for all of them."""
    settings.MAX_QUEUED_PER_USER = settings.MAX_QUEUED = 10_000
    make_model("blank")


def at_once(work: Callable[[int], str], times: int) -> Counter[str]:
    """Run `work(0)`…`work(times - 1)` on the threads; how often each outcome came."""

    def on_its_own_connection(number: int) -> str:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return Counter(threads.map(on_its_own_connection, range(times)))


def submit(owner: User, payer: Wallet | None = None, key: ApiKey | None = None) -> str:
    """Order one picture of one credit; what came of it."""
    fresh = Wallet.objects.get(pk=payer.pk) if payer else None
    order = Order(owner=User.objects.get(pk=owner.pk), request=make_request(), payer=fresh, key=key)
    try:
        submission.submit(order)
    except (CannotPay, Refusal) as refused:
        return refused.code
    return "accepted"


def holds(wallet: Wallet, credits: int) -> None:
    wallet.refresh_from_db()
    assert wallet.balance == credits
    call_command("check_invariants")


def studio(people: list[User], *, credits: int, limit: int | None = None) -> Team:
    team = make_team(people[0], credits=credits)
    for person in people[1:]:
        join(team, person, Role.CONTRIBUTOR, limit=limit)
    return team


def test_a_hundred_credits_pay_for_exactly_a_hundred_orders() -> None:
    owner = make_person(credits=100)
    outcomes = at_once(lambda n: submit(owner), 400)
    assert outcomes == {"accepted": 100, "insufficient_credits": 300}
    holds(owner.wallet, 0)


def test_so_do_a_teams_hundred_whoever_of_it_orders() -> None:
    people = [make_person(credits=0) for _ in range(5)]
    team = studio(people, credits=100)
    outcomes = at_once(lambda n: submit(people[n % 5], team.wallet), 200)
    assert outcomes == {"accepted": 100, "insufficient_credits": 100}
    holds(team.wallet, 0)


def test_no_member_spends_more_than_their_limit() -> None:
    people = [make_person(credits=0) for _ in range(4)]
    team = studio(people, credits=1000, limit=20)
    outcomes = at_once(lambda n: submit(people[1 + n % 3], team.wallet), 120)
    assert outcomes == {"accepted": 60, "limit_reached": 60}
    assert set(MonthlyUse.objects.values_list("used", flat=True)) == {20}
    holds(team.wallet, 940)


def test_a_keys_budget_holds_over_two_wallets() -> None:
    owner = make_person(credits=100)
    team = studio([owner], credits=100)
    key, _headers = make_key(owner)
    ApiKey.objects.filter(pk=key.pk).update(budget=30)
    wallets = [owner.wallet, team.wallet]
    outcomes = at_once(lambda n: submit(owner, wallets[n % 2], ApiKey.objects.get(pk=key.pk)), 80)
    assert outcomes == {"accepted": 30, "key_budget_spent": 50}
    key.refresh_from_db()
    assert key.spent == 30
    of_the_team = team.wallet.entries.filter(kind="charge").count()
    holds(team.wallet, 100 - of_the_team)
    holds(owner.wallet, 70 + of_the_team)


def test_orders_and_cancellations_at_once_lose_nothing() -> None:
    people = [make_person(credits=0) for _ in range(3)]
    team = studio(people, credits=100, limit=200)
    for person in people:
        for _ in range(10):
            submit(person, team.wallet)
    ids = list(Generation.objects.values_list("pk", flat=True))

    def work(number: int) -> str:
        if number % 2:
            return submit(people[number % 3], team.wallet)
        return str(Generation.objects.get(pk=ids[number // 2 % len(ids)]).cancel())

    outcomes = at_once(work, 120)
    assert outcomes["True"] == 30
    holds(team.wallet, 100 - outcomes["accepted"])
