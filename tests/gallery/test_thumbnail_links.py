"""Which pictures have links that nginx verifies, for whom, and for how long."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import User
from config import env, sending
from gallery import files, thumbnail_links
from gallery.models import Asset
from gallery.models.asset_queries import Viewer
from tests.factories import keep, make_picture

FOLDER: dict[str, Any] = {"OPTIONS": {"location": "/srv/media"}}
BUCKET: dict[str, Any] = {"OPTIONS": {"bucket_name": "media"}}
SECRET = "0123456789abcdef" * 2


@pytest.fixture
def sent_by_nginx(settings: Settings) -> None:
    settings.FILES_VIA = "secure_link"
    settings.THUMBNAIL_LINK_SECRET = SECRET


def shown(asset: Asset, viewer: Viewer) -> str:
    return files.shown_url(asset, asset.variants.all()[0], viewer)


@pytest.mark.django_db
@pytest.mark.usefixtures("sent_by_nginx")
class TestWhoHasOne:
    def test_each_viewer_of_a_private_picture_has_an_own_link(self, alice: User, bob: User) -> None:
        asset = keep(make_picture(alice))
        mine, his = (shown(asset, viewer) for viewer in (alice, bob))
        assert mine.startswith("/shown/")
        assert mine.endswith(f"/{asset.variants.all()[0].file}")
        assert mine != his
        assert resolve(mine).kwargs["viewer"] == alice.pk

    def test_a_public_picture_keeps_its_plain_address(self, alice: User) -> None:
        asset = keep(make_picture(alice), public=True)
        assert shown(asset, alice) == f"/files/{asset.pk}/96.webp"

    def test_visitors_have_none(self, alice: User) -> None:
        assert shown(keep(make_picture(alice)), AnonymousUser()).startswith("/files/")

    def test_the_original_has_none(self, alice: User) -> None:
        asset = keep(make_picture(alice))
        assert files.shown_url(asset, None, alice) == f"/files/{asset.pk}/original"

    def test_nobody_has_one_where_nginx_verifies_none(
        self, alice: User, settings: Settings
    ) -> None:
        settings.FILES_VIA = "accel"
        assert shown(keep(make_picture(alice)), alice).startswith("/files/")

    def test_a_page_asks_the_database_nothing_more_for_them(
        self, client: Client, alice: User, settings: Settings
    ) -> None:
        client.force_login(alice)
        assets = [keep(make_picture(alice)) for _ in range(2)]
        counts = []
        for way in ("accel", "secure_link"):
            settings.FILES_VIA = way
            with CaptureQueriesContext(connection) as asked:
                pages = [
                    client.get("/gallery/?scope=mine"),
                    client.get(f"/gallery/{assets[0].pk}/"),
                ]
            counts.append(len(asked))
            assert [b"/shown/" in page.content for page in pages] == [way == "secure_link"] * 2
        assert counts[0] == counts[1]

    def test_a_page_left_open_shows_its_pictures_to_whoever_may_see_them(
        self, client: Client, alice: User, bob: User
    ) -> None:
        old = (
            f"/shown/1000000000/{alice.pk}/none/{keep(make_picture(alice)).variants.all()[0].file}"
        )
        assert client.get(old).status_code == 404
        for viewer, status in ((bob, 404), (alice, 200)):
            client.force_login(viewer)
            assert client.get(old).status_code == status

    def test_the_database_is_not_asked_for_what_it_cannot_hold(self, client: Client) -> None:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/shown/1000000000/1/none/assets%00.webp").status_code == 404
        assert not [query for query in asked if "variant" in query["sql"]]


@given(st.integers(0, 2**33), st.integers(60, 86400), st.floats(0, 0.999))
def test_a_link_is_the_same_for_a_while_and_opens_for_once_to_twice_as_long(
    window: int, seconds: int, part: float
) -> None:
    begun = window * seconds
    now = begun + part * seconds
    end = thumbnail_links.end(now, seconds)
    assert end == thumbnail_links.end(begun, seconds)
    assert seconds < end - now <= 2 * seconds


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(env, "KNOWN", {})
    return lambda **given: [monkeypatch.setenv(name, value) for name, value in given.items()]


def test_with_a_secret_and_a_folder_nginx_may_verify(variables: Any) -> None:
    variables(FILES_VIA="secure_link", THUMBNAIL_LINK_SECRET=SECRET)
    assert sending.settings(FOLDER)["FILES_VIA"] == "secure_link"


@pytest.mark.parametrize("secret", ["", "short", 'thirty-two characters and a "quote"', "$" * 32])
def test_what_is_no_secret_stops_the_start_and_is_not_shown(variables: Any, secret: str) -> None:
    variables(FILES_VIA="secure_link", THUMBNAIL_LINK_SECRET=secret)
    with pytest.raises(env.BadEnvironment, match="openssl rand") as stopped:
        sending.settings(FOLDER)
    assert not secret or secret not in str(stopped.value)


@pytest.mark.parametrize("way", ["accel", "secure_link"])
def test_nginx_sends_nothing_from_a_bucket(variables: Any, way: str) -> None:
    variables(FILES_VIA=way, THUMBNAIL_LINK_SECRET=SECRET)
    with pytest.raises(env.BadEnvironment, match="STORAGE_URL=file"):
        sending.settings(BUCKET)
