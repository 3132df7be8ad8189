"""The pages of collections: who opens them, what they show, what their owner says."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from gallery import collecting
from gallery.models import Asset, Collection, CollectionRole
from tests.factories import join, make_asset, make_collection, make_team, share_collection

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_collection_begins_with_a_name(alices: Client, alice: User) -> None:
    response = alices.post("/collections/", {"name": "  Wall   one "})
    collection = Collection.objects.get()
    assert response.headers["Location"] == f"/collections/{collection.pk}/"
    assert (collection.name, collection.owner, collection.is_public) == ("Wall one", alice, False)


@pytest.mark.parametrize("name", ["", "   ", "a" * 121, "a\x00b", "a\x07b"])
def test_a_name_that_is_none_is_refused_beside_the_field(alices: Client, name: str) -> None:
    response = alices.post("/collections/", {"name": name})
    assert response.status_code == 422
    assert b'aria-invalid="true"' in response.content
    assert not Collection.objects.exists()


def test_nobody_has_more_collections_than_one_may(
    alices: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MAX_COLLECTIONS", 1)
    alices.post("/collections/", {"name": "one"})
    assert b"no more are possible" in alices.post("/collections/", {"name": "two"}).content


def test_the_list_shows_ones_own_and_what_was_shared_and_nothing_else(
    alice: User, bob: User, mallory: User
) -> None:
    make_collection(bob, name="My own")
    share_collection(make_collection(alice, name="Given in person"), person=bob)
    team = join(make_team(alice), bob, Role.VIEWER).team
    share_collection(make_collection(alice, name="Given to the team"), team=team)
    make_collection(alice, name="Secret")
    make_collection(mallory, name="Public of a stranger", public=True)
    page = signed_in(bob).get("/collections/").content.decode()
    assert all(name in page for name in ("My own", "Given in person", "Given to the team"))
    assert "Secret" not in page
    assert "stranger" not in page


def test_the_list_is_paged_without_losing_any(alices: Client, alice: User) -> None:
    for number in range(30):
        make_collection(alice, name=f"Number {number}.")
    first = alices.get("/collections/")
    assert first.content.count(b"collection-card") == 24
    rest = alices.get(f"/collections/?cursor={first.context['page'].next_cursor}")
    assert rest.content.count(b"collection-card") == 6
    assert rest.context["page"].next_cursor is None


def test_the_list_asks_as_many_queries_for_many_as_for_few(alices: Client, alice: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            alices.get("/collections/")
        return len(asked)

    make_collection(alice, make_asset(alice))
    queries()
    few = queries()
    for number in range(6):
        make_collection(alice, make_asset(alice), make_asset(alice), name=f"{number}")
    assert queries() == few


def test_a_cover_that_one_may_not_see_gives_way_to_the_first_that_one_may(
    alice: User, bob: User
) -> None:
    hidden, seen = make_asset(alice), make_asset(alice, public=True)
    collection = make_collection(alice, hidden, seen, public=True)
    Collection.objects.update(cover=hidden)
    fronts = []
    for viewer in (alice, bob):
        cards = Collection.objects.visible_to(viewer).for_cards(viewer)
        fronts.append(collecting.cards(cards)[0].front)
    assert fronts == [hidden, seen]
    assert Collection.objects.for_cards(bob).get(pk=collection.pk).shown == 1


@pytest.mark.parametrize(
    ("how", "expected"),
    [("private", 404), ("public", 200), ("person", 200), ("team", 200), ("another team", 404)],
)
def test_a_collection_opens_for_those_it_was_shared_with(
    alice: User, bob: User, how: str, expected: int
) -> None:
    collection = make_collection(alice, public=how == "public")
    if how == "person":
        share_collection(collection, person=bob)
    elif how != "private":
        team = make_team(alice)
        share_collection(collection, team=team)
        if how == "team":
            join(team, bob, Role.VIEWER)
    assert signed_in(bob).get(f"/collections/{collection.pk}/").status_code == expected


def test_an_anonymous_visitor_sees_the_public_pictures_of_a_public_collection(
    client: Client, alice: User
) -> None:
    shown, hidden = make_asset(alice, name="Shown", public=True), make_asset(alice, name="Hidden")
    collection = make_collection(alice, shown, hidden, public=True)
    page = client.get(f"/collections/{collection.pk}/").content.decode()
    assert "Shown" in page
    assert "Hidden" not in page
    assert "1 more is not shown to you" in page
    assert 'id="selection"' not in page


def test_a_hidden_collection_and_a_missing_one_answer_alike(alice: User, bob: User) -> None:
    stranger = signed_in(bob)
    hidden = stranger.get(f"/collections/{make_collection(alice).pk}/")
    missing = stranger.get(f"/collections/{uuid.uuid4()}/")
    assert (hidden.status_code, missing.status_code) == (404, 404)


def test_pictures_go_on_with_the_cursor(alices: Client, alice: User) -> None:
    assets = [make_asset(alice, name=f"Number {n}.") for n in range(50)]
    collection = make_collection(alice, *assets)
    url = f"/collections/{collection.pk}/"
    first = alices.get(url)
    rest = alices.get(url + first.context["next_url"], headers={"HX-Request": "true"})
    assert b"<html" not in rest.content
    assert first.content.count(b'class="picture') == 48
    assert rest.content.count(b'class="picture') == 2


def test_a_wrong_cursor_is_not_found(alices: Client, alice: User) -> None:
    assert alices.get(f"/collections/{make_collection(alice).pk}/?cursor=x").status_code == 404
    assert alices.get("/collections/?cursor=x").status_code == 404


def test_the_owner_renames_describes_and_publishes_it(alices: Client, alice: User) -> None:
    collection = make_collection(alice)
    told = {"name": "Cats", "description": "All of them", "visibility": "public"}
    alices.post(f"/collections/{collection.pk}/settings/", told)
    collection.refresh_from_db()
    assert (collection.name, collection.description) == ("Cats", "All of them")
    assert collection.is_public


def test_what_is_wrong_in_its_settings_is_said_and_nothing_is_lost(
    alices: Client, alice: User
) -> None:
    collection = make_collection(alice, name="Foxes")
    told = {"name": "", "description": "Kept words", "visibility": "public"}
    response = alices.post(f"/collections/{collection.pk}/settings/", told)
    assert response.status_code == 422
    assert b"Kept words" in response.content
    collection.refresh_from_db()
    assert (collection.name, collection.is_public) == ("Foxes", False)


def test_deleting_a_collection_leaves_its_pictures(alices: Client, alice: User) -> None:
    collection = make_collection(alice, make_asset(alice))
    alices.post(f"/collections/{collection.pk}/deletion/")
    assert not Collection.objects.exists()
    assert Asset.objects.count() == 1


@pytest.mark.parametrize("role", CollectionRole)
def test_those_it_is_shared_with_do_not_own_it(alice: User, bob: User, role: Any) -> None:
    collection = make_collection(alice)
    share_collection(collection, person=bob, role=role)
    visitor = signed_in(bob)
    for deed in ("settings", "deletion", "people"):
        assert visitor.post(f"/collections/{collection.pk}/{deed}/").status_code == 403
    assert Collection.objects.exists()


def test_a_collection_is_shared_with_people_of_ones_teams_and_with_nobody_else(
    alices: Client, alice: User, bob: User, mallory: User
) -> None:
    collection = make_collection(alice)
    join(make_team(alice), bob, Role.VIEWER)
    url = f"/collections/{collection.pk}/people/"
    assert alices.post(url, {"to": f"person:{bob.pk}", "role": "editor"}).status_code == 302
    refused = alices.post(url, {"to": f"person:{mallory.pk}", "role": "viewer"})
    assert refused.status_code == 422
    assert mallory.email not in refused.content.decode()
    assert [(each.person, each.role) for each in collection.shares.all()] == [(bob, "editor")]


def test_sharing_again_changes_the_role(alices: Client, alice: User) -> None:
    collection, team = make_collection(alice), make_team(alice)
    for role in ("editor", "viewer"):
        url = f"/collections/{collection.pk}/people/"
        alices.post(url, {"to": f"team:{team.pk}", "role": role})
    assert collection.shares.get().role == "viewer"


def test_who_is_shut_out_cannot_open_it_any_more(alices: Client, alice: User, bob: User) -> None:
    collection = make_collection(alice)
    given = share_collection(collection, person=bob)
    alices.post(f"/collections/{collection.pk}/people/{given.pk}/removal/")
    assert signed_in(bob).get(f"/collections/{collection.pk}/").status_code == 404


def test_a_share_of_another_collection_is_not_found(alices: Client, alice: User) -> None:
    given = share_collection(make_collection(alice), team=make_team(alice))
    other = make_collection(alice)
    url = f"/collections/{other.pk}/people/{given.pk}/removal/"
    assert alices.post(url).status_code == 404
