"""Pictures by API: lists, changes, likes, deletion."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Role
from gallery.models import Asset
from tests.factories import join, make_asset, make_team, share
from tests.generator.api.programs import Program


@pytest.fixture
def asset(alices: Program) -> Asset:
    return make_asset(alices.user, name="Fox")


def path_of(asset: Asset) -> str:
    return f"/v1/assets/{asset.pk}"


def names(program: Program, query: str) -> list[str]:
    return [item["name"] for item in program.get(f"/v1/assets?{query}").json()["items"]]


def test_mine_are_mine_alone(alices: Program, mallorys: Program, asset: Asset) -> None:
    assert names(alices, "scope=mine") == ["Fox"]
    assert names(mallorys, "scope=mine") == []


def test_public_ones_are_everybodys(alices: Program, mallorys: Program, asset: Asset) -> None:
    make_asset(alices.user, name="Shown", public=True)
    assert names(mallorys, "scope=public") == ["Shown"]


def test_a_teams_are_its_peoples(alices: Program, mallorys: Program, asset: Asset) -> None:
    team = make_team(alices.user)
    share(asset, team, make_team(alices.user))
    assert names(alices, "scope=team") == ["Fox"]
    assert names(alices, f"scope=team&team={team.pk}") == ["Fox"]
    assert names(mallorys, "scope=team") == []
    assert mallorys.get(f"/v1/assets?scope=team&team={team.pk}").status_code == 404


def test_a_team_goes_with_its_scope(alices: Program) -> None:
    answer = alices.get("/v1/assets?scope=mine&team=1")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["team"])


def test_sharing_says_with_exactly_which_teams(alices: Program, asset: Asset) -> None:
    teams = [make_team(alices.user, name=name).pk for name in "ab"]
    for wanted in ([teams[0]], teams, [teams[1]], []):
        answer = alices.patch(path_of(asset), {"teamIds": wanted})
        assert (answer.status_code, sorted(answer.json()["teamIds"])) == (200, wanted)


@pytest.mark.parametrize("wanted", [1, "1", [True], ["1"], [10**30], [0], [None]])
def test_teams_that_are_none_of_mine_are_refused(
    alices: Program, asset: Asset, wanted: Any
) -> None:
    answer = alices.patch(path_of(asset), {"teamIds": wanted})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["teamIds"])


def test_an_editor_changes_the_words_and_neither_who_sees_it_nor_whether_it_stays(
    alices: Program, mallorys: Program, asset: Asset
) -> None:
    team = make_team(alices.user)
    share(asset, team)
    join(team, mallorys.user, Role.EDITOR)
    changed = mallorys.patch(path_of(asset), {"name": "Vixen"})
    assert (changed.status_code, changed.json()["name"]) == (200, "Vixen")
    assert changed.json()["permissions"] == {"canEdit": True}
    assert mallorys.patch(path_of(asset), {"isPublic": True}).status_code == 403
    assert mallorys.patch(path_of(asset), {"teamIds": []}).status_code == 403
    assert mallorys.delete(path_of(asset)).status_code == 403


def test_mine_is_meant_without_a_scope(alices: Program, asset: Asset) -> None:
    assert names(alices, "") == ["Fox"]


@pytest.mark.parametrize("query", ["scope=all", "limit=0", "limit=201", "cursor=%00", "q=a%00b"])
def test_a_wrong_parameter_is_named(alices: Program, query: str) -> None:
    answer = alices.get(f"/v1/assets?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [query.split("=")[0]])


def test_words_find_pictures(alices: Program, asset: Asset) -> None:
    make_asset(alices.user, name="Boat", prompt="a boat")
    assert names(alices, "q=fox") == ["Fox"]


def test_pages_hold_every_picture_once(alices: Program) -> None:
    for number in range(5):
        make_asset(alices.user, name=str(number))
    seen, cursor = [], ""
    while cursor is not None:
        page = alices.get(f"/v1/assets?limit=2{cursor and '&cursor=' + cursor}").json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["nextCursor"]
    assert seen == ["4", "3", "2", "1", "0"]


def test_each_of_the_four_fields_can_be_changed(alices: Program, asset: Asset) -> None:
    changes = {"name": "Vixen", "description": "red", "isPublic": True, "tags": ["red", "snow"]}
    answer = alices.patch(path_of(asset), changes)
    assert answer.status_code == 200
    assert alices.get(path_of(asset)).json().items() >= changes.items()


def test_what_is_not_named_stays(alices: Program, asset: Asset) -> None:
    alices.patch(path_of(asset), {"description": "red"})
    assert alices.get(path_of(asset)).json()["name"] == "Fox"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("isPublic", value) for value in ("true", 1, None, [])],
        *[("name", value) for value in ("x" * 121, 5, None, "a\x00b", "a\ud800b")],
        ("description", "x" * 2001),
        *[("tags", value) for value in ("red", [1], ["x" * 51], [str(n) for n in range(21)])],
        *[(name, 1) for name in ("userId", "owner_id", "likes", "creditUsed", "is_staff")],
        *[(name, "x") for name in ("prompt", "rating", "visibility", "deleted_at", "role")],
    ],
)
def test_a_wrong_or_foreign_field_is_named_and_changes_nothing(
    alices: Program, asset: Asset, field: str, value: Any
) -> None:
    before = alices.get(path_of(asset)).json()
    answer = alices.patch(path_of(asset), {"description": "new", field: value})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    after = alices.get(path_of(asset)).json()
    assert {**after, "url": "", "thumbnails": []} == {**before, "url": "", "thumbnails": []}


def test_an_unpublished_picture_is_gone_for_others_at_once(
    alices: Program, mallorys: Program
) -> None:
    path = path_of(make_asset(alices.user, public=True))
    assert mallorys.get(path).status_code == 200
    alices.patch(path, {"isPublic": False})
    assert mallorys.get(path).status_code == 404


def test_deleting_moves_it_to_the_bin(alices: Program, asset: Asset) -> None:
    answer = alices.delete(path_of(asset))
    assert (answer.status_code, answer.content) == (204, b"")
    assert alices.get(path_of(asset)).status_code == 404
    assert Asset.objects.in_bin_of(alices.user).contains(asset)


def test_likes_count_each_person_once(alices: Program, mallorys: Program) -> None:
    path = path_of(make_asset(alices.user, public=True))
    mallorys.post(f"{path}/like")
    mallorys.post(f"{path}/like")
    assert alices.post(f"{path}/like").json()["likes"] == "2"
    assert mallorys.delete(f"{path}/like").json()["likes"] == "1"
    assert mallorys.delete(f"{path}/like").json()["likes"] == "1"
