"""The gallery's page as people search it: chips, order, dates, filters and saved searches."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.models import Like, SavedSearch
from tests.factories import make_asset, make_team

pytestmark = pytest.mark.django_db
URL = "/gallery/"


def get(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address, follow=status == 200)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def shown(body: str) -> list[str]:
    return re.findall(r'<img [^>]*alt="([^"]*)"', body)


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.fixture
def years(client: Client, alice: User) -> User:
    client.force_login(alice)
    for moment in ("2023-05-01", "2024-02-29", "2024-12-31", "2025-07-04"):
        make_asset(alice, prompt=f"fox {moment}", created_at=day(moment))
    return alice


@pytest.mark.usefixtures("years")
def test_each_thing_asked_for_can_be_taken_away(client: Client) -> None:
    body = get(client, URL + "?q=fox+before:2025+-owl&sort=likes")
    chips = re.findall(r'<a class="chip" href="([^"]*)"><bdi dir="auto">([^<]*)</bdi>', body)
    assert [text for _address, text in chips] == ["fox", "before:2025", "-owl"]
    assert chips[1][0] == "?scope=mine&q=fox+-owl&sort=likes"
    assert len(shown(get(client, URL + chips[1][0]))) == 4


@pytest.mark.usefixtures("years")
def test_a_filter_that_makes_no_sense_is_explained_and_stays_to_be_mended(client: Client) -> None:
    body = get(client, URL + "?q=fox+before:soon")
    assert "Write a date such as" in body
    assert 'value="fox before:soon"' in body
    assert shown(body) == []


@pytest.mark.usefixtures("years")
def test_a_filter_is_added_by_a_form_alone(client: Client) -> None:
    answer = client.get(URL + "?scope=mine&q=fox&add=style&value=ink+drawing")
    assert answer.headers["Location"] == f"{URL}?scope=mine&q=fox+style%3A%22ink+drawing%22"


@pytest.mark.parametrize(
    ("at", "first"),
    [("2024", "2024-12-31"), ("2024-02", "2024-02-29"), ("2024-12-30", "2024-02-29"),
     ("2030", "2025-07-04")],
)  # fmt: skip
@pytest.mark.parametrize("query", ["", "&q=fox", "&q=fox&sort=likes"])
@pytest.mark.usefixtures("years")
def test_a_date_jumps_to_the_pictures_of_then(
    client: Client, at: str, first: str, query: str
) -> None:
    assert shown(get(client, f"{URL}?at={at}{query}"))[0] == f"fox {first}"


@pytest.mark.parametrize("at", ["0001", "1969-11", "1999", "9999-12", "soon", "2024-13", "0000"])
@pytest.mark.usefixtures("years")
def test_odd_dates_do_no_harm(client: Client, at: str) -> None:
    assert len(shown(get(client, f"{URL}?at={at}"))) in (0, 4)


def test_the_most_liked_come_first_and_the_arrows_follow(client: Client, years: User) -> None:
    liked = make_asset(years, prompt="fox liked", created_at=day("2020-01-01"))
    Like.objects.add(liked, years)
    body = get(client, URL + "?sort=likes")
    assert shown(body)[:2] == ["fox liked", "fox 2025-07-04"]
    page = get(client, f"{liked.get_absolute_url()}?scope=mine&sort=likes")
    assert "sort=likes" in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page
    get(client, URL + "?sort=odd", 404)


def test_a_search_is_saved_found_again_renamed_and_forgotten(client: Client, years: User) -> None:
    client.post(URL + "searches/", {"name": "Old foxes", "q": "fox before:2024", "scope": "mine"})
    saved = SavedSearch.objects.get()
    assert "Old foxes" in get(client, URL)
    assert shown(get(client, saved.get_absolute_url())) == ["fox 2023-05-01"]
    # It is alive: what is new is in it.
    make_asset(years, prompt="fox new", created_at=day("2022-01-01"))
    assert len(shown(get(client, saved.get_absolute_url()))) == 2
    client.post(f"{URL}searches/{saved.pk}/name/", {"name": "Foxes"})
    assert "Foxes" in get(client, URL + "searches/")
    client.post(f"{URL}searches/{saved.pk}/removal/")
    assert "No search is saved yet" in get(client, URL + "searches/")


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 81), ("q", "x" * 201), ("scope", "all"), ("sort", "odd"),
     ("team", "1"), ("name", "taken")],
)  # fmt: skip
def test_what_cannot_be_saved_is_said_and_nothing_is_lost(
    client: Client, alice: User, field: str, value: str
) -> None:
    client.force_login(alice)
    SavedSearch.objects.create(owner=alice, name="taken")
    wish = {"name": "Mine", "q": "fox", "scope": "mine", field: value}
    answer = client.post(URL + "searches/", wish)
    assert answer.status_code == 422
    assert f'value="{wish["q"]}"' in answer.content.decode()
    assert SavedSearch.objects.count() == 1


def test_a_saved_search_is_its_owners_alone(client: Client, alice: User, mallory: User) -> None:
    team = make_team(alice)
    saved = SavedSearch.objects.create(owner=alice, name="secret", scope="team", team=team)
    client.force_login(mallory)
    assert "secret" not in get(client, URL + "searches/")
    for act in ("name", "removal"):
        assert client.post(f"{URL}searches/{saved.pk}/{act}/", {"name": "x"}).status_code == 404
    # Nor does its address show anything to others.
    assert client.get(saved.get_absolute_url()).status_code == 404


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize("asked", ["fox", "color:%23808080&sort=color"])
def test_what_the_index_found_is_looked_up_without_reading_all_that_somebody_has(
    client: Client, alice: User, asked: str
) -> None:
    for _ in range(20):
        make_asset(alice, prompt="fox")
    with CaptureQueriesContext(connection) as done:
        assert len(shown(get(client, f"{URL}?q={asked}"))) == 24
    pictures = [query["sql"] for query in done if 'FROM "gallery_asset"' in query["sql"]]
    assert pictures
    with connection.cursor() as cursor:
        plans = [cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in pictures]
    assert "owner_id=?" not in str(plans)
