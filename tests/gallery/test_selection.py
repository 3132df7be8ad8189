"""Many pictures at once: what may be done is done, and the rest is named."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from gallery import organising
from gallery.forms import MAX_TAGS
from gallery.models import Asset, Collection, TeamShare
from tests.factories import (
    join,
    keep,
    make_asset,
    make_collection,
    make_picture,
    make_team,
    share,
)

pytestmark = pytest.mark.django_db

URL = "/gallery/selection/"


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def ids(*assets: Asset) -> list[str]:
    return [str(asset.pk) for asset in assets]


def act(client: Client, do: str, *assets: Asset, **told: Any) -> list[str]:
    """What the person is told about it."""
    response = client.post(URL, {"do": do, "asset": ids(*assets), **told})
    assert response.status_code == 302, response.content
    return [str(message) for message in get_messages(response.wsgi_request)]


def tags(asset: Asset) -> set[str]:
    return set(asset.tags.values_list("name", flat=True))


def test_tagging_files_every_picture_under_the_words(alices: Client, alice: User) -> None:
    one, other = make_asset(alice), make_asset(alice)
    one.set_tags(["old"])
    assert act(alices, "tag", one, other, tags="#Sea, night") == ["2 pictures tagged."]
    assert (tags(one), tags(other)) == ({"old", "sea", "night"}, {"sea", "night"})


def test_untagging_takes_the_words_away(alices: Client, alice: User) -> None:
    asset = make_asset(alice)
    asset.set_tags(["sea", "night", "old"])
    act(alices, "untag", asset, tags="sea night")
    assert tags(asset) == {"old"}


def test_what_is_not_ones_own_is_named_and_the_rest_is_done(
    alices: Client, alice: User, bob: User
) -> None:
    mine, his = [make_asset(alice), make_asset(alice)], make_asset(bob, public=True)
    told = act(alices, "tag", *mine, his, tags="sea")
    assert told == ["2 pictures tagged.", "1 of 3 is not yours to change."]
    assert (tags(mine[0]), tags(his)) == ({"sea"}, set())


def test_a_picture_with_all_the_tags_it_can_have_is_named(alices: Client, alice: User) -> None:
    full, other = make_asset(alice), make_asset(alice)
    full.set_tags([f"word{number}" for number in range(MAX_TAGS)])
    told = act(alices, "tag", full, other, tags="one-more")
    assert told == ["1 picture tagged.", "1 picture has as many tags as it can."]
    assert len(tags(full)) == MAX_TAGS
    assert act(alices, "tag", full, tags="word3")[-1] == "1 picture tagged."


def test_sharing_hangs_ones_own_in_the_gallery_of_the_team(
    alices: Client, alice: User, bob: User
) -> None:
    team = join(make_team(bob), alice, Role.CONTRIBUTOR).team
    mine, his = make_asset(alice), share(make_asset(bob), team)
    told = act(alices, "share", mine, his, team=team.pk)
    assert told == ["1 picture shared.", "1 of 2 is not yours, so it was left alone."]
    assert set(TeamShare.objects.values_list("asset", flat=True)) == {mine.pk, his.pk}
    hung = TeamShare.objects.get(asset=mine)
    assert hung.made_at == mine.created_at


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_who_may_not_share_with_the_team_is_refused(
    alices: Client, alice: User, bob: User, role: Role | None
) -> None:
    team = make_team(bob)
    if role:
        join(team, alice, role)
    told = {"do": "share", "asset": ids(make_asset(alice)), "team": team.pk}
    assert alices.post(URL, told).status_code == 422
    assert not TeamShare.objects.exists()


def test_collecting_puts_what_one_sees_at_the_end_in_the_order_chosen(
    alices: Client, alice: User, bob: User
) -> None:
    public, hidden, mine = make_asset(bob, public=True), make_asset(bob), make_asset(alice)
    collection = make_collection(alice)
    told = act(alices, "collect", public, hidden, mine, collection=collection.pk)
    assert told == ["2 pictures collected.", "1 of 3 is gone, or not shown to you."]
    items = collection.items.order_by("position").values_list("asset", flat=True)
    assert list(items) == [public.pk, mine.pk]


def test_collecting_begins_a_collection_by_its_name(alices: Client, alice: User) -> None:
    asset = make_asset(alice)
    act(alices, "collect", asset, name="A wall")
    assert Collection.objects.get(name="A wall", owner=alice).items.get().asset == asset


def test_taking_out_leaves_the_pictures(alices: Client, alice: User) -> None:
    one, other = make_asset(alice), make_asset(alice)
    collection = make_collection(alice, one, other)
    assert act(alices, "take_out", one, out_of=collection.pk) == ["1 picture taken out."]
    assert (collection.items.count(), Asset.objects.count()) == (1, 2)


@pytest.mark.parametrize("do", ["collect", "take_out"])
def test_collections_of_others_are_left_alone(
    alices: Client, alice: User, bob: User, do: str
) -> None:
    asset = make_asset(alice, public=True)
    collection = make_collection(bob, asset, public=True)
    told = {"do": do, "asset": ids(asset), "collection": collection.pk, "out_of": collection.pk}
    assert alices.post(URL, told).status_code == 422
    assert collection.items.count() == 1


def test_deleting_can_be_undone_as_one(alices: Client, alice: User, bob: User) -> None:
    mine = [make_asset(alice) for _ in range(3)]
    before = keep(make_picture(alice), binned=True)
    told = act(alices, "delete", *mine, make_asset(bob, public=True))
    assert told[0].startswith("3 pictures moved to the bin. <button")
    assert told[1] == "1 of 4 is not yours, so it was left alone."
    address = told[0].split('formaction="')[1].split('"')[0]
    stranger = Client()
    stranger.force_login(bob)
    assert stranger.post(address).status_code == 404
    alices.post(address)
    assert list(Asset.objects.in_bin_of(alice)) == [before]


def test_rating_is_the_owners_word(alices: Client, alice: User, bob: User) -> None:
    mine, his = make_asset(alice), make_asset(bob, public=True)
    told = act(alices, "sensitive", mine, his)
    assert told == ["1 picture is sensitive now.", "1 of 2 is not yours, so it was left alone."]
    mine.refresh_from_db()
    his.refresh_from_db()
    assert (mine.owner_sensitive, his.owner_sensitive) == (True, False)
    act(alices, "not_sensitive", mine)
    mine.refresh_from_db()
    assert not mine.owner_sensitive


def test_all_of_it_is_wrong_for_nothing(alices: Client, bob: User) -> None:
    told = act(alices, "delete", make_asset(bob, public=True))
    assert told == ["1 of 1 is not yours, so it was left alone."]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"do": "delete"}, "Choose some pictures first."),
        ({"do": "delete", "asset": ["x"]}, "That is no picture."),
        ({"do": "fly", "asset": [str(uuid.uuid4())]}, "fly"),
        ({"do": "tag", "asset": [str(uuid.uuid4())], "tags": " "}, "Write at least one word."),
        ({"do": "collect", "asset": [str(uuid.uuid4())]}, "Choose a collection"),
    ],
)
def test_what_is_wrong_is_said(alices: Client, told: dict[str, Any], words: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        response = alices.post(URL, told, headers=headers)
        assert response.status_code == 422
        assert words in response.content.decode()


def test_wrong_words_lose_no_choice(alices: Client, alice: User) -> None:
    asset = make_asset(alice)
    response = alices.post(URL, {"do": "tag", "asset": ids(asset), "tags": "a" * 60})
    assert response.status_code == 422
    assert f'value="{asset.pk}" data-pick checked' in response.content.decode()


def test_too_many_are_refused_with_their_number(alices: Client) -> None:
    many = [str(uuid.uuid4()) for _ in range(organising.MAX_SELECTED + 1)]
    response = alices.post(URL, {"do": "delete", "asset": many})
    assert response.status_code == 422
    assert b"At most 500 pictures at once; you chose 501." in response.content


def test_htmx_gets_the_toast_and_what_to_take_from_the_page(alices: Client, alice: User) -> None:
    asset = make_asset(alice)
    told = {"do": "delete", "asset": ids(asset)}
    page = alices.post(URL, told, headers={"HX-Request": "true"}).content.decode()
    assert f'<li id="picture-{asset.pk}" hx-swap-oob="delete">' in page
    assert "data-deed-done" in page
    assert "1 picture moved to the bin." in page


@pytest.mark.parametrize(
    ("next_page", "expected"),
    [
        ("/gallery/?scope=team", "/gallery/?scope=team"),
        ("https://evil.example", "/gallery/"),
        ("//evil.example", "/gallery/"),
        ("", "/gallery/"),
    ],
)
def test_one_returns_to_where_one_was_and_nowhere_else(
    alices: Client, alice: User, next_page: str, expected: str
) -> None:
    told = {"do": "delete", "asset": ids(make_asset(alice)), "next": next_page}
    assert alices.post(URL, told).headers["Location"] == expected


DEEDS: dict[str, Callable[[User, list[uuid.UUID]], object]] = {
    "share": lambda user, pks: organising.share(user, pks, make_team(user)),
    "tag": lambda user, pks: organising.tag(user, pks, ["sea", "night"]),
    "untag": lambda user, pks: organising.untag(user, pks, ["sea"]),
    "delete": organising.move_to_bin,
    "restore": organising.restore,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_many_cost_as_many_queries_as_few(alice: User, deed: str) -> None:
    def queries(count: int) -> int:
        pks = [make_asset(alice).pk for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            DEEDS[deed](alice, pks)
        return len(asked)

    queries(2)
    assert queries(20) <= queries(3)


def test_the_bar_is_there_for_whoever_is_signed_in(
    alices: Client, alice: User, client: Client
) -> None:
    make_asset(alice, public=True)
    page = alices.get("/gallery/").content.decode()
    assert 'id="selection"' in page
    assert page.count("data-pick>") == 1
    assert "data-pick" not in Client().get("/gallery/").content.decode()
