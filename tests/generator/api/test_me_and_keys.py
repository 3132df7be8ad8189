"""Programs ask whose they are, and make keys that may do no more than their own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.keys import MAX_KEYS
from accounts.models import ApiKey, Scope, StaffRole, User
from tests.factories import make_key
from tests.generator.api.programs import Program

TOMORROW = timezone.now() + dt.timedelta(days=1)


def limit(program: Program, **columns: Any) -> None:
    ApiKey.objects.filter(pk=program.key.pk).update(**columns)


def with_token(user: User, token: str) -> Program:
    program = Program(user)
    program.headers = {"Authorization": f"Bearer {token}"}
    return program


def test_a_program_learns_whom_it_acts_for_and_what_it_may_do(alices: Program) -> None:
    limit(alices, budget=10, spent=4)
    me = alices.get("/v1/me").json()
    assert (me["id"], me["name"], me["email"]) == (alices.user.pk, "Alice", "alice@example.org")
    assert me["staffRole"] is None
    assert (me["key"]["scopes"], me["key"]["budget"], me["key"]["spent"]) == (
        ["read", "generate", "gallery"],
        10,
        4,
    )


def test_the_name_can_be_changed_and_nothing_else(alices: Program) -> None:
    assert alices.patch("/v1/me", {"name": "  Alice   B. "}).json()["name"] == "Alice B."
    for field, value in (("email", "x@example.org"), ("staffRole", "admin"), ("isStaff", True)):
        refused = alices.patch("/v1/me", {"name": "Eve", field: value})
        assert (refused.status_code, set(refused.json()["errors"])) == (422, {field})
    alices.user.refresh_from_db()
    assert (alices.user.name, alices.user.is_staff) == ("Alice B.", False)


@pytest.mark.parametrize("name", ["x" * 81, 7, None, "a\x00b", "\ud800", ["a"]])
def test_a_bad_name_is_refused_beside_its_field(alices: Program, name: Any) -> None:
    refused = alices.patch("/v1/me", {"name": name})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"name"})


def test_a_new_key_opens_and_is_told_once(alices: Program) -> None:
    made = alices.post("/v1/keys", {"name": "robot", "scopes": ["read"]})
    token = made.json()["token"]
    assert made.status_code == 201
    robot = with_token(alices.user, token)
    assert robot.get("/v1/me").json()["key"]["madeBy"] == alices.key.pk
    assert robot.submit().status_code == 403
    assert token not in alices.get("/v1/keys").content.decode()


def test_a_key_that_is_not_told_otherwise_may_what_its_maker_may(alice: User) -> None:
    maker = Program(alice, ["read", "gallery"])
    limit(maker, expires_at=TOMORROW, budget=30, spent=10)
    made = maker.post("/v1/keys", {"name": "robot"}).json()
    assert (made["scopes"], made["budget"]) == (["read", "gallery"], 20)
    assert dt.datetime.fromisoformat(made["expiresAt"]) == TOMORROW


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("scopes", {"scopes": ["read", "generate"]}),
        ("scopes", {"scopes": ["admin"]}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": "read"}),
        ("budget", {"budget": None}),
        ("budget", {"budget": 21}),
        ("budget", {"budget": -1}),
        ("budget", {"budget": 1.5}),
        ("budget", {"budget": True}),
        ("expiresAt", {"expiresAt": None}),
        ("expiresAt", {"expiresAt": "2999-01-01T00:00:00Z"}),
        ("expiresAt", {"expiresAt": "2001-01-01T00:00:00Z"}),
        ("expiresAt", {"expiresAt": "2999-01-01"}),
        ("owner", {"owner": 1}),
    ],
)
def test_no_key_makes_one_mightier_than_itself(
    alice: User, field: str, wanted: dict[str, Any]
) -> None:
    maker = Program(alice, ["read", "gallery"])
    limit(maker, expires_at=TOMORROW, budget=30, spent=10)
    refused = maker.post("/v1/keys", {"name": "robot", **wanted})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {field})
    assert alice.api_keys.count() == 1


def test_what_a_key_hands_on_of_its_budget_it_cannot_spend_itself(alice: User) -> None:
    maker = Program(alice)
    limit(maker, budget=30)
    for status in (201, 201, 201, 422):
        assert maker.post("/v1/keys", {"name": "robot", "budget": 10}).status_code == status
    assert maker.submit().status_code == 402


def test_a_key_that_was_made_by_one_makes_none(alices: Program) -> None:
    token = alices.post("/v1/keys", {"name": "robot"}).json()["token"]
    robot = with_token(alices.user, token)
    assert robot.post("/v1/keys", {"name": "robot's robot"}).status_code == 403


def test_revoking_a_key_stops_those_it_made(alices: Program) -> None:
    token = alices.post("/v1/keys", {"name": "robot"}).json()["token"]
    assert alices.delete(f"/v1/keys/{alices.key.pk}").status_code == 204
    assert with_token(alices.user, token).get("/v1/me").status_code == 401
    assert alices.get("/v1/me").status_code == 401


def test_nobody_revokes_or_sees_the_keys_of_others(alices: Program, mallorys: Program) -> None:
    assert mallorys.delete(f"/v1/keys/{alices.key.pk}").status_code == 404
    listed = [item["id"] for item in mallorys.get("/v1/keys").json()["items"]]
    assert listed == [mallorys.key.pk]


def test_there_are_so_many_keys_and_no_more(alices: Program) -> None:
    for _ in range(MAX_KEYS - 1):
        make_key(alices.user)
    assert alices.post("/v1/keys", {"name": "one more"}).status_code == 409


def test_a_key_that_passed_its_day_is_refused(alices: Program) -> None:
    limit(alices, expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert alices.get("/v1/me").status_code == 401


def test_a_key_spends_its_budget_and_no_more(alices: Program) -> None:
    limit(alices, budget=2)
    assert [alices.submit().status_code for _ in range(3)] == [202, 202, 402]
    assert alices.get("/v1/me").json()["key"]["spent"] == 2


def test_trying_again_spends_the_budget_of_the_key_that_asks(alices: Program) -> None:
    task = alices.submit().json()["id"]
    alices.post(f"/v1/tasks/{task}/cancel")
    limit(alices, budget=0)
    assert alices.post(f"/v1/tasks/{task}/retry").status_code == 402


def test_a_cancelled_task_gives_its_key_the_budget_back(alices: Program) -> None:
    limit(alices, budget=1)
    task = alices.submit().json()["id"]
    alices.post(f"/v1/tasks/{task}/cancel")
    assert alices.submit().status_code == 202


def test_scopes_that_were_taken_are_gone_with_the_next_request(alices: Program) -> None:
    limit(alices, scopes=[Scope.READ])
    assert alices.submit().status_code == 403
    assert alices.get("/v1/me").json()["key"]["scopes"] == ["read"]


def test_only_a_key_of_staff_hands_on_administering(alice: User) -> None:
    alice.set_staff_role(StaffRole.FINANCE)
    alice.save()
    maker = Program(alice, Scope.values)
    assert maker.post("/v1/keys", {"name": "robot", "scopes": ["admin"]}).status_code == 201
    User.objects.filter(pk=alice.pk).update(staff_role="", is_staff=False)
    assert maker.post("/v1/keys", {"name": "robot", "scopes": ["admin"]}).status_code == 422
