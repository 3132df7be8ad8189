"""What programs read of wallets: balances, entries by page and filter, monthly use."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Buyer, Role, Team, User, Wallet
from tests.factories import join, make_team
from tests.generator.api.programs import Program

ENTRIES = "/v1/credits/entries"


@pytest.fixture
def team(alice: User, bob: User) -> Team:
    team = make_team(alice, credits=100)
    join(team, bob, Role.CONTRIBUTOR, limit=40)
    return team


def buy(wallet: Wallet, user: User, amount: int, number: int, **said: Any) -> None:
    wallet.charge(amount, reference=f"test:{number}", by=Buyer(user=user, **said))


def entries(program: Program, **query: Any) -> list[dict[str, Any]]:
    answer = program.client.get(ENTRIES, query)
    assert answer.status_code == 200, answer.json()
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_the_wallets_are_those_one_can_pay_with(team: Team, bob: User) -> None:
    buy(team.wallet, bob, 15, 1)
    own, shared = Program(bob).get("/v1/credits").json()["items"]
    assert (own["team"], own["balance"], own["monthlyLimit"]) == (None, 200, None)
    assert (shared["team"]["id"], shared["balance"]) == (team.pk, 85)
    assert (shared["monthlyLimit"], shared["usedThisMonth"]) == (40, 15)


def test_a_viewer_and_a_stranger_have_only_their_own(
    team: Team, bob: User, mallorys: Program
) -> None:
    team.memberships.filter(user=bob).update(role=Role.VIEWER)
    for program in (Program(bob), mallorys):
        assert [each["team"] for each in program.get("/v1/credits").json()["items"]] == [None]


def test_credits_that_end_are_named_the_next_first(alices: Program) -> None:
    now = timezone.now()
    for days in (9, 3):
        end = now + dt.timedelta(days=days)
        alices.user.wallet.grant(days, reference=f"{days}", expires_at=end)
    [own] = alices.get("/v1/credits").json()["items"]
    assert [each["amount"] for each in own["expiring"]] == [3, 9]


def test_entries_say_who_bought_what_for_which_project(team: Team, bob: User) -> None:
    buy(team.wallet, bob, 15, 1, item="sketch", project="spring")
    [entry] = entries(Program(bob), wallet=team.wallet.pk)
    assert (entry["kind"], entry["amount"], entry["balance"]) == ("charge", -15, 85)
    assert (entry["buyer"], entry["model"], entry["project"]) == (
        {"id": bob.pk, "name": "Bob"},
        "sketch",
        "spring",
    )


def test_pages_follow_each_other_without_a_gap(alices: Program) -> None:
    for number in range(7):
        buy(alices.user.wallet, alices.user, 1, number)
    seen, cursor = [], ""
    while cursor is not None:
        page = alices.client.get(ENTRIES, {"limit": 3, **({"cursor": cursor} if cursor else {})})
        seen += [item["id"] for item in page.json()["items"]]
        cursor = page.json()["nextCursor"]
    assert seen == list(alices.user.wallet.entries.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"kind": "charge"}, [3, 2, 1]),
        ({"kind": "grant"}, []),
        ({"model": "sketch"}, [2, 1]),
        ({"project": "spring"}, [3, 1]),
        ({"project": "spring", "model": "sketch"}, [1]),
        ({"since": "2999-01-01T00:00:00Z"}, []),
        ({"until": "2999-01-01T00:00:00+02:00"}, [3, 2, 1]),
    ],
)
def test_filters_narrow_the_entries(
    team: Team, bob: User, query: dict[str, Any], numbers: list[int]
) -> None:
    buy(team.wallet, bob, 1, 1, item="sketch", project="spring")
    buy(team.wallet, bob, 1, 2, item="sketch")
    buy(team.wallet, bob, 1, 3, item="other", project="spring")
    found = entries(Program(bob), wallet=team.wallet.pk, **query)
    assert [entry["reference"] for entry in found] == [f"test:{number}" for number in numbers]


def test_an_editor_reads_all_of_a_teams_entries_and_a_contributor_their_own(
    team: Team, alice: User, bob: User
) -> None:
    buy(team.wallet, alice, 2, 1)
    buy(team.wallet, bob, 3, 2)
    wallet = team.wallet.pk
    assert [each["amount"] for each in entries(Program(bob), wallet=wallet)] == [-3]
    assert [each["amount"] for each in entries(Program(bob), wallet=wallet, member=alice.pk)] == []
    team.memberships.filter(user=bob).update(role=Role.EDITOR)
    assert [each["amount"] for each in entries(Program(bob), wallet=wallet)] == [-3, -2, 100]


@pytest.mark.parametrize("path", [ENTRIES, "/v1/credits/use"])
def test_the_wallets_of_others_are_not_there(team: Team, mallorys: Program, path: str) -> None:
    for wallet in (team.wallet.pk, team.memberships.first().user.wallet.pk, 10**15):  # type: ignore[union-attr]
        assert mallorys.client.get(path, {"wallet": wallet}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "x"},
        {"cursor": "-1"},
        {"limit": 0},
        {"limit": 201},
        {"kind": "gift"},
        {"wallet": 0},
        {"wallet": 2**63},
        {"since": "yesterday"},
        {"since": "2030-01-01T00:00:00"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "9999-12-31T23:59:59-12:00"},
        {"project": "a\x00b"},
    ],
)
def test_a_bad_filter_is_refused_beside_its_name(alices: Program, query: dict[str, Any]) -> None:
    refused = alices.client.get(ENTRIES, query)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, set(query))


def test_a_misspelt_filter_shows_nothing(alices: Program) -> None:
    assert alices.client.get(ENTRIES, {"modle": "sketch"}).status_code == 400


def test_the_use_of_a_month_is_what_did_not_come_back(
    team: Team, alices: Program, bob: User
) -> None:
    buy(team.wallet, bob, 5, 1)
    buy(team.wallet, bob, 4, 2)
    team.wallet.refund(4, reference="test:2")
    path = f"/v1/credits/use?wallet={team.wallet.pk}"
    month = f"{timezone.now():%Y-%m}"
    assert alices.get(path).json()["items"] == [{"month": month, "userId": bob.pk, "used": 5}]


def test_a_long_statement_costs_no_more_queries(alices: Program) -> None:
    entries(alices)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            entries(alices, limit=50)
        counts.append(len(queries))
        for n in range(60):
            buy(alices.user.wallet, alices.user, 1, 100 * number + n)
    assert counts[0] == counts[1] <= 5
