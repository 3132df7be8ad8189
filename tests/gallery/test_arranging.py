"""Collections: what is in them, in which order, and for whom."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Role, User
from gallery import arranging
from gallery.listing import BadCursor
from gallery.models import Asset, Collection
from tests.factories import join, make_asset, make_collection, make_team, make_user, share
from tests.services import repeat_on_postgresql

pytestmark = pytest.mark.django_db


def order(collection: Collection, viewer: User) -> list[str]:
    rows = arranging.pictures(collection, viewer).order_by("place", "item")
    return [asset.name for asset in rows]


def filled(owner: User, names: str) -> tuple[Collection, dict[str, Asset]]:
    """A collection with a picture for each letter."""
    assets = {name: make_asset(owner, name=name) for name in names}
    return make_collection(owner, *assets.values()), assets


def test_pictures_lie_in_the_order_in_which_they_came(alice: User) -> None:
    collection, _assets = filled(alice, "abc")
    assert order(collection, alice) == ["a", "b", "c"]


def test_adding_twice_changes_nothing(alice: User) -> None:
    collection, assets = filled(alice, "ab")
    added = arranging.add(collection, alice, [assets["a"].pk])
    assert (added.held, added.new) == (1, 0)
    assert order(collection, alice) == ["a", "b"]


def test_nobody_adds_what_they_may_not_see(alice: User, bob: User) -> None:
    collection, secret = make_collection(alice), make_asset(bob)
    assert arranging.add(collection, alice, [secret.pk]) == arranging.Added(frozenset(), new=0)
    assert collection.items.count() == 0


def test_a_full_collection_takes_nothing_more(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    collection, _assets = filled(alice, "ab")
    monkeypatch.setattr(arranging, "MAX_ITEMS", 3)
    with pytest.raises(arranging.Full):
        arranging.add(collection, alice, [make_asset(alice).pk, make_asset(alice).pk])
    assert order(collection, alice) == ["a", "b"]


def test_being_in_a_collection_shows_a_picture_to_nobody_new(alice: User, bob: User) -> None:
    collection, assets = filled(alice, "abc")
    share(assets["b"], join(make_team(alice), bob, Role.VIEWER).team)
    assert order(collection, bob) == ["b"]
    assert arranging.hidden(collection, bob) == 2
    assert arranging.hidden(collection, alice) == 0


def test_what_lies_in_the_bin_is_neither_shown_nor_counted(alice: User, bob: User) -> None:
    collection, assets = filled(alice, "ab")
    assets["a"].move_to_bin()
    assert order(collection, alice) == ["b"]
    assert (arranging.hidden(collection, alice), arranging.hidden(collection, bob)) == (0, 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=30))
def test_moving_does_what_it_does_to_a_list(moves: list[tuple[int, int]]) -> None:
    owner = make_user()
    collection, assets = filled(owner, "abcdef")
    told = list("abcdef")
    for number, place in moves:
        moved = told[number]
        other = told[place] if place < len(told) else None
        assert arranging.move_before(
            collection, assets[moved].pk, assets[other].pk if other else None
        )
        if other != moved:
            told.remove(moved)
            told.insert(told.index(other) if other else len(told), moved)
    assert order(collection, owner) == told


def test_a_place_without_room_is_made_room_for(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arranging, "GAP", 2)
    collection, assets = filled(alice, "abcd")
    for moved in "cdacdb":
        arranging.move_before(collection, assets[moved].pk, assets["b"].pk)
    arranging.move_before(collection, assets["d"].pk, assets["a"].pk)
    found = order(collection, alice)
    assert sorted(found) == list("abcd")
    assert found.index("d") + 1 == found.index("a")


def test_a_step_passes_over_what_one_does_not_see(alice: User, bob: User) -> None:
    collection, assets = filled(alice, "abcd")
    team = join(make_team(alice), bob, Role.CONTRIBUTOR).team
    share(assets["a"], team)
    share(assets["d"], team)
    assert arranging.step(collection, bob, assets["d"].pk, up=True)
    assert order(collection, bob) == ["d", "a"]
    assert arranging.step(collection, bob, assets["d"].pk, up=False)
    assert order(collection, bob) == ["a", "d"]


def test_there_is_no_step_beyond_the_ends(alice: User) -> None:
    collection, assets = filled(alice, "ab")
    assert not arranging.step(collection, alice, assets["a"].pk, up=True)
    assert not arranging.step(collection, alice, assets["b"].pk, up=False)
    assert order(collection, alice) == ["a", "b"]


def test_what_is_taken_out_is_the_cover_no_more(alice: User) -> None:
    collection, assets = filled(alice, "ab")
    Collection.objects.update(cover=assets["a"])
    assert arranging.remove(collection, [assets["a"].pk]) == 1
    collection.refresh_from_db()
    assert (order(collection, alice), collection.cover) == (["b"], None)


def test_pages_show_every_picture_once_while_others_are_moved(alice: User) -> None:
    collection, assets = filled(alice, "abcdefg")
    rows = arranging.pictures(collection, alice)
    first = arranging.page(rows, cursor=None, limit=3)
    arranging.move_before(collection, assets["a"].pk, assets["c"].pk)
    rest = arranging.page(rows, cursor=first.next_cursor, limit=10)
    assert [asset.name for asset in first.items + rest.items] == list("abcdefg")
    assert rest.next_cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "A" * 24, "é", "====", "a" * 200])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str, alice: User) -> None:
    collection, _assets = filled(alice, "a")
    rows = arranging.pictures(collection, alice)
    if cursor:
        with pytest.raises(BadCursor):
            arranging.page(rows, cursor=cursor, limit=3)
    else:
        assert len(arranging.page(rows, cursor=cursor, limit=3).items) == 1


@pytest.mark.services
@pytest.mark.slow
def test_on_postgresql_too() -> None:
    repeat_on_postgresql("gallery/test_arranging.py")
