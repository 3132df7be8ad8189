"""Statements: whose lines one sees, filters, totals, and tables for spreadsheets."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import statements
from accounts.models import Buyer, Kind, Role, Team, User, Wallet
from accounts.statements import PAGE, Filters
from tests.factories import join, make_team


@pytest.fixture
def team(alice: User, bob: User, mallory: User) -> Team:
    """Alice's, with Bob as a contributor; both bought something."""
    team = make_team(alice, credits=100)
    join(team, bob, Role.CONTRIBUTOR)
    buy(team.wallet, alice, 3, item="sketch", project="Cards", reason="for Alice's eyes")
    buy(team.wallet, bob, 5, item="flux", project="Cards", reason="for Bob's eyes")
    buy(team.wallet, bob, 7, item="sketch", project="=1+1")
    return team


def buy(wallet: Wallet, user: User, amount: int, *, reason: str = "", **filed: str) -> str:
    reference = f"generation:{uuid.uuid4()}"
    wallet.charge(amount, reference=reference, reason=reason, by=Buyer(user=user, **filed))
    return reference


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user: User, team: Team, **query: Any) -> list[int]:
    """The amounts of the lines that `user` sees of the team's wallet."""
    page = as_(user).get(reverse("team_credits", args=[team.pk]), query)
    assert page.status_code == 200
    return [line.entry.amount for line in page.context["lines"]]


def exported(user: User, team: Team, **query: Any) -> list[list[str]]:
    answer = as_(user).get(reverse("team_credit_export", args=[team.pk]), query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_an_owner_sees_every_line(team: Team, alice: User) -> None:
    assert shown(alice, team) == [-7, -5, -3, 100]


def test_a_contributor_sees_their_own(team: Team, bob: User) -> None:
    assert shown(bob, team) == [-7, -5]
    assert [row[2] for row in exported(bob, team)] == ["Change", "-7", "-5"]


@pytest.mark.parametrize(("role", "told"), [(Role.CONTRIBUTOR, True), (Role.VIEWER, False)])
def test_who_may_neither_spend_nor_read_is_not_told_the_balance(
    team: Team, mallory: User, role: Role, *, told: bool
) -> None:
    join(team, mallory, role)
    page = as_(mallory).get(reverse("team_credits", args=[team.pk])).content.decode()
    assert ("has 85 credits" in page) is told


@pytest.mark.parametrize("name", ["credits", "credit_totals", "credit_export", "credit_warning"])
def test_a_stranger_finds_nothing(team: Team, mallory: User, name: str) -> None:
    client = as_(mallory)
    ask = client.post if name == "credit_warning" else client.get
    assert ask(reverse(f"team_{name}", args=[team.pk])).status_code == 404


def test_who_left_finds_nothing(team: Team, bob: User) -> None:
    team.memberships.get(user=bob).end()
    assert as_(bob).get(reverse("team_credits", args=[team.pk])).status_code == 404


def test_what_another_member_wrote_is_not_shown(team: Team, alice: User) -> None:
    page = as_(alice).get(reverse("team_credits", args=[team.pk])).content.decode()
    assert "for Alice&#x27;s eyes" in page
    assert "for Bob" not in page
    assert not any("for Bob" in cell for row in exported(alice, team) for cell in row)


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ({"item": "sketch"}, [-7, -3]),
        ({"project": "Cards"}, [-5, -3]),
        ({"project": "Cards", "item": "flux"}, [-5]),
        ({"kind": "grant"}, [100]),
        ({"project": "nothing"}, []),
    ],
)
def test_filters_leave_what_they_name(
    team: Team, alice: User, query: dict[str, str], amounts: list[int]
) -> None:
    assert shown(alice, team, **query) == amounts


def test_a_member_can_be_picked(team: Team, alice: User, bob: User) -> None:
    assert shown(alice, team, member=bob.pk) == [-7, -5]


def test_a_refund_is_filed_as_its_charge_was(team: Team, alice: User, bob: User) -> None:
    reference = buy(team.wallet, bob, 9, item="flux", project="Posters")
    team.wallet.refund(4, reference=reference)
    assert shown(alice, team, project="Posters") == [4, -9]
    assert shown(bob, team) == [4, -9, -7, -5]


def test_a_month_is_a_month_in_utc(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [dt.datetime(2026, 12, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=n) for n in (-1, 0)]
    for moment in moments:
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        alice.wallet.grant(moment.month, reference=f"{moment}")
    Wallet.objects.update(created_at=moments[0])
    found = {}
    for month in ("2026-11", "2026-12"):
        lines = as_(alice).get(reverse("account_credits"), {"month": month}).context["lines"]
        found[month] = [line.entry.amount for line in lines]
    assert found["2026-12"] == [12]
    assert 11 in found["2026-11"]


def test_pages_of_a_month_follow_each_other(alice: User) -> None:
    for number in range(PAGE + 5):
        alice.wallet.charge(1, reference=f"a:{number}")
    address, month = reverse("account_credits"), {"month": f"{timezone.now():%Y-%m}"}
    first = as_(alice).get(address, month)
    last = first.context["lines"][-1].entry.pk
    second = as_(alice).get(address, month | {"before": last})
    seen = [line.entry.pk for page in (first, second) for line in page.context["lines"]]
    assert seen == list(alice.wallet.entries.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query",
    [{"month": "2026-13"}, {"month": "x"}, {"kind": "gift"}, {"member": "0"}, {"item": "x" * 81}],
)
def test_a_filter_that_makes_no_sense_shows_nothing(
    team: Team, alice: User, query: dict[str, str]
) -> None:
    page = as_(alice).get(reverse("team_credits", args=[team.pk]), query)
    assert (page.status_code, page.context["lines"]) == (422, [])
    assert as_(alice).get(reverse("team_credit_export", args=[team.pk]), query).status_code == 404


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("member", [["Bob", "12", "2"], ["Alice", "3", "1"]]),
        ("item", [["sketch", "10", "2"], ["flux", "5", "1"]]),
        ("project", [["Cards", "8", "2"], ["'=1+1", "7", "1"]]),
    ],
)
def test_totals_add_up(team: Team, alice: User, by: str, rows: list[list[str]]) -> None:
    assert exported(alice, team, by=by)[1:] == rows
    page = as_(alice).get(reverse("team_credit_totals", args=[team.pk]), {"by": by})
    assert [[str(t.spent), str(t.jobs)] for t in page.context["totals"]] == [r[1:] for r in rows]


def test_totals_by_member_are_for_those_who_see_all(team: Team, bob: User) -> None:
    address = reverse("team_credit_totals", args=[team.pk])
    assert as_(bob).get(address, {"by": "member"}).status_code == 404
    assert as_(bob).get(address, {"by": "item"}).status_code == 200


def test_a_table_holds_no_formula(team: Team, alice: User) -> None:
    cells = [cell for row in exported(alice, team) for cell in row]
    assert "'=1+1" in cells
    assert not any(cell.startswith("=") for cell in cells)


def test_a_table_has_every_line_the_page_has(team: Team, alice: User) -> None:
    rows = exported(alice, team)
    assert [int(row[2]) for row in rows[1:]] == shown(alice, team)
    assert {len(row) for row in rows} == {10}


def test_what_ends_next_is_told(alice: User) -> None:
    alice.wallet.grant(5, reference="a", expires_at=timezone.now() + dt.timedelta(days=1))
    page = as_(alice).get(reverse("account_credits")).content.decode()
    assert "5 credits end on" in page
    assert alice.wallet.entries.filter(kind=Kind.EXPIRY).count() == 0


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(item="sketch"),
        Filters(project="Cards"),
        Filters(kind="charge"),
        Filters(month=dt.date(2026, 11, 1)),
    ],
    ids=str,
)
def test_every_filter_reads_an_index_in_its_order(alice: User, filters: Filters) -> None:
    if connection.vendor == "postgresql":
        # Of so few rows it would else read all, or sort what it has read.
        with connection.cursor() as cursor:
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = statements.of_person(alice, filters).entries()[:PAGE].explain()
    assert "INDEX" in plan.upper(), plan
    assert "TEMP B-TREE" not in plan, plan
    assert "Sort" not in plan, plan


def test_a_members_own_lines_have_their_index(team: Team, bob: User) -> None:
    found = statements.of_team(bob, team.pk)
    assert found
    if connection.vendor == "sqlite":
        assert "entry_statement_of_buyer" in found.entries()[:PAGE].explain()
