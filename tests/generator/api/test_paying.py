"""Which wallet a program pays with, what for, and with how much of its key's budget."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import MAX_PROJECT, ApiKey, Role, Team, User
from generator.dialects import native_fields
from generator.models import Generation
from tests.factories import join, make_team
from tests.generator.api.programs import Program


@pytest.fixture
def team(bob: User, alice: User) -> Team:
    """Bob's, with 20 credits; Alice may spend 5 of them a month."""
    team = make_team(bob, credits=20)
    join(team, alice, Role.CONTRIBUTOR, limit=5)
    return team


def test_the_teams_wallet_pays_when_it_is_named(alices: Program, team: Team) -> None:
    before = alices.balance()
    task = alices.submit(wallet=team.wallet.pk).json()
    team.wallet.refresh_from_db()
    assert (alices.balance(), team.wallet.balance) == (before, 19)
    assert task["meta"]["wallet"] == team.wallet.pk


def test_else_the_own_wallet_pays(alices: Program) -> None:
    assert alices.submit().json()["meta"]["wallet"] == alices.user.wallet.pk


def test_a_project_is_told_again_and_filed(alices: Program) -> None:
    task = alices.submit(project="  Autumn \n cards ").json()
    assert task["meta"]["project"] == "Autumn cards"
    assert alices.user.wallet.entries.get(kind="charge").project == "Autumn cards"


@pytest.mark.parametrize("wallet", [0, -1, 2**63, 1.5, True, "1", [1]])
def test_what_is_no_id_of_a_wallet_is_named(alices: Program, wallet: Any) -> None:
    answer = alices.submit(wallet=wallet)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["wallet"])


@pytest.mark.parametrize("project", [7, "x" * (MAX_PROJECT + 1), "a\x00b", "\ud800"])
def test_what_is_no_label_is_named(alices: Program, project: Any) -> None:
    answer = alices.submit(project=project)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["project"])


def test_a_strangers_wallet_and_none_at_all_are_told_alike(mallorys: Program, team: Team) -> None:
    named, missing = mallorys.submit(wallet=team.wallet.pk), mallorys.submit(wallet=10**9)
    assert named.status_code == missing.status_code == 422
    assert named.json() == missing.json()


def test_one_who_only_looks_may_not_spend(mallorys: Program, team: Team) -> None:
    join(team, mallorys.user, Role.VIEWER)
    assert mallorys.submit(wallet=team.wallet.pk).status_code == 403
    assert not Generation.objects.exists()


def test_the_monthly_limit_holds(alices: Program, team: Team) -> None:
    assert alices.submit(wallet=team.wallet.pk, count=5).status_code == 202
    answer = alices.submit(wallet=team.wallet.pk)
    assert answer.status_code == 402
    assert "5 of the 5" in answer.json()["message"]


def test_a_keys_budget_holds_at_every_door(alices: Program) -> None:
    ApiKey.objects.filter(pk=alices.key.pk).update(budget=2)
    task = alices.submit(count=2).json()
    assert alices.submit({"Prefer": "wait=1"}).status_code == 402
    alices.post(f"/v1/tasks/{task['id']}/cancel")
    assert alices.post(f"/v1/tasks/{task['id']}/retry").status_code == 202
    assert alices.submit().status_code == 402


def test_trying_again_is_paid_by_the_same_wallet(alices: Program, team: Team) -> None:
    task = alices.submit(wallet=team.wallet.pk, project="cards").json()
    alices.post(f"/v1/tasks/{task['id']}/cancel")
    again = alices.post(f"/v1/tasks/{task['id']}/retry").json()
    assert (again["meta"]["wallet"], again["meta"]["project"]) == (team.wallet.pk, "cards")
    team.wallet.refresh_from_db()
    assert team.wallet.balance == 19


def test_the_description_knows_how_long_a_label_may_be() -> None:
    assert native_fields.MAX_PROJECT == MAX_PROJECT
