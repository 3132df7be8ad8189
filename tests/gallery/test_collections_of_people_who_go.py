"""Collections when somebody leaves a team, and when somebody leaves altogether."""

from __future__ import annotations

import pytest

from accounts.models import Role, User
from gallery import arranging, leaving, personal_data
from gallery.models import Collection, CollectionShare
from tests.factories import join, make_asset, make_collection, make_team, share, share_collection

pytestmark = pytest.mark.django_db


def test_the_heir_gets_the_collections_that_the_team_keeps(alice: User, bob: User) -> None:
    team = join(make_team(alice), bob, Role.CONTRIBUTOR).team
    kept, taken = share(make_asset(bob, name="kept"), team), make_asset(bob, name="taken")
    collection = make_collection(bob, kept, taken)
    share_collection(collection, team=team)
    own = make_collection(bob, name="His own")
    leaving.hand_over(team, bob, alice)
    assert list(Collection.objects.of(alice)) == [collection]
    assert list(Collection.objects.of(bob)) == [own]
    assert [asset.name for asset in arranging.pictures(collection, alice)] == ["kept"]
    assert arranging.hidden(collection, alice) == 1


def test_without_an_heir_the_team_opens_the_collection_no_more(alice: User, bob: User) -> None:
    team = join(make_team(alice), bob, Role.CONTRIBUTOR).team
    collection = make_collection(bob)
    share_collection(collection, team=team)
    leaving.hand_over(team, bob, None)
    assert not Collection.objects.visible_to(alice).exists()
    assert list(Collection.objects.of(bob)) == [collection]


def test_the_copy_of_somebodys_data_has_their_collections(alice: User, bob: User) -> None:
    assets = [make_asset(alice), make_asset(alice)]
    share_collection(make_collection(alice, *assets, name="Foxes"), person=bob)
    make_collection(bob)
    found = dict(personal_data.documents(alice))["collections.json"]
    assert [(each["name"], each["pictures"], each["sharedWith"]) for each in found] == [
        (
            "Foxes",
            [str(asset.pk) for asset in assets],
            [{"team": None, "person": bob.pk, "role": "viewer"}],
        )
    ]


def test_erasing_somebody_erases_their_collections_and_what_they_could_open(
    alice: User, bob: User
) -> None:
    own = make_collection(alice, make_asset(bob, public=True))
    theirs = make_collection(bob, make_asset(alice, public=True))
    share_collection(theirs, person=alice)
    personal_data.erase(alice)
    assert list(Collection.objects.all()) == [theirs]
    assert not Collection.objects.filter(pk=own.pk).exists()
    assert not CollectionShare.objects.exists()
    assert not theirs.items.exists()
