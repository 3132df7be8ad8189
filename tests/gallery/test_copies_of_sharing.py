"""What a copy of somebody's data says of sharing: what was shown to them, and what editors said."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Role, User
from gallery import personal_data, publishing
from gallery.models import PublicationRequest, Share
from tests.factories import (
    join,
    make_asset,
    make_collection,
    make_team,
    make_wish,
    share_collection,
)

pytestmark = pytest.mark.django_db


def copied(user: User, name: str) -> list[Any]:
    return list(dict(personal_data.documents(user))[name])


def test_a_copy_holds_what_others_showed_to_one(alice: User, bob: User, mallory: User) -> None:
    asset, collection = make_asset(alice), make_collection(alice, name="Foxes")
    Share.objects.give(asset, bob, may_edit=True)
    share_collection(collection, person=bob)
    picture, opened = copied(bob, "shared-with-me.json")
    assert (picture["picture"], picture["by"], picture["mayEdit"]) == (str(asset.pk), "Alice", True)
    assert (opened["collection"], opened["name"]) == (str(collection.pk), "Foxes")
    assert (opened["by"], opened["role"]) == ("Alice", "viewer")
    assert copied(alice, "shared-with-me.json") == copied(mallory, "shared-with-me.json") == []


def test_a_copy_holds_what_one_asked_to_publish_and_what_one_decided(
    alice: User, bob: User, mallory: User
) -> None:
    team = make_team(alice)
    for person, role in ((bob, Role.CONTRIBUTOR), (mallory, Role.EDITOR)):
        join(team, person, role)
    wish = make_wish(make_asset(bob), team)
    assert publishing.decline(wish, alice, "Too dark.")
    asked, decided = copied(bob, "publications.json")[0], copied(alice, "publications.json")[0]
    for told, mine in ((asked, (True, False)), (decided, (False, True))):
        assert (told["askedByMe"], told["decidedByMe"]) == mine
        assert (told["state"], told["note"], told["team"]) == ("declined", "Too dark.", team.name)
    assert copied(mallory, "publications.json") == []


def test_erasing_somebody_ends_what_was_shown_to_them_and_what_they_wrote(
    alice: User, bob: User
) -> None:
    asset, team = make_asset(bob), join(make_team(bob), alice, Role.EDITOR).team
    publishing.decline(make_wish(asset, team), alice, "Too dark.")
    make_wish(make_asset(alice), team)
    Share.objects.give(asset, alice, may_edit=True)
    personal_data.erase(alice)
    assert copied(alice, "shared-with-me.json") == copied(alice, "publications.json") == []
    assert list(PublicationRequest.objects.values_list("asset", "note")) == [(asset.pk, "")]
