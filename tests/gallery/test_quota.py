"""How much room somebody's pictures take, and may take."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from accounts.models.user import MEGABYTE
from gallery import quota
from tests.factories import make_asset, make_upload

pytestmark = pytest.mark.django_db


def allow(user: User, megabytes: int | None) -> None:
    user.storage_limit = megabytes
    user.save()


def fill(user: User, size: int) -> None:
    """A picture that takes so many bytes."""
    asset = make_asset(user)
    asset.size = size
    asset.save()


def test_pictures_the_bin_and_uploads_count(alice: User, bob: User) -> None:
    fill(alice, 1000)
    fill(alice, 500)
    make_asset(alice).move_to_bin()
    fill(bob, 7)
    upload = make_upload(alice)
    assert quota.room_of(alice).used == 1600 + upload.size


def test_without_a_limit_there_is_always_room_and_nothing_is_counted(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(alice, 2 * 10**9)
    with django_assert_num_queries(0):
        assert not quota.is_full(alice)


@pytest.mark.parametrize(
    ("everybody", "own", "most"),
    [
        (0, None, None),
        (5, None, 5 * MEGABYTE),
        (5, 8, 8 * MEGABYTE),
        (5, 0, 0),
        (0, 3, 3 * MEGABYTE),
    ],
)
def test_a_limit_of_ones_own_comes_before_everybodys(
    alice: User, settings: Settings, everybody: int, own: int | None, most: int | None
) -> None:
    settings.MAX_STORAGE_PER_USER = everybody
    allow(alice, own)
    assert quota.room_of(alice).most == most


@pytest.mark.parametrize(("used", "full"), [(MEGABYTE - 1, 0), (MEGABYTE, 1), (MEGABYTE + 1, 1)])
def test_it_is_full_at_the_limit(alice: User, used: int, full: int) -> None:
    allow(alice, 1)
    fill(alice, used)
    assert quota.is_full(alice) is bool(full)


def test_none_at_all_is_full_when_empty(alice: User) -> None:
    allow(alice, 0)
    assert quota.is_full(alice)


def test_the_account_page_says_how_much_is_left(client: Client, alice: User) -> None:
    client.force_login(alice)
    fill(alice, 512 * 1024)
    assert "Your pictures take 512.0" in client.get("/account/").content.decode()
    allow(alice, 1)
    page = client.get("/account/").content.decode()
    assert "<strong>512.0\xa0KB</strong> of 1.0\xa0MB" in page
    assert f'<progress max="{MEGABYTE}" value="{512 * 1024}"' in page
    fill(alice, MEGABYTE)
    assert "There is no room for more" in client.get("/account/").content.decode()
