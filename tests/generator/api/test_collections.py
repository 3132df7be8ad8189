"""Collections and tags, for programs."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from accounts.models import Role, User
from gallery.models import Asset, Collection
from tests.factories import join, make_asset, make_collection, make_team, share_collection
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db

URL = "/v1/collections"


def path(collection: Collection, *rest: object) -> str:
    return "/".join((URL, str(collection.pk), *map(str, rest)))


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def test_a_collection_is_begun_filled_and_read(alices: Program) -> None:
    made = alices.post(URL, {"name": "Wall", "description": "one\ntwo", "isPublic": True})
    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["description"], told["isPublic"]) == ("Wall", "one\ntwo", True)
    assets = [make_asset(alices.user) for _ in range(3)]
    chosen = [str(asset.pk) for asset in reversed(assets)]
    added = alices.post(f"{URL}/{told['id']}/items", {"assetIds": chosen})
    assert added.json() == {"held": 3, "new": 3, "refused": 0}
    assert ids(alices.get(f"{URL}/{told['id']}/items")) == chosen
    again = alices.get(f"{URL}/{told['id']}").json()
    assert (again["pictures"], again["coverId"]) == (3, chosen[0])
    assert again["permissions"] == {"canEdit": True, "canShare": True}


def test_what_one_may_not_see_is_left_out_and_counted(alices: Program, bob: User) -> None:
    collection = make_collection(alices.user)
    chosen = [str(make_asset(bob).pk), str(uuid.uuid4()), str(make_asset(alices.user).pk)]
    added = alices.post(path(collection, "items"), {"assetIds": chosen})
    assert added.json() == {"held": 1, "new": 1, "refused": 2}


def test_lists_go_on_by_cursor(alices: Program) -> None:
    made = [make_collection(alices.user, name=f"{number}") for number in range(3)]
    first = alices.get(f"{URL}?limit=2")
    rest = alices.get(f"{URL}?limit=2&cursor={first.json()['nextCursor']}")
    assert ids(first) + ids(rest) == [str(each.pk) for each in reversed(made)]
    assert rest.json()["nextCursor"] is None


def test_items_go_on_by_cursor(alices: Program) -> None:
    assets = [make_asset(alices.user) for _ in range(3)]
    url = path(make_collection(alices.user, *assets), "items")
    first = alices.get(f"{url}?limit=2")
    rest = alices.get(f"{url}?limit=2&cursor={first.json()['nextCursor']}")
    assert ids(first) + ids(rest) == [str(asset.pk) for asset in assets]


def test_an_item_is_moved_and_taken_out(alices: Program) -> None:
    assets = [make_asset(alices.user) for _ in range(3)]
    collection = make_collection(alices.user, *assets)
    first, _second, last = (str(asset.pk) for asset in assets)
    moved = alices.patch(path(collection, "items", last), {"beforeId": first})
    assert moved.status_code == 204
    assert ids(alices.get(path(collection, "items")))[0] == last
    assert alices.patch(path(collection, "items", last), {"beforeId": None}).status_code == 204
    assert ids(alices.get(path(collection, "items")))[-1] == last
    assert alices.delete(path(collection, "items", last)).status_code == 204
    assert collection.items.count() == 2


def test_it_is_renamed_published_and_given_a_cover(alices: Program) -> None:
    assets = [make_asset(alices.user) for _ in range(2)]
    collection = make_collection(alices.user, *assets)
    wanted = {"name": "New", "isPublic": True, "coverId": str(assets[1].pk)}
    told = alices.patch(path(collection), wanted).json()
    assert (told["name"], told["isPublic"], told["coverId"]) == ("New", True, str(assets[1].pk))


def test_deleting_it_leaves_its_pictures(alices: Program) -> None:
    collection = make_collection(alices.user, make_asset(alices.user))
    assert alices.delete(path(collection)).status_code == 204
    assert (Collection.objects.count(), Asset.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a" * 121}, "name"),
        ({"name": "a", "description": "b" * 2001}, "description"),
        ({"name": "a", "description": "\u0000"}, "description"),
        ({"name": "a", "isPublic": 1}, "isPublic"),
        ({"name": "a", "color": "red"}, "color"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    alices: Program, body: dict[str, Any], field: str
) -> None:
    answer = alices.post(URL, body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {field}


@pytest.mark.parametrize("wrong", [[], "x", ["x"], [1], [None], [str(uuid.uuid4())] * 501])
def test_what_are_no_ids_are_refused(alices: Program, wrong: object) -> None:
    collection = make_collection(alices.user)
    answer = alices.post(path(collection, "items"), {"assetIds": wrong})
    assert answer.status_code == 422
    assert "assetIds" in answer.json()["errors"]


def test_it_is_shared_with_a_team_or_a_person_of_ones_teams(alices: Program, bob: User) -> None:
    collection, team = make_collection(alices.user), make_team(alices.user)
    join(team, bob, Role.VIEWER)
    url = path(collection, "shares")
    with_team = alices.post(url, {"teamId": team.pk, "role": "editor"}).json()
    with_bob = alices.post(url, {"userId": bob.pk, "role": "viewer"}).json()
    assert alices.get(url).json()["items"] == [with_team, with_bob]
    assert (with_team["teamId"], with_bob["userId"]) == (team.pk, bob.pk)
    assert alices.delete(f"{url}/{with_team['id']}").status_code == 204
    assert Program(bob).get(path(collection)).status_code == 200


@pytest.mark.parametrize("to", [{}, {"teamId": 1, "userId": 1}, {"teamId": 10**9}, {"userId": -1}])
def test_it_is_shared_with_nobody_else(alices: Program, to: dict[str, int]) -> None:
    collection = make_collection(alices.user)
    answer = alices.post(path(collection, "shares"), {**to, "role": "viewer"})
    assert answer.status_code == 422
    assert not collection.shares.exists()


def test_a_stranger_is_no_person_to_share_with(alices: Program, mallory: User) -> None:
    collection = make_collection(alices.user)
    told = {"userId": mallory.pk, "role": "viewer"}
    assert alices.post(path(collection, "shares"), told).status_code == 422


def test_editors_fill_it_and_do_not_own_it(alices: Program, bob: User) -> None:
    collection = make_collection(alices.user)
    share_collection(collection, person=bob, role="editor")
    editor = Program(bob)
    added = editor.post(path(collection, "items"), {"assetIds": [str(make_asset(bob).pk)]})
    assert added.status_code == 200
    assert editor.patch(path(collection), {"name": "mine"}).status_code == 403
    assert editor.get(path(collection, "shares")).status_code == 403


def test_tags_are_listed_renamed_and_taken_away(alices: Program, bob: User) -> None:
    for owner in (alices.user, alices.user, bob):
        make_asset(owner).set_tags(["sea", "night"])
    listed = alices.get("/v1/tags?q=S").json()
    assert listed == {"items": [{"name": "sea", "pictures": 2}], "nextAfter": None}
    assert alices.patch("/v1/tags/sea", {"name": "night"}).json() == {"pictures": 2}
    assert alices.delete("/v1/tags/night").status_code == 204
    assert alices.get("/v1/tags").json()["items"] == []
    assert Program(bob).get("/v1/tags").json()["items"][1] == {"name": "sea", "pictures": 1}


@pytest.mark.parametrize("name", ["", "two words", "a" * 51, 5, None])
def test_what_is_no_tag_is_refused(alices: Program, name: object) -> None:
    make_asset(alices.user).set_tags(["sea"])
    assert alices.patch("/v1/tags/sea", {"name": name}).status_code == 422
