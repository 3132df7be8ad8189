"""AssetData: the documented shape, the viewer's rights, links that open, few queries."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.asset_data import asset_data
from gallery.models import Asset, Like, Visibility
from gallery.models.asset_queries import Viewer
from tests.factories import keep, make_asset, make_picture

pytestmark = pytest.mark.django_db


def data_for(viewer: Viewer, asset: Asset) -> dict[str, object]:
    return asset_data(Asset.objects.for_viewer(viewer).get(pk=asset.pk), viewer)


def local(url: object) -> str:
    parts = urlsplit(str(url))
    return f"{parts.path}?{parts.query}"


def test_it_has_the_documented_shape(alice: User, bob: User) -> None:
    asset = make_asset(alice, name="Vixen", public=True)
    asset.set_tags(["fox", "snow"])
    Like.objects.add(asset, bob)
    data = data_for(bob, asset)
    documented = {
        "id": str(asset.pk),
        "type": "image",
        "userId": alice.pk,
        "user": {"id": alice.pk, "name": "Alice"},
        "name": "Vixen",
        "description": "",
        "isPublic": True,
        "likes": "1",
        "tags": ["fox", "snow"],
        "permissions": {"canEdit": False},
    }
    assert data | documented == data


def test_who_may_edit_is_read_from_the_one_rule(alice: User, bob: User) -> None:
    asset = make_asset(alice, public=True)
    viewers: list[Viewer] = [alice, bob, AnonymousUser()]
    allowed = [data_for(viewer, asset)["permissions"] for viewer in viewers]
    assert allowed == [{"canEdit": True}, {"canEdit": False}, {"canEdit": False}]


def test_its_links_open_for_the_viewer_without_signing_in(client: Client, alice: User) -> None:
    data = data_for(alice, keep(make_picture(alice)))
    assert client.get(local(data["url"])).status_code == 200
    for thumbnail in data["thumbnails"]:
        assert client.get(local(thumbnail["url"])).status_code == 200


def test_a_link_to_a_public_picture_dies_when_it_is_unpublished(
    client: Client, alice: User, bob: User
) -> None:
    asset = keep(make_picture(alice), public=True)
    url = local(data_for(bob, asset)["url"])
    assert client.get(url).status_code == 200
    asset.set_visibility(Visibility.PRIVATE)
    assert client.get(url).status_code == 404


def test_a_plain_asset_gives_the_same_answer(alice: User) -> None:
    asset = make_asset(alice, public=True)
    assert asset_data(asset, alice) == data_for(alice, asset)


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_page_costs_as_many_queries_as_one_picture(alice: User, *, signed_in: bool) -> None:
    viewer: Viewer = alice if signed_in else AnonymousUser()
    counts = []
    for _time in range(2):
        make_asset(alice, public=True).set_tags(["fox"])
        make_asset(alice, public=True)
        with CaptureQueriesContext(connection) as captured:
            rows = Asset.objects.visible_to(viewer).for_viewer(viewer)
            assert [asset_data(asset, viewer) for asset in rows]
        counts.append(len(captured))
    # Teams and wishes are asked for, where there is somebody who may have some.
    assert counts == [3 + 2 * signed_in] * 2
