"""What lies in a collection: arranged with buttons and by dragging, put in and taken out."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Role, User
from gallery import arranging
from gallery.models import Collection, CollectionRole
from tests.factories import join, make_asset, make_collection, make_team, share, share_collection

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def order(collection: Collection) -> list[str]:
    rows = arranging.pictures(collection, collection.owner).order_by(*arranging.FORWARDS)
    return [asset.name for asset in rows]


@pytest.mark.parametrize(
    ("to", "expected"),
    [("up", "bac"), ("down", "acb"), ("first", "bac"), ("last", "acb"), ("cover", "abc")],
)
def test_buttons_move_a_picture(alices: Client, alice: User, to: str, expected: str) -> None:
    assets = [make_asset(alice, name=name) for name in "abc"]
    collection = make_collection(alice, *assets)
    url = f"/collections/{collection.pk}/{assets[1].pk}/place/"
    response = alices.post(url, {"to": to})
    assert response.headers["Location"] == f"/collections/{collection.pk}/?arrange=1"
    assert order(collection) == list(expected)
    collection.refresh_from_db()
    assert collection.cover == (assets[1] if to == "cover" else None)


def test_a_dragged_picture_stands_before_the_one_it_was_let_go_at(
    alices: Client, alice: User
) -> None:
    assets = [make_asset(alice, name=name) for name in "abc"]
    collection = make_collection(alice, *assets)
    url = f"/collections/{collection.pk}/{assets[2].pk}/place/"
    told = {"before": str(assets[0].pk)}
    assert alices.post(url, told, headers={"HX-Request": "true"}).status_code == 204
    assert order(collection) == list("cab")


@pytest.mark.parametrize("told", [{}, {"to": "sideways"}, {"before": "x"}, {"before": ""}])
def test_a_move_to_nowhere_is_refused(alices: Client, alice: User, told: dict[str, str]) -> None:
    asset = make_asset(alice)
    collection = make_collection(alice, asset)
    url = f"/collections/{collection.pk}/{asset.pk}/place/"
    assert alices.post(url, told).status_code == 400


def test_editors_of_the_team_arrange_what_they_see_and_viewers_do_not(
    alice: User, bob: User, mallory: User
) -> None:
    team = join(make_team(alice), bob, Role.CONTRIBUTOR).team
    join(team, mallory, Role.VIEWER)
    asset, hidden = share(make_asset(alice), team), make_asset(alice)
    collection = make_collection(alice, asset, hidden)
    share_collection(collection, team=team, role=CollectionRole.EDITOR)
    url = f"/collections/{collection.pk}/%s/removal/"
    assert signed_in(mallory).post(url % asset.pk).status_code == 403
    assert signed_in(bob).post(url % hidden.pk).status_code == 404
    assert signed_in(bob).post(url % asset.pk).status_code == 302
    assert order(collection) == [""]


def test_arranging_is_for_those_who_may(alice: User, bob: User) -> None:
    collection = make_collection(alice, make_asset(alice, public=True), public=True)
    url = f"/collections/{collection.pk}/?arrange=1"
    assert b"data-arranging" in signed_in(alice).get(url).content
    assert b"data-arranging" not in signed_in(bob).get(url).content


def test_a_picture_is_put_into_a_collection_on_its_own_page(alices: Client, alice: User) -> None:
    asset, collection = make_asset(alice), make_collection(alice)
    url = f"/gallery/{asset.pk}/collections/"
    alices.post(url, {"add": str(collection.pk)})
    assert arranging.pictures(collection, alice).contains(asset)
    alices.post(url, {"remove": str(collection.pk)})
    assert not collection.items.exists()
    alices.post(url, {"name": "A new one"})
    assert Collection.objects.get(name="A new one").items.get().asset == asset


def test_the_picker_answers_with_itself(alices: Client, alice: User) -> None:
    asset, collection = make_asset(alice), make_collection(alice, name="Foxes")
    url = f"/gallery/{asset.pk}/collections/"
    told = {"add": str(collection.pk)}
    page = alices.post(url, told, headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<section class="stack" id="collections"')
    assert "Take out of Foxes" in page
    wrong = alices.post(url, {"name": " "}, headers={"HX-Request": "true"})
    assert (wrong.status_code, b"field-error" in wrong.content) == (422, True)


def test_nobody_puts_pictures_into_what_is_not_theirs(alice: User, bob: User) -> None:
    asset, collection = make_asset(bob), make_collection(alice, public=True)
    url = f"/gallery/{asset.pk}/collections/"
    assert signed_in(bob).post(url, {"add": str(collection.pk)}).status_code == 403
    Collection.objects.update(visibility="private")
    assert signed_in(bob).post(url, {"add": str(collection.pk)}).status_code == 404
    assert not collection.items.exists()
