"""/v1/shares: list, make, revoke; and publishing by PATCH where a team reviews it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Team, User
from gallery import sharing
from gallery.models import Asset, Share
from tests.factories import join, keep, make_asset, make_picture, make_team, share
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db
SHARES = "/v1/shares"


def new(program: Program, **body: Any) -> Any:
    return program.post(SHARES, body)


def test_a_link_is_made_listed_and_revoked(alices: Program, client: Client) -> None:
    asset = keep(make_picture(alices.user))
    made = new(alices, assetId=str(asset.pk), kind="link", password="sesame", showsPrompt=False)
    assert made.status_code == 201
    told = made.json()
    assert (told["hasPassword"], told["showsPrompt"], told["views"]) == (True, False, 0)
    assert alices.get(SHARES).json()["items"] == [told]
    path = told["url"].removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert alices.delete(f"{SHARES}/{told['id']}").status_code == 204
    assert client.get(path).status_code == 410
    assert alices.get(SHARES).json()["items"] == []


def test_a_colleague_is_named_by_id(alices: Program, bob: User) -> None:
    join(make_team(alices.user), bob, Role.VIEWER)
    asset = make_asset(alices.user)
    made = new(alices, assetId=str(asset.pk), kind="person", personId=bob.pk, canEdit=True)
    assert (made.status_code, made.json()["person"]) == (201, "Bob")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "person"}, "email"),
        ({"kind": "person", "personId": 1, "email": "x@example.org"}, "email"),
        ({"kind": "person", "personId": 10**12}, "personId"),
        ({"kind": "person", "email": "x@example.org", "password": "x"}, "password"),
        ({"kind": "link", "canEdit": True}, "canEdit"),
        ({"kind": "link", "expiresAt": "2001-01-01T00:00:00Z"}, "expiresAt"),
        ({"kind": "link", "assetId": "x"}, "assetId"),
        ({"kind": "sale"}, "kind"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    alices: Program, body: dict[str, Any], field: str
) -> None:
    asset = make_asset(alices.user)
    answer = new(alices, **{"assetId": str(asset.pk), **body})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {field})


def test_only_ones_own_pictures_are_shared(alices: Program, mallorys: Program) -> None:
    asset = make_asset(alices.user, public=True)
    answer = new(mallorys, assetId=str(asset.pk), kind="link")
    assert set(answer.json()["errors"]) == {"assetId"}


def test_pages_follow_one_another(alices: Program) -> None:
    asset = make_asset(alices.user)
    made = [new(alices, assetId=str(asset.pk), kind="link").json()["id"] for _n in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = alices.get(f"{SHARES}?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
    assert seen == made[::-1]


def test_a_program_cannot_publish_past_the_editors(alices: Program, bob: User) -> None:
    team = make_team(bob)
    Team.objects.filter(pk=team.pk).update(reviews_publications=True)
    join(team, alices.user, Role.CONTRIBUTOR)
    asset = share(make_asset(alices.user), team)
    told = alices.patch(f"/v1/assets/{asset.pk}", {"isPublic": True}).json()
    assert told["isPublic"] is False
    assert team.pk in told["teamIds"]


def test_what_others_shared_is_a_scope_of_its_own(alices: Program, bob: User) -> None:
    join(make_team(bob), alices.user, Role.VIEWER)
    theirs, _other = make_asset(bob), make_asset(bob)
    program = Program(bob)
    new(program, assetId=str(theirs.pk), kind="person", personId=alices.user.pk)
    found = alices.get("/v1/assets?scope=shared").json()["items"]
    assert [item["id"] for item in found] == [str(theirs.pk)]
    assert reverse("asset", args=[theirs.pk])


def test_what_a_person_may_do_is_changed_in_place(alices: Program, bob: User) -> None:
    asset = make_asset(alices.user)
    share = Share.objects.give(asset, bob, may_edit=False)
    for may_edit in (True, True, False):
        told = alices.patch(f"{SHARES}/{share.pk}", {"canEdit": may_edit})
        assert (told.status_code, told.json()["canEdit"]) == (200, may_edit)
        assert Asset.objects.editable_by(bob).contains(asset) == may_edit


def test_a_link_lets_nobody_edit(alices: Program) -> None:
    link = sharing.by_link(make_asset(alices.user))
    told = alices.patch(f"{SHARES}/{link.pk}", {"canEdit": True})
    assert (told.status_code, list(told.json()["errors"])) == (422, ["canEdit"])


@pytest.mark.parametrize("body", [{"canEdit": "yes"}, {"canEdit": None}, {}])
def test_a_right_must_be_said(alices: Program, bob: User, body: dict[str, Any]) -> None:
    share = Share.objects.give(make_asset(alices.user), bob, may_edit=True)
    told = alices.patch(f"{SHARES}/{share.pk}", body)
    assert (told.status_code, list(told.json()["errors"])) == (422, ["canEdit"])
    assert Share.objects.get().may_edit
