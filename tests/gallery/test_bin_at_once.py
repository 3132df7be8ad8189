"""The bin: many at once, all of it, and undoing what was deleted at once."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from gallery import organising
from gallery.models import Asset
from tests.factories import keep, make_asset, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def ids(*assets: Asset) -> list[str]:
    return [str(asset.pk) for asset in assets]


def test_chosen_pictures_come_back_from_the_bin(alices: Client, alice: User) -> None:
    one, other = (keep(make_picture(alice), binned=True) for _ in range(2))
    alices.post("/gallery/bin/selection/", {"do": "restore", "asset": ids(one)})
    assert list(Asset.objects.in_bin_of(alice)) == [other]


def test_only_what_lies_in_ones_own_bin_is_erased(alices: Client, alice: User, bob: User) -> None:
    kept, his = make_asset(alice), keep(make_picture(bob), binned=True)
    gone = keep(make_picture(alice), binned=True)
    told = {"do": "erase", "asset": ids(kept, his, gone)}
    response = alices.post("/gallery/bin/selection/", told)
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == ["1 picture deleted for ever.", "2 of 3 are gone, or not shown to you."]
    assert set(Asset.objects.values_list("pk", flat=True)) == {kept.pk, his.pk}


@pytest.mark.parametrize(("do", "left"), [("restore", 2), ("erase", 0)])
def test_all_of_the_bin_is_restored_or_erased(
    alices: Client, alice: User, bob: User, do: str, left: int
) -> None:
    for owner in (alice, alice, bob):
        keep(make_picture(owner), binned=True)
    alices.post("/gallery/bin/everything/", {"do": do})
    assert not Asset.objects.in_bin_of(alice).exists()
    assert Asset.objects.filter(owner=alice).count() == left
    assert Asset.objects.in_bin_of(bob).count() == 1


def test_a_large_bin_is_emptied_in_parts_and_says_so(
    alices: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organising, "MAX_ERASED", 2)
    monkeypatch.setattr(organising, "BATCH", 2)
    for _ in range(3):
        keep(make_picture(alice), binned=True)
    response = alices.post("/gallery/bin/everything/", {"do": "erase"})
    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert told == ["2 pictures deleted for ever. 1 are left; empty it again for the next ones."]


def test_nothing_else_is_done_to_the_whole_bin(alices: Client) -> None:
    assert alices.post("/gallery/bin/everything/", {"do": "sell"}).status_code == 400


@pytest.mark.parametrize("moment", [0, 10**15, 10**30])
def test_there_is_no_undo_for_what_was_not_deleted(alices: Client, moment: int) -> None:
    assert alices.post(f"/gallery/bin/undo/{moment}/").status_code == 404
