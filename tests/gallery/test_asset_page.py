"""The page of a picture: what it says, where it leads, what its owner may change."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Asset, Tag
from tests.factories import keep, make_asset, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def asset(alice: User) -> Asset:
    return make_asset(alice)


def body_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def save(client: Client, asset: Asset, **fields: str) -> int:
    data = {"name": "", "description": "", "tags": ""} | fields
    return client.post(reverse("asset_details", args=[asset.pk]), data).status_code


def test_it_shows_the_recipe_and_says_that_it_is_a_sketch(owner: Client, alice: User) -> None:
    asset = keep(make_picture(alice, prompt="a fox in the snow"))
    body = body_of(owner, asset.get_absolute_url())
    for words in ("a fox in the snow", "fog", "12", "96 × 64", "Sketch: drawn by rules"):
        assert words in body


def test_it_leads_to_remix_repeat_and_download(owner: Client, asset: Asset) -> None:
    body = body_of(owner, asset.get_absolute_url())
    create = reverse("create")
    for url in (f"{create}?remix={asset.pk}", f"{create}?repeat={asset.pk}"):
        assert f'href="{url}"' in body
    assert reverse("asset_download", args=[asset.pk]) in body


def test_the_arrows_walk_along_the_list_one_came_from(owner: Client, alice: User) -> None:
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    first, second, third = (
        make_asset(alice, public=n != 1, created_at=moment + n * dt.timedelta(hours=1))
        for n in range(3)
    )
    mine = body_of(owner, third.get_absolute_url())
    assert f"{second.get_absolute_url()}?scope=mine" in mine
    public = body_of(owner, f"{third.get_absolute_url()}?scope=public")
    assert f"{first.get_absolute_url()}?scope=public" in public


def test_somebody_elses_list_is_never_walked(client: Client, alice: User, bob: User) -> None:
    hidden = make_asset(alice)
    shown = make_asset(alice, public=True)
    client.force_login(bob)
    assert str(hidden.pk) not in body_of(client, f"{shown.get_absolute_url()}?scope=mine")


def test_a_parent_is_named_to_those_who_may_see_it(client: Client, alice: User, bob: User) -> None:
    parent = make_asset(alice)
    child = make_asset(bob, public=True)
    Asset.objects.filter(pk=child.pk).update(parent=parent)
    client.force_login(bob)
    assert str(parent.pk) not in body_of(client, child.get_absolute_url())
    client.force_login(alice)
    assert str(parent.pk) in body_of(client, child.get_absolute_url())


def test_only_the_owner_is_offered_changes(client: Client, alice: User, bob: User) -> None:
    asset = make_asset(alice, public=True)
    client.force_login(bob)
    body = body_of(client, asset.get_absolute_url())
    for name in ("asset_visibility", "asset_details", "asset_deletion"):
        assert reverse(name, args=[asset.pk]) not in body


def test_publishing_says_in_plain_words_who_can_see_it(owner: Client, asset: Asset) -> None:
    url = reverse("asset_visibility", args=[asset.pk])
    body = owner.post(url, {"visibility": "public"}, headers={"HX-Request": "true"}).content
    assert b"Everyone who can reach this page" in body
    asset.refresh_from_db()
    assert asset.is_public
    owner.post(url, {"visibility": "private"})
    assert "Only you." in body_of(owner, asset.get_absolute_url())


@pytest.mark.parametrize("value", ["", "everyone", "true", "1"])
def test_a_visibility_that_is_none_changes_nothing(owner: Client, asset: Asset, value: str) -> None:
    url = reverse("asset_visibility", args=[asset.pk])
    assert owner.post(url, {"visibility": value}).status_code == 400
    asset.refresh_from_db()
    assert not asset.is_public


def test_details_are_saved_together(owner: Client, asset: Asset) -> None:
    assert save(owner, asset, name="Vixen", description="For Ann.", tags="#Fox, snow fox") == 302
    asset.refresh_from_db()
    assert (asset.name, asset.description) == ("Vixen", "For Ann.")
    assert [tag.name for tag in asset.tags.all()] == ["fox", "snow"]


def test_tags_are_replaced_not_added(owner: Client, asset: Asset) -> None:
    save(owner, asset, tags="one two")
    save(owner, asset, tags="two three")
    assert [tag.name for tag in asset.tags.all()] == ["three", "two"]
    assert Tag.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "x" * 121, "at most 120 characters"),
        ("name", "a\x07b", "character that is not text"),
        ("description", "x" * 2001, "at most 2000 characters"),
        ("tags", " ".join(f"t{n}" for n in range(21)), "At most 20 tags"),
        ("tags", "y" * 51, "longer than 50 characters"),
    ],
)
def test_a_wrong_field_gets_its_message_and_keeps_what_was_typed(
    owner: Client, asset: Asset, field: str, value: str, message: str
) -> None:
    data = {"name": "kept", "description": "", "tags": ""} | {field: value}
    response = owner.post(reverse("asset_details", args=[asset.pk]), data)
    body = response.content.decode()
    assert response.status_code == 422
    assert message in body
    assert 'aria-invalid="true"' in body
    assert value[:40].replace("\x07", "&#x07;") in body or "\x07" in value
    asset.refresh_from_db()
    assert asset.name == ""


def test_what_is_not_a_detail_is_not_assigned(owner: Client, asset: Asset, bob: User) -> None:
    save(owner, asset, name="n", owner=str(bob.pk), visibility="public", like_count="99")
    asset.refresh_from_db()
    assert (asset.owner.email, asset.visibility, asset.like_count) == (
        "alice@example.org", "private", 0,
    )  # fmt: skip
