"""The gallery page: whose pictures, how many at a time, and the way on and back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from gallery.models import Asset, Like
from gallery.views.listing import AUTOMATIC_CHUNKS, CHUNK, MAX_CARDS
from tests.factories import make_asset

pytestmark = pytest.mark.django_db

URL = "/gallery/"
HTMX = {"HX-Request": "true"}
HOSTILE = '"><img src=x onerror=1>'


def make_many(owner: User, number: int, *, public: bool = False) -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for n in range(number):
        asset = make_asset(
            owner, prompt=f"n{n:03}", public=public, created_at=start + dt.timedelta(hours=n)
        )
        asset.set_tags(["sea", f"t{n}"])


def shown(body: str) -> list[str]:
    return re.findall(r'alt="([^"]*)"', body)


def get(client: Client, url: str = URL, *, htmx: bool = False) -> str:
    response = client.get(url, headers=HTMX if htmx else {})
    assert response.status_code == 200
    return response.content.decode()


def next_link(body: str, attribute: str = "href") -> str:
    found = re.search(rf'{attribute}="(\?[^"]*cursor=[^"]*)"', body)
    return URL + found[1].replace("&amp;", "&") if found else ""


def test_a_visitor_sees_what_is_public_and_nothing_else(client: Client, alice: User) -> None:
    make_asset(alice, prompt="open", public=True)
    make_asset(alice, prompt="closed")
    assert shown(get(client)) == ["open"]


def test_mine_shows_mine_alone_public_shows_everybodys(
    client: Client, alice: User, bob: User
) -> None:
    make_asset(alice, prompt="alice open", public=True)
    make_asset(bob, prompt="bob open", public=True)
    make_asset(bob, prompt="bob closed")
    client.force_login(alice)
    assert shown(get(client)) == ["alice open"]
    assert set(shown(get(client, URL + "?scope=public"))) == {"alice open", "bob open"}


def test_a_binned_picture_is_in_no_list(client: Client, alice: User) -> None:
    make_asset(alice, public=True).move_to_bin()
    client.force_login(alice)
    assert shown(get(client)) == shown(get(client, URL + "?scope=public")) == []


def test_a_visitor_who_asks_for_mine_is_asked_to_sign_in(client: Client) -> None:
    response = client.get(URL + "?scope=mine")
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("query", ["?scope=theirs", "?cursor=x", "?scope=mine&cursor=%00"])
def test_what_leads_nowhere_is_404(client: Client, alice: User, query: str) -> None:
    client.force_login(alice)
    assert client.get(URL + query).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?n=x",
        "?n=-5",
        "?n=" + "9" * 5000,
        "?n=٣",
        "?q=" + "x" * 9000,
        "?q=%00",
        "?q=%23",
        "?q=%ff%25_%5c",
    ],
)
def test_odd_numbers_and_words_do_no_harm(client: Client, alice: User, query: str) -> None:
    client.force_login(alice)
    assert client.get(URL + query).status_code == 200


def test_every_picture_is_reached_without_javascript(client: Client, alice: User) -> None:
    make_many(alice, 2 * CHUNK + 5)
    client.force_login(alice)
    body = get(client)
    seen = shown(body)
    while url := next_link(body):
        body = get(client, url)
        seen += shown(body)
    assert seen == [f"n{n:03}" for n in reversed(range(2 * CHUNK + 5))]


def test_htmx_gets_the_next_cards_alone_and_counts_them(client: Client, alice: User) -> None:
    make_many(alice, 2 * CHUNK + 1)
    client.force_login(alice)
    body = get(client, next_link(get(client), "hx-get"), htmx=True)
    assert "<html" not in body
    assert len(shown(body)) == CHUNK
    assert f'data-seen="{2 * CHUNK}"' in body


def test_a_restored_page_is_whole_even_for_htmx(client: Client, alice: User) -> None:
    make_many(alice, CHUNK + 1)
    client.force_login(alice)
    url = next_link(get(client))
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    assert "<html" in client.get(url, headers=headers).content.decode()


def test_going_back_finds_as_many_cards_as_before(client: Client, alice: User) -> None:
    make_many(alice, 3 * CHUNK)
    client.force_login(alice)
    assert len(shown(get(client, f"{URL}?n={2 * CHUNK}"))) == 2 * CHUNK


def test_nothing_more_is_offered_after_the_last_card(client: Client, alice: User) -> None:
    make_many(alice, CHUNK + 1)
    client.force_login(alice)
    body = get(client, next_link(get(client), "hx-get"), htmx=True)
    assert shown(body) == ["n000"]
    assert 'class="more' not in body


@pytest.mark.parametrize(
    ("seen", "automatic", "by_htmx"),
    [(CHUNK, True, True), (AUTOMATIC_CHUNKS * CHUNK, True, True),
     ((AUTOMATIC_CHUNKS + 1) * CHUNK, False, True), (MAX_CARDS, False, False)],
)  # fmt: skip
def test_how_far_scrolling_goes(
    client: Client, alice: User, *, seen: int, automatic: bool, by_htmx: bool
) -> None:
    make_many(alice, 2 * CHUNK + 1)
    client.force_login(alice)
    url = re.sub(r"seen=\d+", f"seen={seen - CHUNK}", next_link(get(client), "hx-get"))
    body = get(client, url, htmx=True)
    assert ('class="early"' in body) is automatic
    assert ('rel="next"' in body, 'hx-target="closest .more"' in body) == (True, by_htmx)


def test_search_finds_words_and_tags_in_what_one_may_see(
    client: Client, alice: User, bob: User
) -> None:
    make_asset(alice, prompt="a Fox at night")
    make_asset(alice, prompt="a fox by day")
    make_asset(alice, prompt="an owl").set_tags(["night"])
    make_asset(bob, prompt="fox night, hidden")
    client.force_login(alice)
    assert shown(get(client, URL + "?q=fox+night")) == ["a Fox at night"]
    assert shown(get(client, URL + "?q=%23night")) == ["an owl"]
    assert set(shown(get(client, URL + "?q=night"))) == {"an owl", "a Fox at night"}
    assert "Nothing found" in get(client, URL + "?q=fox+boat")


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        get(client, url)
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client, alice: User) -> None:
    client.force_login(alice)
    make_many(alice, 1, public=True)
    Like.objects.add(Asset.objects.get(), alice)
    few = [count_queries(client, URL + query) for query in ("?n=600", "?scope=public&n=600")]
    make_many(alice, 60, public=True)
    many = [count_queries(client, URL + query) for query in ("?n=600", "?scope=public&n=600")]
    assert few == many


def test_a_prompt_that_is_markup_stays_text(client: Client, alice: User) -> None:
    asset = make_asset(alice, prompt=HOSTILE, name=HOSTILE, public=True)
    asset.set_tags(["<b>", "{{7*7}}"])
    client.force_login(alice)
    for url in (URL, URL + "?q=" + HOSTILE, asset.get_absolute_url()):
        body = get(client, url)
        assert "<img src=x" not in body
        assert "&lt;img src=x onerror=1&gt;" in body
    assert "<bdi>&lt;b&gt;</bdi>" in body
    assert "<bdi>{{7*7}}</bdi>" in body


def test_pages_may_be_kept_for_the_back_button_but_are_asked_for_anew(
    client: Client, alice: User
) -> None:
    client.force_login(alice)
    for url in (URL, make_asset(alice).get_absolute_url(), reverse("bin")):
        response = client.get(url)
        assert "no-store" not in response["Cache-Control"]
        assert {"private", "no-cache"} <= set(re.split(r",\s*", response["Cache-Control"]))
        assert {"HX-Request", "Cookie"} <= set(re.split(r",\s*", response["Vary"]))


def test_an_empty_gallery_says_what_it_is_and_what_to_do(client: Client, alice: User) -> None:
    client.force_login(alice)
    body = get(client)
    assert f'href="{reverse("create")}"' in body
    assert body.count(f"{reverse('create')}?prompt=") == 2


def test_what_nobody_shared_in_person_is_not_called_unpublished(
    client: Client, alice: User, bob: User
) -> None:
    make_asset(bob, public=True)
    client.force_login(alice)
    body = client.get(URL, {"scope": "shared"}).content.decode()
    assert "Nobody has published" not in body
    assert "Nobody has shared a picture with you yet" in body


@pytest.mark.parametrize("scope", ["mine", "public"])
@pytest.mark.parametrize("query", ["", "fox"])
def test_before_the_oldest_picture_nobody_is_told_that_there_is_none(
    scope: str, query: str, client: Client, alice: User
) -> None:
    make_asset(alice, public=True)
    client.force_login(alice)
    body = client.get(URL, {"scope": scope, "q": query, "at": "2010"}).content.decode()
    for wrong in ("Make the first one", "Nobody has published", "Nothing found"):
        assert wrong not in body
    assert "The list ends before that" in body


def test_the_first_cards_load_at_once_and_the_others_when_needed(
    client: Client, alice: User
) -> None:
    make_many(alice, 10)
    client.force_login(alice)
    body = get(client)
    assert body.count('loading="lazy"') == 2
    assert body.count('fetchpriority="high"') == 1
