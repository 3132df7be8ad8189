"""POST /v1/assets/bulk: one deed for many pictures, and what is told about each."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, Team, User
from gallery.forms import MAX_TAGS
from gallery.models import Asset, PublicationRequest, TeamShare
from gallery.organising import MAX_SELECTED
from tests.factories import join, make_asset, make_collection, make_team, share
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db
BULK = "/v1/assets/bulk"
NOWHERE = str(uuid.UUID(int=7))


def send(program: Program, do: str, *assets: Asset | str, **more: Any) -> Any:
    ids = [each if isinstance(each, str) else str(each.pk) for each in assets]
    return program.post(BULK, {"do": do, "assetIds": ids, **more})


def act(program: Program, do: str, *assets: Asset | str, **more: Any) -> tuple[Any, Any]:
    """What is done, and why the rest is not, by id."""
    answer = send(program, do, *assets, **more)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["do"] == do
    return told["done"], {each["id"]: each["reason"] for each in told["refused"]}


def team_of(program: Program, owner: User, role: Role = Role.CONTRIBUTOR) -> Team:
    return join(make_team(owner), program.user, role).team


#: Each deed that needs nothing else, and what is refused of a public picture of somebody else.
PLAIN = ("sensitive", "not_sensitive", "publish", "unpublish", "delete")


@pytest.mark.parametrize("do", PLAIN)
def test_ones_own_is_done_and_the_rest_is_named_with_why(
    alices: Program, bob: User, do: str
) -> None:
    mine = [make_asset(alices.user) for _ in range(2)]
    seen, hidden = make_asset(bob, public=True), make_asset(bob)
    before = [Asset.objects.filter(owner=bob).order_by("pk").values().get(pk=seen.pk)]
    done, refused = act(alices, do, *mine, seen, hidden, NOWHERE)
    assert done == [str(each.pk) for each in mine]
    assert refused == {
        str(seen.pk): "not_yours",
        str(hidden.pk): "not_found",
        NOWHERE: "not_found",
    }
    assert [Asset.objects.values().get(pk=seen.pk)] == before


@pytest.mark.parametrize("do", [*PLAIN, "restore"])
def test_the_same_again_changes_nothing_and_answers_the_same(alices: Program, do: str) -> None:
    mine = [make_asset(alices.user) for _ in range(3)]
    first = act(alices, do, *mine)
    rows = list(Asset.objects.order_by("pk").values())
    assert act(alices, do, *mine) == first
    assert (len(first[0]), list(Asset.objects.order_by("pk").values())) == (3, rows)


def test_what_was_deleted_comes_back(alices: Program, bob: User) -> None:
    mine, his = make_asset(alices.user), make_asset(bob)
    act(alices, "delete", mine)
    his.move_to_bin()
    assert alices.get(f"/v1/assets/{mine.pk}").status_code == 404
    assert act(alices, "restore", mine, his) == ([str(mine.pk)], {str(his.pk): "not_found"})
    assert alices.get(f"/v1/assets/{mine.pk}").status_code == 200


def test_tags_go_where_there_is_room(alices: Program, bob: User) -> None:
    mine, full, seen = (
        make_asset(alices.user),
        make_asset(alices.user),
        make_asset(bob, public=True),
    )
    full.set_tags([f"word{n}" for n in range(MAX_TAGS)])
    done, refused = act(alices, "tag", mine, full, seen, tags=["#Sea", "night"])
    assert done == [str(mine.pk)]
    assert refused == {str(full.pk): "too_many_tags", str(seen.pk): "not_editable"}
    assert set(mine.tags.values_list("name", flat=True)) == {"sea", "night"}
    assert act(alices, "untag", mine, full, tags=["sea"])[1] == {}
    assert set(mine.tags.values_list("name", flat=True)) == {"night"}


def test_editors_of_a_team_tag_what_hangs_there(alices: Program, bob: User) -> None:
    asset = share(make_asset(bob), team_of(alices, bob, Role.EDITOR))
    assert act(alices, "tag", asset, tags=["sea"]) == ([str(asset.pk)], {})
    assert act(alices, "delete", asset) == ([], {str(asset.pk): "not_yours"})


def test_sharing_hangs_ones_own_and_unsharing_takes_them_down(alices: Program, bob: User) -> None:
    team = team_of(alices, bob)
    mine, his = make_asset(alices.user), share(make_asset(bob), team)
    own, others = [str(mine.pk)], {str(his.pk): "not_yours"}
    assert act(alices, "share", mine, his, teamId=team.pk) == (own, others)
    assert TeamShare.objects.filter(asset=mine, team=team).exists()
    assert act(alices, "unshare", mine, his, teamId=team.pk) == (own, others)
    assert act(alices, "unshare", mine, his, teamId=team.pk) == (own, others)
    assert list(TeamShare.objects.values_list("asset", flat=True)) == [his.pk]


def test_editors_take_others_pictures_down_and_their_wishes_end(alices: Program, bob: User) -> None:
    team = team_of(alices, bob, Role.EDITOR)
    asset = share(make_asset(bob), team)
    PublicationRequest.objects.create(asset=asset, team=team, asked_by=bob)
    assert act(alices, "unshare", asset, teamId=team.pk) == ([str(asset.pk)], {})
    assert not TeamShare.objects.exists()
    assert PublicationRequest.objects.get().state == "withdrawn"


def test_publishing_asks_editors_where_a_team_reviews(alices: Program, bob: User) -> None:
    team = team_of(alices, bob)
    Team.objects.filter(pk=team.pk).update(reviews_publications=True)
    free, asked = make_asset(alices.user), share(make_asset(alices.user), team)
    for _ in range(2):
        told = send(alices, "publish", free, asked).json()
        assert (len(told["done"]), told["editorsAsked"]) == (2, [str(asked.pk)])
    assert list(Asset.objects.filter(listed=True)) == [free]
    assert PublicationRequest.objects.waiting().get().asset == asked
    act(alices, "unpublish", free, asked)
    assert not Asset.objects.filter(listed=True).exists()
    assert not PublicationRequest.objects.waiting().exists()


def test_collecting_and_taking_out_say_what_holds_now(alices: Program, bob: User) -> None:
    seen, hidden, mine = make_asset(bob, public=True), make_asset(bob), make_asset(alices.user)
    collection = make_collection(alices.user)
    expected = ([str(seen.pk), str(mine.pk)], {str(hidden.pk): "not_found"})
    for _ in range(2):
        told = act(alices, "collect", seen, hidden, mine, collectionId=str(collection.pk))
        assert (told, collection.items.count()) == (expected, 2)
    for _ in range(2):
        told = act(alices, "take_out", seen, hidden, mine, collectionId=str(collection.pk))
        assert (told, collection.items.count()) == (expected, 0)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "do"),
        ({"do": "fly"}, "do"),
        ({"do": "delete", "assetIds": []}, "assetIds"),
        ({"do": "delete", "assetIds": ["x"]}, "assetIds"),
        ({"do": "delete", "assetIds": [NOWHERE] * (MAX_SELECTED + 1)}, "assetIds"),
        ({"do": "delete", "teamId": 1}, "teamId"),
        ({"do": "delete", "forever": True}, "forever"),
        ({"do": "share"}, "teamId"),
        ({"do": "share", "teamId": 10**12}, "teamId"),
        ({"do": "unshare", "teamId": 10**12}, "teamId"),
        ({"do": "tag"}, "tags"),
        ({"do": "tag", "tags": []}, "tags"),
        ({"do": "tag", "tags": ["a" * 60]}, "tags"),
        ({"do": "untag", "tags": "sea"}, "tags"),
        ({"do": "collect"}, "collectionId"),
        ({"do": "collect", "collectionId": NOWHERE}, "collectionId"),
        ({"do": "take_out", "collectionId": 5}, "collectionId"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    alices: Program, body: dict[str, Any], field: str
) -> None:
    asset = make_asset(alices.user)
    answer = alices.post(BULK, {"assetIds": [str(asset.pk)], **body})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert Asset.objects.filter(deleted_at=None).count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_who_may_not_share_with_a_team_is_told_so(
    alices: Program, bob: User, role: Role | None
) -> None:
    team = join(make_team(bob), alices.user, role).team if role else make_team(bob)
    answer = send(alices, "share", make_asset(alices.user), teamId=team.pk)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["teamId"])
    assert not TeamShare.objects.exists()


@pytest.mark.parametrize(
    "do",
    ["share", "unshare", "tag", "untag", "collect", "take_out", "publish", "delete", "restore"],
)
def test_many_cost_as_many_queries_as_few(alices: Program, bob: User, do: str) -> None:
    team = team_of(alices, bob)
    Team.objects.filter(pk=team.pk).update(reviews_publications=True)
    about = {"share": {"teamId": team.pk}, "tag": {"tags": ["sea"]}}
    about["collect"] = {"collectionId": str(make_collection(alices.user).pk)}
    about |= {"unshare": about["share"], "untag": about["tag"], "take_out": about["collect"]}

    def queries(count: int) -> int:
        assets = [share(make_asset(alices.user), team) for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            act(alices, do, *assets, **about.get(do, {}))
        return len(asked)

    queries(2)
    assert queries(20) <= queries(3)
