"""Deleting: undone at once, restored within 30 days, then gone with its bytes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery import keeping, tasks
from gallery.models import Asset, Like, Variant
from tests.factories import keep, make_asset, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def keys_of(asset: Asset) -> list[str]:
    return [asset.file, *asset.variants.values_list("file", flat=True)]


def age(asset: Asset, days: float) -> None:
    binned = timezone.now() - dt.timedelta(days=days)
    Asset.objects.filter(pk=asset.pk).update(deleted_at=binned)


def test_deleting_offers_an_undo_that_is_a_real_form(owner: Client, alice: User) -> None:
    asset = make_asset(alice)
    page = owner.post(reverse("asset_deletion", args=[asset.pk]), follow=True).content.decode()
    undo = reverse("asset_restoration", args=[asset.pk])
    assert f'form="act" class="button quiet" formaction="{undo}"' in page
    owner.post(undo)
    assert Asset.objects.visible_to(alice).filter(pk=asset.pk).exists()


def test_deleting_twice_keeps_the_first_moment(owner: Client, alice: User) -> None:
    asset = make_asset(alice)
    assert asset.move_to_bin()
    moment = Asset.objects.get(pk=asset.pk).deleted_at
    assert not asset.move_to_bin()
    assert Asset.objects.get(pk=asset.pk).deleted_at == moment


def test_restoring_brings_it_back_as_it_was(owner: Client, alice: User, bob: User) -> None:
    asset = make_asset(alice, public=True)
    asset.set_tags(["fox"])
    Like.objects.add(asset, bob)
    asset.move_to_bin()
    asset.restore()
    found = Asset.objects.visible_to(bob).get(pk=asset.pk)
    assert (found.like_count, [tag.name for tag in found.tags.all()]) == (1, ["fox"])


def test_the_bin_shows_ones_own_with_a_way_back(owner: Client, alice: User, bob: User) -> None:
    make_asset(alice, prompt="kept")
    mine, other = make_asset(alice, prompt="binned"), make_asset(bob, prompt="not mine")
    mine.move_to_bin()
    other.move_to_bin()
    body = owner.get(reverse("bin")).content.decode()
    assert reverse("asset_restoration", args=[mine.pk]) in body
    assert "not mine" not in body
    assert ">kept<" not in body


def test_the_bin_goes_on_by_keyset(owner: Client, alice: User) -> None:
    for n in range(26):
        age(make_asset(alice, prompt=f"n{n:02}"), days=n / 10 + 0.1)
    first = owner.get(reverse("bin"))
    cursor = first.context["page"].next_cursor
    second = owner.get(reverse("bin") + f"?cursor={cursor}")
    prompts = [a.prompt for page in (first, second) for a in page.context["page"].items]
    assert prompts == [f"n{n:02}" for n in range(26)]
    assert owner.get(reverse("bin") + "?cursor=no").status_code == 404


def test_erasing_removes_the_rows_and_the_bytes(owner: Client, alice: User) -> None:
    asset = keep(make_picture(alice))
    keys = keys_of(asset)
    asset.move_to_bin()
    owner.post(reverse("asset_erasure", args=[asset.pk]))
    assert not Asset.objects.filter(pk=asset.pk).exists()
    assert not Variant.objects.filter(file__in=keys).exists()
    assert not any(default_storage.exists(key) for key in keys)


def test_only_what_is_in_the_bin_can_be_erased(owner: Client, alice: User) -> None:
    asset = keep(make_picture(alice))
    assert owner.post(reverse("asset_erasure", args=[asset.pk])).status_code == 404
    assert keeping.purge([asset.pk]) == 0
    assert default_storage.exists(asset.file)


def test_bytes_that_another_picture_names_stay(alice: User) -> None:
    asset = keep(make_picture(alice))
    twin = make_asset(alice, file=asset.file)
    asset.move_to_bin()
    keeping.purge([asset.pk])
    assert default_storage.exists(asset.file)
    twin.move_to_bin()
    keeping.purge([twin.pk])
    assert not default_storage.exists(asset.file)


def test_the_bin_is_emptied_of_what_has_lain_there_long_enough(alice: User) -> None:
    old, young, kept = (keep(make_picture(alice)) for _ in range(3))
    age(old, days=30.1)
    age(young, days=29.9)
    assert tasks.empty_bins() == 1
    assert set(Asset.objects.all()) == {young, kept}
    assert not default_storage.exists(old.file)
    assert default_storage.exists(young.file)


def test_a_remix_outlives_what_it_was_made_from(alice: User) -> None:
    parent, child = make_asset(alice), make_asset(alice)
    Asset.objects.filter(pk=child.pk).update(parent=parent)
    parent.move_to_bin()
    keeping.purge([parent.pk])
    child.refresh_from_db()
    assert child.parent_id is None
