"""/v1/publications: what waits for editors, their words about it, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, Team, User
from gallery.models import Asset, PublicationRequest
from tests.factories import join, make_asset, make_team, make_wish, share
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db
WISHES = "/v1/publications"


@pytest.fixture
def bobs(bob: User) -> Program:
    return Program(bob)


@pytest.fixture
def team(alice: User, bob: User) -> Team:
    """Alice's, which reviews what becomes public; bob makes pictures in it."""
    team = make_team(alice)
    Team.objects.filter(pk=team.pk).update(reviews_publications=True)
    join(team, bob, Role.CONTRIBUTOR)
    return team


def ask(program: Program, team: Team) -> Asset:
    """A picture of theirs that they wish to publish, through the API."""
    asset = share(make_asset(program.user), team)
    path = f"/v1/assets/{asset.pk}"
    assert program.patch(path, {"isPublic": True}).json()["publicState"] == "asked"
    return asset


def waiting(program: Program, scope: str = "waiting") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = program.get(f"{WISHES}?scope={scope}").json()["items"]
    return items


def test_an_editor_finds_what_was_asked_and_who_asked_finds_it_too(
    alices: Program, bobs: Program, mallorys: Program, team: Team
) -> None:
    asset = ask(bobs, team)
    wish, mine = waiting(alices)[0], waiting(bobs, "mine")[0]
    assert (wish["assetId"], wish["asset"]["id"]) == (str(asset.pk), str(asset.pk))
    assert (wish["team"], wish["askedBy"]["name"], wish["state"]) == (team.name, "Bob", "waiting")
    assert wish["permissions"] == {"canDecide": True, "canWithdraw": False}
    assert mine["permissions"] == {"canDecide": False, "canWithdraw": True}
    assert [waiting(bobs), waiting(mallorys), waiting(mallorys, "mine")] == [[], [], []]


def test_only_who_asked_reads_in_a_picture_that_an_editor_was_asked(
    alices: Program, bobs: Program, team: Team
) -> None:
    asset = ask(bobs, team)
    for path in (f"/v1/assets/{asset.pk}", "/v1/assets?scope=team"):
        told = [program.get(path).json() for program in (bobs, alices)]
        states = [each.get("items", [each])[0]["publicState"] for each in told]
        assert states == ["asked", "private"]


def test_a_yes_publishes_it(alices: Program, bobs: Program, team: Team) -> None:
    asset = ask(bobs, team)
    path = f"{WISHES}/{waiting(alices)[0]['id']}"
    told = alices.post(f"{path}/approve", {"note": "Lovely."})
    assert (told.status_code, told.json()["state"]) == (200, "approved")
    assert told.json()["permissions"] == {"canDecide": False, "canWithdraw": False}
    assert bobs.get(path).json()["note"] == "Lovely."
    assert bobs.get(f"/v1/assets/{asset.pk}").json()["publicState"] == "public"


def test_a_no_is_told_with_its_reason(alices: Program, bobs: Program, team: Team) -> None:
    asset = ask(bobs, team)
    path = f"{WISHES}/{waiting(alices)[0]['id']}"
    assert alices.post(f"{path}/decline", {"note": "Too dark."}).json()["state"] == "declined"
    mine = waiting(bobs, "mine")[0]
    assert (mine["state"], mine["note"]) == ("declined", "Too dark.")
    assert bobs.get(f"/v1/assets/{asset.pk}").json()["publicState"] == "private"
    assert waiting(alices) == []


@pytest.mark.parametrize("what", ["approve", "decline"])
def test_what_was_decided_meanwhile_is_409(
    alices: Program, bobs: Program, team: Team, what: str
) -> None:
    ask(bobs, team)
    path = f"{WISHES}/{waiting(alices)[0]['id']}"
    assert alices.post(f"{path}/decline").status_code == 200
    assert alices.post(f"{path}/{what}").status_code == 409
    assert bobs.delete(path).status_code == 409
    assert PublicationRequest.objects.get().state == "declined"


def test_who_asked_takes_it_back_and_nobody_else_does(
    alices: Program, bobs: Program, mallorys: Program, team: Team
) -> None:
    asset = ask(bobs, team)
    path = f"{WISHES}/{waiting(alices)[0]['id']}"
    assert [each.delete(path).status_code for each in (alices, mallorys)] == [403, 404]
    assert [bobs.delete(path).status_code for _time in range(2)] == [204, 204]
    assert waiting(alices) == []
    assert alices.post(f"{path}/approve").status_code == 409
    assert bobs.get(f"/v1/assets/{asset.pk}").json()["publicState"] == "private"


def test_who_asked_does_not_decide(bobs: Program, team: Team) -> None:
    ask(bobs, team)
    path = f"{WISHES}/{waiting(bobs, 'mine')[0]['id']}"
    assert bobs.post(f"{path}/approve").status_code == 403
    assert not Asset.objects.filter(listed=True).exists()


def test_taking_it_out_of_the_team_ends_the_wish(
    alices: Program, bobs: Program, team: Team
) -> None:
    asset = ask(bobs, team)
    bobs.patch(f"/v1/assets/{asset.pk}", {"teamIds": []})
    assert waiting(alices) == []
    assert [each["state"] for each in waiting(bobs, "mine")] == ["withdrawn"]


@pytest.mark.parametrize("body", [{"note": "x" * 501}, {"note": 5}, {"word": "yes"}])
def test_what_is_wrong_is_said_beside_its_field(
    alices: Program, bobs: Program, team: Team, body: dict[str, Any]
) -> None:
    ask(bobs, team)
    told = alices.post(f"{WISHES}/{waiting(alices)[0]['id']}/approve", body)
    assert (told.status_code, list(told.json()["errors"])) == (422, list(body))


@pytest.mark.parametrize("scope", ["waiting", "mine"])
def test_pages_hold_each_once_in_their_order(alices: Program, team: Team, scope: str) -> None:
    wishes = [make_wish(make_asset(alices.user), team).pk for _ in range(5)]
    found, cursor = [], ""
    while cursor is not None:
        page = alices.get(f"{WISHES}?scope={scope}&limit=2{cursor}").json()
        found += [each["id"] for each in page["items"]]
        cursor = page["nextCursor"] and f"&cursor={page['nextCursor']}"
    assert found == (wishes if scope == "waiting" else wishes[::-1])


def test_a_forged_cursor_is_refused(alices: Program) -> None:
    for cursor in ("x", "A" * 16 + "/" * 16, "_" * 32):
        assert alices.get(f"{WISHES}?cursor={cursor}").status_code == 422


def test_many_cost_as_many_queries_as_few(alices: Program, team: Team) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            make_wish(make_asset(alices.user), team)
        with CaptureQueriesContext(connection) as asked:
            assert waiting(alices)
        return len(asked)

    queries(1)
    assert queries(10) <= queries(2)
