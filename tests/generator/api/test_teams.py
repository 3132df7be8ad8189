"""Teams through the API: founding, people, invitations, and who may do what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Role, Team, TeamInvitation, TeamRight, User
from accounts.rights import roles_with
from gallery.models import TeamShare
from tests.factories import join, make_asset, make_team
from tests.generator.api.programs import Program


@pytest.fixture
def team(alice: User) -> Team:
    return make_team(alice, credits=100)


@pytest.fixture
def bobs(bob: User) -> Program:
    return Program(bob)


def at(team: Team, rest: str = "") -> str:
    return f"/v1/teams/{team.pk}{rest}"


def role_of(team: Team, user: User) -> str | None:
    return team.memberships.filter(user=user).values_list("role", flat=True).first()


def invite(program: Program, team: Team, **wanted: Any) -> str:
    made = program.post(at(team, "/invitations"), {"role": "contributor", **wanted})
    assert made.status_code == 201, made.json()
    token: str = made.json()["token"]
    return token


def accept(program: Program, token: str) -> Any:
    return program.post("/v1/teams/invitations/accept", {"token": token})


def test_whoever_founds_a_team_owns_it(alices: Program) -> None:
    made = alices.post("/v1/teams", {"name": "  Studio   North "})
    team = made.json()
    assert made.status_code == 201
    assert (team["name"], team["role"], team["members"]) == ("Studio North", "owner", 1)
    assert (team["balance"], set(team["permissions"])) == (0, set(TeamRight.values))
    assert alices.get("/v1/teams").json()["items"] == [team]


@pytest.mark.parametrize(("pictures", "owners"), [("keep", "alice"), ("return", "bob")])
def test_who_removes_somebody_says_what_becomes_of_their_pictures(
    team: Team, alices: Program, bob: User, pictures: str, owners: str
) -> None:
    join(team, bob, Role.EDITOR)
    asset = make_asset(bob)
    TeamShare.objects.hang(asset, team)
    path = at(team, f"/members/{bob.pk}?pictures={pictures}")
    assert alices.delete(path).status_code == 204
    asset.refresh_from_db()
    assert asset.owner.email == f"{owners}@example.org"


def test_a_team_settles_what_becomes_of_pictures(team: Team, alices: Program) -> None:
    assert alices.get(at(team)).json()["keepsPictures"]
    assert not alices.patch(at(team), {"keepsPictures": False}).json()["keepsPictures"]
    assert alices.patch(at(team), {"reviewsPublications": True}).json()["reviewsPublications"]
    refused = alices.patch(at(team), {"keepsPictures": "yes"})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"keepsPictures"})


def test_so_many_invitations_are_open_and_no_more(
    team: Team, alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.inviting.MAX_PENDING", 2)
    for status in (201, 201, 409):
        answer = alices.post(at(team, "/invitations"), {"role": "viewer"})
        assert answer.status_code == status


def test_a_team_is_renamed_and_deleted(alices: Program, team: Team) -> None:
    assert alices.patch(at(team), {"name": "South"}).json()["name"] == "South"
    assert alices.delete(at(team)).status_code == 204
    assert alices.get(at(team)).status_code == 404
    assert alices.get("/v1/teams").json()["items"] == []


@pytest.mark.parametrize("name", ["", " ", "x" * 81, None, 3, "a\x1bb"])
def test_a_team_without_a_proper_name_is_refused(alices: Program, name: Any) -> None:
    refused = alices.post("/v1/teams", {"name": name})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"name"})
    assert not Team.objects.exists()


#: What needs which right: method, rest of the path, body.
RIGHTS = [
    ("get", "", None, TeamRight.SEE),
    ("get", "/members", None, TeamRight.SEE),
    ("patch", "", {"name": "New"}, TeamRight.RENAME),
    ("get", "/invitations", None, TeamRight.INVITE),
    ("post", "/invitations", {"role": "viewer"}, TeamRight.INVITE),
    ("patch", "/members/{user}", {"monthlyLimit": 5}, TeamRight.MANAGE_PEOPLE),
    ("delete", "/members/{user}", None, TeamRight.MANAGE_PEOPLE),
    ("delete", "", None, TeamRight.DELETE),
]


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize(("method", "rest", "data", "right"), RIGHTS)
def test_each_role_may_what_the_table_of_rights_says(
    method: str, rest: str, data: Any, right: TeamRight, role: Role, bobs: Program, alice: User
) -> None:
    team = make_team(alice)
    join(team, bobs.user, role)
    call = getattr(bobs, method)
    path = at(team, rest.format(user=alice.pk))
    if rest == "/members/{user}" and method == "delete":
        join(team, User.objects.create_user("c@example.org"), Role.OWNER)
    answer = call(path, data) if data else call(path)
    assert (answer.status_code == 403) == (role not in roles_with(right))
    assert answer.status_code in {200, 201, 204, 403}


def test_what_somebody_may_not_spend_of_they_do_not_see(team: Team, bobs: Program) -> None:
    join(team, bobs.user, Role.VIEWER)
    assert bobs.get(at(team)).json()["balance"] is None


def test_only_who_manages_people_reads_their_addresses(
    team: Team, alices: Program, bobs: Program
) -> None:
    join(team, bobs.user, Role.EDITOR)
    owners, editors = (p.get(at(team, "/members")).json()["items"] for p in (alices, bobs))
    assert [each["email"] for each in owners] == ["alice@example.org", "bob@example.org"]
    assert [each["email"] for each in editors] == [None, "bob@example.org"]


def test_a_role_and_a_limit_are_changed_at_once(team: Team, alices: Program, bob: User) -> None:
    join(team, bob, Role.VIEWER)
    wanted = {"role": "contributor", "monthlyLimit": 7}
    member = alices.patch(at(team, f"/members/{bob.pk}"), wanted).json()
    assert (member["role"], member["monthlyLimit"], member["usedThisMonth"]) == (
        "contributor",
        7,
        0,
    )
    lifted = alices.patch(at(team, f"/members/{bob.pk}"), {"monthlyLimit": None}).json()
    assert lifted["monthlyLimit"] is None


def test_who_is_in_the_team_is_not_invited(team: Team, alices: Program, bob: User) -> None:
    join(team, bob, Role.VIEWER)
    wanted = {"role": "owner", "email": "BOB@example.org"}
    assert alices.post(at(team, "/invitations"), wanted).status_code == 409


def test_so_many_teams_are_owned_and_no_more(
    alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.models.team.MAX_TEAMS", 1)
    for status in (201, 409):
        assert alices.post("/v1/teams", {"name": "Studio"}).status_code == status
    assert alices.user.memberships.count() == 1


@pytest.mark.parametrize("wanted", [{"role": "owner"}, {"monthlyLimit": None}])
@pytest.mark.parametrize("role", Role.values)
def test_nobody_changes_their_own_role_or_limit(
    team: Team, bobs: Program, role: Role, wanted: dict[str, Any]
) -> None:
    join(team, bobs.user, role, limit=5)
    refused = bobs.patch(at(team, f"/members/{bobs.user.pk}"), wanted)
    assert refused.status_code == 403
    mine = team.memberships.get(user=bobs.user)
    assert (mine.role, mine.monthly_limit) == (role, 5)


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "king"), ("role", None), ("role", ["owner"]), ("monthlyLimit", -1)]
    + [("monthlyLimit", value) for value in (1.5, "5", True, 10**12)]
    + [("userId", 1)],
)
def test_a_bad_change_of_a_member_changes_nothing(
    team: Team, alices: Program, bob: User, field: str, value: Any
) -> None:
    join(team, bob, Role.VIEWER)
    refused = alices.patch(at(team, f"/members/{bob.pk}"), {"role": "editor"} | {field: value})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {field})
    assert role_of(team, bob) == "viewer"


def test_the_last_owner_can_neither_leave_nor_be_made_less(
    team: Team, alices: Program, bob: User
) -> None:
    join(team, bob, Role.EDITOR)
    assert alices.post(at(team, "/leave")).status_code == 409
    assert alices.delete(at(team, f"/members/{alices.user.pk}")).status_code == 409
    assert role_of(team, alices.user) == "owner"


def test_who_left_or_was_removed_is_a_stranger_from_the_next_request_on(
    team: Team, alices: Program, bobs: Program
) -> None:
    for leave in (
        lambda: bobs.post(at(team, "/leave")),
        lambda: alices.delete(at(team, f"/members/{bobs.user.pk}")),
    ):
        join(team, bobs.user, Role.OWNER)
        assert leave().status_code == 204
        assert bobs.get(at(team)).status_code == 404


def test_a_person_who_is_no_member_is_not_there(team: Team, alices: Program, bob: User) -> None:
    path = at(team, f"/members/{bob.pk}")
    assert alices.patch(path, {"role": "viewer"}).status_code == 404
    assert alices.delete(path).status_code == 404


def test_a_link_lets_in_as_many_as_it_says(
    team: Team, alices: Program, bobs: Program, mallorys: Program
) -> None:
    token = invite(alices, team, uses=1)
    assert accept(bobs, token).json()["role"] == "contributor"
    assert accept(mallorys, token).status_code == 410
    assert accept(bobs, token).status_code == 410
    assert role_of(team, mallorys.user) is None


def test_an_invitation_by_address_is_for_that_person(
    team: Team, alices: Program, bobs: Program, mallorys: Program
) -> None:
    token = invite(alices, team, email="Bob@Example.org")
    assert accept(mallorys, token).status_code == 403
    assert accept(bobs, token).status_code == 200


def test_a_revoked_or_old_invitation_lets_nobody_in(
    team: Team, alices: Program, bobs: Program
) -> None:
    revoked, old = invite(alices, team), invite(alices, team)
    listed = alices.get(at(team, "/invitations")).json()["items"]
    assert alices.delete(at(team, f"/invitations/{listed[1]['id']}")).status_code == 204
    past = timezone.now() - dt.timedelta(seconds=1)
    TeamInvitation.objects.filter(pk=listed[0]["id"]).update(expires_at=past)
    assert [accept(bobs, token).status_code for token in (revoked, old)] == [410, 410]
    assert not Membership.objects.filter(user=bobs.user).exists()


@pytest.mark.parametrize("token", ["", "x", "x" * 300, None, 5])
def test_a_token_that_opens_nothing_is_not_there_or_refused(alices: Program, token: Any) -> None:
    assert accept(alices, token).status_code == (404 if token == "x" else 422)


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("role", {}),
        ("role", {"role": "god"}),
        ("email", {"role": "viewer", "email": "nobody"}),
        ("uses", {"role": "viewer", "email": "a@example.org", "uses": 2}),
        ("uses", {"role": "viewer", "uses": 0}),
        ("days", {"role": "viewer", "days": 1000}),
    ],
)
def test_a_bad_invitation_is_refused_beside_its_field(
    team: Team, alices: Program, field: str, wanted: dict[str, Any]
) -> None:
    refused = alices.post(at(team, "/invitations"), wanted)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {field})
    assert not TeamInvitation.objects.exists()


def test_a_token_is_told_once(team: Team, alices: Program) -> None:
    token = invite(alices, team, uses=3)
    assert token not in alices.get(at(team, "/invitations")).content.decode()
