"""Likes are counted once per person, whatever is pressed how often and at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from gallery.models import Asset, Like
from tests.factories import make_asset, make_user


@pytest.fixture
def asset(alice: User) -> Asset:
    return make_asset(alice, public=True)


def count(asset: Asset) -> tuple[int, int]:
    """What the picture says, and how many likes there are."""
    asset.refresh_from_db()
    return asset.like_count, Like.objects.filter(asset=asset).count()


@pytest.mark.django_db
def test_pressing_like_twice_counts_once(client: Client, asset: Asset, bob: User) -> None:
    client.force_login(bob)
    for _time in range(2):
        client.post(reverse("asset_like", args=[asset.pk]), {"liked": "yes"})
    assert count(asset) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["delete", "post"])
def test_a_like_can_be_taken_back(client: Client, asset: Asset, bob: User, method: str) -> None:
    client.force_login(bob)
    Like.objects.add(asset, bob)
    getattr(client, method)(reverse("asset_like", args=[asset.pk]), {"liked": "no"})
    assert count(asset) == (0, 0)


@pytest.mark.django_db
def test_taking_back_what_was_not_liked_changes_nothing(
    client: Client, asset: Asset, bob: User
) -> None:
    client.force_login(bob)
    client.delete(reverse("asset_like", args=[asset.pk]))
    assert count(asset) == (0, 0)


@pytest.mark.django_db
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12))
def test_the_count_equals_the_people_who_like_it(
    alice: User, bob: User, presses: list[tuple[bool, bool]]
) -> None:
    asset, liking = make_asset(alice, public=True), set()
    for is_alice, likes in presses:
        user = alice if is_alice else bob
        changed = (Like.objects.add if likes else Like.objects.take_back)(asset, user)
        assert changed == ((user in liking) != likes)
        (liking.add if likes else liking.discard)(user)
    assert count(asset) == (len(liking), len(liking))


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_still_count_once_per_person(asset: Asset) -> None:
    people = [make_user() for _ in range(4)]

    def press(user: User) -> None:
        try:
            Like.objects.add(asset, user)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, people * 5))
    assert count(asset) == (4, 4)


@pytest.mark.django_db
def test_htmx_gets_the_button_as_it_is_now(client: Client, asset: Asset, bob: User) -> None:
    client.force_login(bob)
    url = reverse("asset_like", args=[asset.pk])
    body = client.post(url, {"liked": "yes"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="true"' in body
    assert 'value="no"' in body
    assert "<html" not in body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "target"),
    [("http://testserver/gallery/?n=48", "http://testserver/gallery/?n=48"),
     ("https://evil.example/", None), ("", None), ("//evil.example", None)],
)  # fmt: skip
def test_a_plain_form_returns_to_the_page_it_was_on_if_it_is_ours(
    client: Client, asset: Asset, bob: User, referer: str, target: str | None
) -> None:
    client.force_login(bob)
    url = reverse("asset_like", args=[asset.pk])
    response = client.post(url, {"liked": "yes"}, headers={"Referer": referer})
    assert response["Location"] == (target or asset.get_absolute_url())
