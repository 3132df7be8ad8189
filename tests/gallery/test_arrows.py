"""The arrows on a picture's page: they walk along the list that somebody came from."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Role, User
from gallery import arranging
from gallery.models import Asset, Collection, Share
from gallery.views.arrows import Arrows
from tests.factories import join, make_asset, make_collection, make_team, make_user, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def arrows(client: Client, asset: Asset, address: str) -> Arrows:
    response = client.get(asset.get_absolute_url() + address)
    found: Arrows = response.context["arrows"]
    return found


def walk(client: Client, first: Asset, address: str) -> list[str]:
    """The names of the pictures that one meets with the right arrow, and back with the left."""
    step = first.get_absolute_url() + address
    there: list[str] = []
    visited: list[str] = []
    while step and len(there) < 20:
        context = client.get(step).context
        there.append(context["asset"].name)
        visited.append(step)
        step = context["arrows"].after
    backwards = [there[-1]]
    while step := client.get(visited[-1]).context["arrows"].before:
        visited.append(step)
        backwards.append(client.get(step).context["asset"].name)
    assert backwards == there[::-1]
    return there


def held(owner: User, order: str) -> tuple[Collection, dict[str, Asset]]:
    """A collection of pictures made in the order of the alphabet, arranged as said."""
    assets = {name: make_asset(owner, name=name) for name in sorted(order)}
    return make_collection(owner, *(assets[name] for name in order)), assets


def test_a_collection_is_walked_in_its_own_order(alices: Client, alice: User) -> None:
    collection, assets = held(alice, "bdac")
    address = f"?collection={collection.pk}"
    assert walk(alices, assets["b"], address) == ["b", "d", "a", "c"]
    shown = arrows(alices, assets["d"], address)
    assert (shown.back, shown.title) == (collection.get_absolute_url(), "Foxes")


def test_cards_of_a_collection_lead_into_its_order(alices: Client, alice: User) -> None:
    collection, assets = held(alice, "ab")
    body = alices.get(collection.get_absolute_url()).content.decode()
    assert f'href="{assets["a"].get_absolute_url()}?collection={collection.pk}"' in body


def test_the_arrows_pass_over_what_is_not_shown(client: Client, alice: User, bob: User) -> None:
    collection, assets = held(alice, "abcd")
    team = join(make_team(alice), bob, Role.VIEWER).team
    share(assets["a"], team)
    share(assets["d"], team)
    Collection.objects.filter(pk=collection.pk).update(visibility="public")
    client.force_login(bob)
    assert walk(client, assets["a"], f"?collection={collection.pk}") == ["a", "d"]


def test_visitors_walk_a_public_collection(client: Client, alice: User) -> None:
    assets = [make_asset(alice, name=name, public=True) for name in "abc"]
    collection = make_collection(alice, *reversed(assets), public=True)
    assert walk(client, assets[2], f"?collection={collection.pk}") == ["c", "b", "a"]


def test_a_collection_that_one_may_not_open_is_not_walked(client: Client, alice: User) -> None:
    shown = make_asset(alice, public=True)
    collection = make_collection(alice, shown)
    found = arrows(client, shown, f"?collection={collection.pk}")
    assert "collection" not in found.back
    assert found.title == "Gallery"


@pytest.mark.parametrize("said", ["", "x", str(uuid.UUID(int=7))])
def test_what_is_no_collection_leads_along_the_gallery(
    alices: Client, alice: User, said: str
) -> None:
    older, newer = make_asset(alice), make_asset(alice)
    found = arrows(alices, newer, f"?collection={said}")
    assert found.after == f"{older.get_absolute_url()}?scope=mine"


def test_a_picture_that_is_not_in_the_collection_leads_along_the_gallery(
    alices: Client, alice: User
) -> None:
    collection, _assets = held(alice, "ab")
    other = make_asset(alice)
    assert arrows(alices, other, f"?collection={collection.pk}").back == "/gallery/?scope=mine"


def test_a_collection_costs_the_same_queries_however_many_lie_in_it(
    alices: Client, alice: User
) -> None:
    def queries(order: str) -> int:
        collection, assets = held(alice, order)
        with CaptureQueriesContext(connection) as asked:
            alices.get(f"{assets['b'].get_absolute_url()}?collection={collection.pk}")
        return len(asked)

    queries("abc")
    assert queries("abc") == queries("abcdefghijklmnopqrst")


def test_a_search_is_walked_in_its_order(alices: Client, alice: User) -> None:
    for number, words in enumerate(["a fox", "a cat", "red fox", "fox cub"]):
        last = make_asset(alice, name=f"{number}", prompt=words)
    assert walk(alices, last, "?scope=mine&q=fox") == ["3", "2", "0"]


def test_what_one_likes_is_walked_as_the_search_for_it(alices: Client, alice: User) -> None:
    assets = [make_asset(alice, name=name) for name in "abc"]
    for asset in (assets[0], assets[2]):
        alices.post(f"/gallery/{asset.pk}/like/", {"liked": "yes"})
    assert walk(alices, assets[2], "?scope=mine&q=liked:me") == ["c", "a"]


def test_what_was_shared_with_one_is_walked(client: Client, alice: User, bob: User) -> None:
    assets = [make_asset(alice, name=name, public=name == "b") for name in "abc"]
    for asset in (assets[0], assets[2]):
        Share.objects.give(asset, bob, may_edit=False)
    client.force_login(bob)
    assert walk(client, assets[2], "?scope=shared") == ["c", "a"]


def test_an_opened_stack_is_walked_alone(alices: Client, alice: User) -> None:
    assets = [make_asset(alice, name=f"{n}", stack=stack) for n, stack in enumerate([1, 2, 1, 2])]
    assert walk(alices, assets[2], "?scope=mine&stack=1") == ["2", "0"]


def test_folded_stacks_are_walked_from_one_to_the_next(alices: Client, alice: User) -> None:
    stacks = [1, 2, 1, None, 2]
    assets = [make_asset(alice, name=f"{n}", stack=stack) for n, stack in enumerate(stacks)]
    assert walk(alices, assets[4], "?scope=mine&stacks=1") == ["4", "3", "2"]


def test_another_stack_than_the_pictures_own_is_not_walked(alices: Client, alice: User) -> None:
    make_asset(alice, stack=1)
    asset = make_asset(alice, stack=2)
    assert arrows(alices, asset, "?scope=mine&stack=1").back == "/gallery/?scope=mine"


@settings(max_examples=25, deadline=None)
@given(
    order=st.permutations(range(6)),
    hidden=st.sets(st.integers(0, 5), max_size=5),
    moves=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4),
)
def test_neighbours_are_those_of_the_list_that_somebody_sees(
    order: list[int], hidden: set[int], moves: list[tuple[int, int]]
) -> None:
    owner, other = make_user(), make_user()
    assets = [make_asset(owner, public=number not in hidden) for number in range(6)]
    collection = make_collection(owner, *(assets[number] for number in order), public=True)
    for moved, before in moves:
        arranging.move_before(collection, assets[moved].pk, assets[before].pk)
    seen = list(arranging.pictures(collection, other).order_by(*arranging.FORWARDS))
    beside = [arranging.neighbours(collection, other, asset) for asset in seen]
    assert beside == list(zip([None, *seen], [*seen[1:], None], strict=False))
