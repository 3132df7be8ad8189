"""What is asked for by the page is what the database finds out row by row."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from gallery import listing
from gallery.asset_data import asset_data, page_data
from gallery.models import Asset, Like, Scope
from gallery.models.asset_queries import Viewer
from tests.factories import make_asset
from tests.gallery.sight import ACTORS, STATES, Theatre

pytestmark = pytest.mark.django_db


@pytest.fixture
def theatre(alice: User, staff: User) -> Theatre:
    return Theatre(alice, staff)


def viewer_of(theatre: Theatre, actor: str) -> Viewer:
    return theatre.people.get(actor) or AnonymousUser()


def by_page(viewer: Viewer) -> list[Any]:
    pictures = Asset.objects.visible_to(viewer).order_by("pk")
    return [unsigned(each) for each in page_data(list(pictures), viewer)]


def by_row(viewer: Viewer) -> list[Any]:
    pictures = Asset.objects.visible_to(viewer).for_viewer(viewer).order_by("pk")
    return [unsigned(asset_data(each, viewer)) for each in pictures]


def remix(owner: User, parent: Asset) -> Asset:
    """A public picture that was made from another."""
    asset = make_asset(owner, public=True)
    Asset.objects.filter(pk=asset.pk).update(parent=parent)
    return asset


def unsigned(item: object) -> str:
    """Without when and by which code its links were signed."""
    return re.sub(r":\d{9,}:[\w-]+", "", str(item))


@pytest.mark.parametrize("name", STATES)
def test_everybody_is_told_the_same_of_a_picture_either_way(name: str, theatre: Theatre) -> None:
    asset = theatre.picture(name)
    theatre.picture("public")
    if Asset.objects.filter(pk=asset.pk).exists():
        Like.objects.add(asset, theatre.people["owner"])
        for owner in ("owner", "stranger"):
            remix(theatre.people[owner], asset)
    for actor in ACTORS:
        viewer = viewer_of(theatre, actor)
        assert by_page(viewer) == by_row(viewer), actor


def test_those_who_may_edit_a_listed_picture_are_those_of_the_rule(theatre: Theatre) -> None:
    for name, state in STATES.items():
        if not state.seen_by:
            continue
        pk = theatre.picture(name).pk
        for actor in ACTORS:
            viewer = viewer_of(theatre, actor)
            listed = page_data(list(Asset.objects.visible_to(viewer).filter(pk=pk)), viewer)
            allowed = [item["permissions"]["canEdit"] for item in listed]
            assert allowed == [actor in state.edited_by] * len(listed), (name, actor)


@pytest.mark.parametrize("signed_in", [True, False])
def test_many_pictures_cost_no_more_queries_than_two(
    alice: User, bob: User, *, signed_in: bool
) -> None:
    viewer: Viewer = alice if signed_in else AnonymousUser()
    counts = []
    for _time in range(3):
        for owner in (alice, bob):
            parent = make_asset(owner, public=True)
            remix(owner, parent).set_tags(["fox"])
        with CaptureQueriesContext(connection) as captured:
            assert page_data(list(Asset.objects.visible_to(viewer)), viewer)
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_a_page_of_ones_own_asks_about_nobodys_rights(alice: User) -> None:
    for _number in range(3):
        make_asset(alice)
    with CaptureQueriesContext(connection) as captured:
        page_data(list(Asset.objects.all()), alice)
    # The pictures, likes, tags, teams, copies, and whether editors were asked to publish them.
    assert len(captured) == 6


def test_the_list_of_ones_own_is_the_list_that_anything_else_is_asked_by(
    alice: User, bob: User
) -> None:
    moment = timezone.now()
    for number in range(5):
        # Some were made at the same moment.
        make_asset(alice, created_at=moment - dt.timedelta(seconds=number // 2))
        make_asset(bob, public=True)
    make_asset(alice).move_to_bin()
    rows, cursor, pages = Asset.objects.shown_to(alice, Scope.MINE), None, 0
    while pages == 0 or cursor:
        own = listing.own(alice, cursor=cursor, limit=2)
        assert own == listing.page(rows, cursor=cursor, limit=2)
        cursor, pages = own.next_cursor, pages + 1
    assert pages == 3


def test_somebody_without_pictures_has_an_empty_list(alice: User, bob: User) -> None:
    make_asset(bob, public=True)
    assert listing.own(alice, cursor=None, limit=50) == listing.Page([], None)
