"""Lists that begin with the nearest colour, the same on both databases."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from itertools import pairwise

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role, User
from gallery import colors, documents, scopes, walking
from gallery.models import Asset, SavedSearch, SearchEntry, Share, Sort
from gallery.models.asset_queries import Viewer
from tests.factories import join, make_asset, make_key, make_team, make_user, share

pytestmark = pytest.mark.django_db
#: Two colours of one ring differ at most by so much in how far they are from what was asked.
BLUR = colors.RING + colors.STEP * 3**0.5
MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
hexes = st.integers(0, 0xFFFFFF).map("{:06x}".format)


def shift(color: str, by: tuple[int, int, int]) -> str:
    parts = (int(color[n : n + 2], 16) + by[n // 2] for n in (0, 2, 4))
    return "".join(f"{min(255, max(0, part)):02x}" for part in parts)


def paint(owner: User, color: str, **columns: object) -> Asset:
    asset = make_asset(owner, **columns)  # type: ignore[arg-type]
    Asset.objects.filter(pk=asset.pk).update(color=color)
    asset.refresh_from_db()
    return asset


def nearest(user: Viewer, query: str, *, limit: int = 50) -> list[Asset]:
    """What is found, walked page by page, and checked against the list as a whole."""
    found = scopes.find(user, "mine", query, (), Sort.COLOR)
    rows: list[Asset] = []
    cursor = None
    while True:
        page = walking.page(found, lambda rows: rows.for_cards(), cursor=cursor, limit=limit)
        rows += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert {asset.pk for asset in rows} == set(found.rows.values_list("pk", flat=True))
    return rows


def names(assets: list[Asset]) -> list[str]:
    return [asset.name for asset in assets]


@given(asked=hexes, other=hexes)
def test_all_similar_colours_lie_in_the_rings(asked: str, other: str) -> None:
    rings, ring = colors.rings(asked), colors.ring_of(other, asked)
    held = [number for number, cells in enumerate(rings) if colors.cell(other) in cells]
    assert held == ([ring] if ring < len(rings) and held else [])
    if colors.distance(asked, other) <= colors.REACH:
        assert held == [ring]
    if held:
        assert colors.distance(asked, other) <= colors.REACH + colors.STEP * 3**0.5


@given(asked=hexes, one=hexes, other=hexes)
def test_what_is_clearly_nearer_lies_in_a_nearer_ring(asked: str, one: str, other: str) -> None:
    near, far = sorted([one, other], key=lambda color: colors.distance(color, asked))
    if colors.distance(asked, near) + BLUR < colors.distance(asked, far):
        assert colors.ring_of(near, asked) < colors.ring_of(far, asked)


def test_the_nearest_come_first_and_of_one_colour_the_newest(alice: User) -> None:
    colours = {"far": "3a77a8", "same": "336699", "other": "993333", "nearer": "2f6f9f"}
    for name, color in colours.items():
        paint(alice, color, name=name)
    paint(alice, "336699", name="same, newer")
    found = names(nearest(alice, "color:#336699", limit=1))
    assert found == ["same, newer", "same", "nearer", "far"]


def test_words_and_facts_hold_too(alice: User) -> None:
    for prompt in ("a fox", "a cat", "red fox"):
        paint(alice, "336699", prompt=prompt, name=prompt)
    assert names(nearest(alice, "color:#336699 fox -red")) == ["a fox"]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    asked=hexes,
    shifts=st.lists(st.tuples(*3 * [st.integers(-40, 40)]), max_size=7),
    limit=st.integers(1, 3),
    moments=st.lists(st.integers(0, 2), min_size=7, max_size=7),
)
def test_pages_and_arrows_follow_the_order_that_a_plain_sort_gives(
    asked: str, shifts: list[tuple[int, int, int]], limit: int, moments: list[int]
) -> None:
    owner, query = make_user(), f"color:#{asked}"
    assets = [
        paint(owner, shift(asked, by), created_at=MOMENT + dt.timedelta(days=day))
        for by, day in zip(shifts, moments, strict=False)
    ]
    seen = [a for a in assets if colors.cell(a.color) in colors.cells_around(asked)]
    seen.sort(key=lambda a: (a.created_at, a.pk), reverse=True)
    seen.sort(key=lambda a: colors.ring_of(a.color, asked))
    assert nearest(owner, query, limit=limit) == seen
    for one, other in pairwise(seen):
        away = colors.distance(one.color, asked)
        assert away <= colors.distance(other.color, asked) + BLUR
    found = scopes.find(owner, "mine", query, (), Sort.COLOR)
    beside = [walking.neighbours(found, asset) for asset in seen]
    assert beside == list(zip([None, *seen][: len(seen)], [*seen[1:], None], strict=False))


def test_each_list_is_put_in_order(alice: User, bob: User) -> None:
    team = join(make_team(alice), bob, Role.VIEWER).team
    for color, name in (("2f6f9f", "near"), ("336699", "same")):
        hung, public = (paint(alice, color, name=name, public=n == 1) for n in range(2))
        share(hung, team)
        Share.objects.give(public, bob, may_edit=False)
    for scope in ("team", "public", "shared"):
        found = scopes.find(bob, scope, "color:#336699", [team], Sort.COLOR)
        first = walking.page(found, lambda rows: rows, cursor=None, limit=1)
        rest = walking.page(found, lambda rows: rows, cursor=first.next_cursor, limit=1)
        assert names(first.items + rest.items) == ["same", "near"]
        assert walking.neighbours(found, first.items[0]) == (None, rest.items[0])
        assert walking.neighbours(found, rest.items[0]) == (first.items[0], None)


def test_without_a_colour_the_newest_come_first(alice: User) -> None:
    for name in ("older", "newer"):
        make_asset(alice, name=name)
    assert names(nearest(alice, "")) == ["newer", "older"]
    assert names(nearest(alice, "-color:#ff0000")) == ["newer", "older"]


def test_the_page_offers_the_order_where_a_colour_is_asked(client: Client, alice: User) -> None:
    paint(alice, "336699")
    client.force_login(alice)
    body = client.get("/gallery/?q=color:%23336699&sort=color").content.decode()
    assert 'sort=color" aria-current="true">Nearest colour</a>' in body
    assert "Nearest colour" not in client.get("/gallery/?q=fox&sort=color").content.decode()


def test_a_picture_leads_to_those_with_similar_colours(client: Client, alice: User) -> None:
    asset, other = paint(alice, "336699"), paint(alice, "336699", public=True)
    client.force_login(alice)
    address = client.get(asset.get_absolute_url()).context["similar_url"]
    assert address == "/gallery/?scope=mine&q=color%3A%23336699&sort=color"
    assert client.get(address).context["page"].items == [other, asset]
    public = client.get(other.get_absolute_url() + "?scope=public").context["similar_url"]
    assert client.get(public).context["page"].items == [other]


def test_programs_ask_for_the_order(client: Client, alice: User) -> None:
    near, same = paint(alice, "2f6f9f"), paint(alice, "336699")
    _key, headers = make_key(alice)
    address = "/v1/assets?q=color:%23336699&sort=color&limit=1"
    first = client.get(address, headers=headers).json()
    rest = client.get(f"{address}&cursor={first['nextCursor']}", headers=headers).json()
    assert [page["items"][0]["id"] for page in (first, rest)] == [str(same.pk), str(near.pk)]
    refused = client.get("/v1/assets", {"q": "fox", "sort": "color"}, headers=headers)
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["sort"]


def test_a_search_is_kept_with_the_order(client: Client, alice: User) -> None:
    client.force_login(alice)
    kept = {"name": "Blue", "q": "color:#336699", "sort": "color"}
    assert client.post("/gallery/searches/", kept).status_code == 302
    assert "sort=color" in SavedSearch.objects.get().get_absolute_url()
    refused = client.post("/gallery/searches/", {"name": "Any", "q": "fox", "sort": "color"})
    assert refused.status_code == 422
    assert "Search for a colour" in refused.content.decode()


def test_pictures_from_before_are_found_by_their_colours(alice: User) -> None:
    asset = paint(alice, "336699")
    SearchEntry.objects.update(document=["fox", "=ctj"])
    assert nearest(alice, "color:#336699") == []
    migration = import_module("gallery.migrations.0013_nearest_colour")
    migration.write_documents(apps, connection.schema_editor())
    assert nearest(alice, "color:#336699") == [asset]


def test_every_document_is_written_anew_however_many_fit_into_a_stretch(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "STRETCH", 2)
    assets = {paint(alice, color) for color in ("336699", "336698", "336697")}
    SearchEntry.objects.update(document=["fox"])
    documents.rewrite_all()
    assert set(nearest(alice, "color:#336699")) == assets
