"""Who wins over whom, and what follows for whether everybody sees a picture."""

from __future__ import annotations

import itertools
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import User
from gallery.models import Asset, Hold, PublicState, Rating, Visibility
from tests.factories import make_asset

pytestmark = pytest.mark.django_db

MACHINE = list(Rating)
MODERATOR = ["", Rating.SAFE, Rating.SENSITIVE]
SAYINGS = list(itertools.product(MACHINE, [False, True], MODERATOR))


def said(alice: User, machine: str, *, owner: bool, moderator: str, **more: str) -> Asset:
    asset = make_asset(alice, public=True)
    Asset.objects.filter(pk=asset.pk).update(
        machine_rating=machine, owner_sensitive=owner, moderator_rating=moderator, **more
    )
    asset.refresh_from_db()
    return asset


@pytest.mark.parametrize(("machine", "owner", "moderator"), SAYINGS)
def test_a_moderator_wins_then_an_owner_who_raises_then_the_machine(
    machine: str,
    owner: bool,  # noqa: FBT001
    moderator: str,
    alice: User,
) -> None:
    asset = said(alice, machine, owner=owner, moderator=moderator)
    assert asset.rating == (moderator or (Rating.SENSITIVE if owner else machine))


@pytest.mark.parametrize(("machine", "owner", "moderator"), SAYINGS)
@pytest.mark.parametrize("held", Hold.values)
@pytest.mark.parametrize("visibility", Visibility.values)
def test_listed_is_what_is_published_and_rated_and_not_held(
    machine: str,
    owner: bool,  # noqa: FBT001
    moderator: str,
    held: str,
    visibility: str,
    alice: User,
) -> None:
    more = {"held": held, "visibility": visibility}
    asset = said(alice, machine, owner=owner, moderator=moderator, **more)
    rated = asset.rating != Rating.UNRATED
    assert asset.listed == (visibility == Visibility.PUBLIC and rated and not held)
    assert (asset.public_state == PublicState.PUBLIC) == asset.listed


def test_an_owner_takes_back_their_own_word_and_nobody_elses(alice: User) -> None:
    asset = said(alice, Rating.SENSITIVE, owner=False, moderator="")
    asset.say_sensitive(sensitive=True)
    asset.say_sensitive(sensitive=False)
    assert asset.rating == Rating.SENSITIVE


def test_publishing_an_unrated_picture_waits_for_review(alice: User) -> None:
    asset = make_asset(alice, rating=Rating.UNRATED)
    asset.set_visibility(Visibility.PUBLIC)
    assert (asset.public_state, asset.listed) == (PublicState.WAITING, False)


def test_a_rating_makes_what_waited_public(alice: User) -> None:
    asset = make_asset(alice, public=True, rating=Rating.UNRATED)
    found = {
        "machine_rating": Rating.SAFE,
        "machine_source": "classifier",
        "machine_reason": "0.01",
    }
    assert asset.say_as_machine(found)  # type: ignore[arg-type]
    assert (asset.listed, asset.rating_source) == (True, "classifier")


def test_upgrading_hides_nothing_that_was_public_and_says_whose_word_each_rating_is(
    alice: User,
) -> None:
    was_public = make_asset(alice, public=True, rating=Rating.UNRATED)
    private, safe = make_asset(alice, rating=Rating.UNRATED), make_asset(alice)
    Asset.objects.update(machine_source="")
    migration = import_module("gallery.migrations.0007_ratings")
    migration.name_the_sources(apps, SimpleNamespace(connection=connection))
    found = Asset.objects.in_bulk()
    assert found[was_public.pk].is_open
    sources = [found[each.pk].rating_source for each in (was_public, private, safe)]
    assert sources == ["upgrade", "", "engine"]
