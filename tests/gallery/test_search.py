"""What a query finds, the same on both databases; whatever is typed, nothing breaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role, Team, User
from gallery import scopes, search, walking
from gallery.leaving import hand_over
from gallery.models import Asset, Like, SearchEntry, Sort, TeamShare
from gallery.models.asset_queries import Viewer
from tests.factories import RECIPE, join, make_asset, make_team, share

pytestmark = pytest.mark.django_db
Find = Callable[..., list[str]]


def find(
    user: Viewer, query: str, scope: str = "mine", *, limit: int = 50, sort: str = Sort.NEWEST
) -> list[str]:
    """The names of what is found, walked page by page, and checked against the list as a whole."""
    teams = list(make_teams(user)) if scope == "team" else []
    found = scopes.find(user, scope, query, teams, sort)
    names, cursor = [], None
    while True:
        page = walking.page(found, lambda rows: rows.for_cards(), cursor=cursor, limit=limit)
        names += [asset.name for asset in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(names) == sorted(found.rows.values_list("name", flat=True))
    return names


def make_teams(user: Viewer) -> Any:
    from accounts.models import Team

    return Team.objects.of(user).order_by("pk")


def day(number: int) -> dt.datetime:
    return dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=number)


#: Name: prompt and description; the newest last.
PICTURES = {
    "fox": ("a red fox in a birch forest, first snow", ""),
    "foxes": ("two foxes; the red one sleeps", ""),
    "cafe": ("Café «Zürich» at night, naïve style", ""),
    "kitsune": ("森の中の赤い狐、油絵", ""),
    "neko": ("赤い猫 on a roof", ""),
    "korean": ("붉은 여우가 있는 숲", ""),
    "arabic": ("ثَعْلَب في الغابة", ""),
    "thai": ("สุนัขจิ้งจอกสีแดง", ""),
    "russian": ("Рыжая лиса и ёлка", ""),
    "turkish": ("İstanbul'da KEDİ", ""),
    "emoji": ("a 🦊 in the rain", ""),
    "code": ('x = "red" AND NOT fox* (NEAR)', ""),
    "width": ("ＦＵＬＬ width ﬁsh", ""),
    "told": ("something", "The red lighthouse of Skagen."),
    "number": ("16:9 still of 1e5 lamps, f/1.8, 50mm", ""),
    "Greek Ode": ("ΟΔΥΣΣΕΥΣ", ""),
}
#: What is typed, and what it finds, the newest first.
QUERIES = {
    "fox": ["code", "foxes", "fox"],
    "FOX": ["code", "foxes", "fox"],
    "fo": [],
    '"fox"': ["code", "fox"],
    "red fox": ["code", "foxes", "fox"],
    '"red fox"': ["fox"],
    '"fox red"': [],
    '"red one sl"': [],
    "-fox red": ["told"],
    'red -"red fox"': ["told", "code", "foxes"],
    "-red -fox": [
        "Greek Ode", "number", "width", "emoji", "turkish", "russian", "thai", "arabic",
        "korean", "neko", "kitsune", "cafe",
    ],
    "cafe zurich": ["cafe"],
    "CAFÉ": ["cafe"],
    "naive": ["cafe"],
    "赤い": ["neko", "kitsune"],
    "狐": ["kitsune"],
    "赤い狐": ["kitsune"],
    "狐赤": [],
    "絵": ["kitsune"],
    "赤い roof": ["neko"],
    "여우": ["korean"],
    "숲": ["korean"],
    "ثعلب": ["arabic"],
    "จิ้งจอก": ["thai"],
    "рыжая": ["russian"],
    "елка": ["russian"],
    "istanbul": ["turkish"],
    "🦊": ["emoji"],
    "full": ["width"],
    "fish": ["width"],
    "lighth": ["told"],
    "odysseus": [],
    "οδυσσεύς": ["Greek Ode"],
    "Ode": ["Greek Ode"],
    "16:9": ["number"],
    "1e5": ["number"],
    "50mm": ["number"],
    "f/1.8": ["number"],
    "unseen": [],
    'x"': ["code"],
    "AND": ["code"],
    "NOT": ["code"],
    "NEAR(fox, red)": [],
    "fox*": ["code", "foxes", "fox"],
    "fox AND": ["code"],
    "(near)": ["code"],
    "{document} : fox": [],
    "=": None,
    "%": None,
    '"': None,
    "- -": None,
    "'": None,
}  # fmt: skip


@pytest.fixture
def pictures(alice: User) -> User:
    for number, (name, (prompt, description)) in enumerate(PICTURES.items()):
        asset = make_asset(alice, name=name, prompt=prompt, created_at=day(number))
        Asset.objects.filter(pk=asset.pk).update(description=description)
    return alice


@pytest.mark.usefixtures("pictures")
def test_each_query_finds_the_same_everywhere(alice: User) -> None:
    everything = list(reversed(PICTURES))
    wrong = {
        query: found
        for query, expected in QUERIES.items()
        if (found := find(alice, query)) != (everything if expected is None else expected)
    }
    assert not wrong


@pytest.mark.usefixtures("pictures")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(
        st.characters(codec="utf-8") | st.sampled_from("\"-*:()#=^{}\\'|&!<> fox赤い"), max_size=40
    )
)
def test_whatever_is_typed_breaks_nothing(alice: User, query: str) -> None:
    assert set(find(alice, query)) <= set(PICTURES)


def test_pages_of_a_search_hold_every_hit_once_in_order(alice: User) -> None:
    for number in range(11):
        # Several share a moment, as the pictures of one request do.
        make_asset(alice, name=str(number), prompt="a fox", created_at=day(number // 4))
    whole = list(Asset.objects.newest_first().values_list("name", flat=True))
    for limit in (1, 2, 5, 11, 50):
        assert find(alice, "fox", limit=limit) == whole


def test_neighbours_in_a_search_are_the_hits_beside(alice: User) -> None:
    for number, prompt in enumerate(["a fox", "an owl", "a fox", "an owl", "fox"]):
        make_asset(alice, name=str(number), prompt=prompt, created_at=day(number))
    found = scopes.find(alice, "mine", "fox")
    hits = [None, *found.rows.newest_first(), None]
    for before, asset, after in zip(hits, hits[1:], hits[2:], strict=False):
        assert asset is not None
        assert walking.neighbours(found, asset) == (before, after)


def test_facts_find_what_they_name(alice: User, bob: User) -> None:
    team = make_team(alice, name="Studio North")
    for number, name in enumerate(["plain", "poster"]):
        make_asset(alice, name=name, created_at=day(number))
    styled = Asset.objects.get(name="poster")
    request = RECIPE["request"] | {"style": "Poster Art"}
    recipe = RECIPE | {"request": request, "model": "acme/Deep-XL"}
    Asset.objects.filter(pk=styled.pk).update(recipe=recipe)
    styled.set_tags(["night"])
    share(styled, team)
    Like.objects.add(styled, alice)
    for query in (
        'style:"poster art"', "model:acme/deep-xl", "model:deep", "#Night", "tag:night",
        "liked:me", "liked:1", "-liked:no", 'team:"studio north"', f"team:{team.pk}",
        "after:2025-01-02", "-model:sketch", 'by:alice liked:yes', "by:me #night",
    ):  # fmt: skip
        assert find(alice, query) == ["poster"], query
    for query in ("-#night", "liked:no", "-liked:1", "before:2025-01-02", "-liked:me"):
        assert find(alice, query) == ["plain"], query
    assert find(alice, "ratio:3:2") == find(alice, "ratio:wide -ratio:9:16") == ["poster", "plain"]
    assert find(alice, f"by:{bob.name}") == find(alice, "liked:2") == find(alice, "style:no") == []


@pytest.mark.parametrize(
    "query", ["before:0001", "after:9999-12-31", "after:2256", "before:1970 before:2030"]
)
def test_years_that_no_picture_is_of_find_nothing(alice: User, query: str) -> None:
    make_asset(alice)
    assert find(alice, query) == []


def test_a_colour_finds_what_looks_like_it(alice: User) -> None:
    for name, color in {"blue": "336699", "bluish": "3a6a9a", "red": "993333"}.items():
        asset = make_asset(alice, name=name)
        Asset.objects.filter(pk=asset.pk).update(color=color)
    assert set(find(alice, "color:#346698")) == {"blue", "bluish"}
    assert find(alice, "colour:933") == ["red"]


@pytest.mark.parametrize(
    "query",
    ["before:yesterday", "after:2025-13", "ratio:many", "color:redd", "liked:them", "team:theirs",
     "-before:2025"],
)  # fmt: skip
def test_what_makes_no_sense_is_named_and_finds_nothing(alice: User, query: str) -> None:
    make_asset(alice)
    found = scopes.find(alice, "mine", f"fox {query}")
    assert list(found.asked.problems) == [query]
    assert not found.rows.exists()


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_search_does_not_tell_who_has_an_account(alice: User, bob: User, sign: str) -> None:
    make_asset(alice, public=True)
    make_asset(bob)
    for viewer in (AnonymousUser(), alice):
        known, unknown = (
            scopes.find(viewer, "public", f"{sign}by:{name}") for name in (bob.pk, "nobody")
        )
        assert known.asked.problems == unknown.asked.problems == {}
        assert list(known.rows) == list(unknown.rows)


def test_a_rare_word_is_looked_up_by_itself_and_tells_nothing_of_others(
    alice: User, bob: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    mine = make_asset(alice, prompt="a zeppelin at dusk")
    make_asset(bob, prompt="a zeppelin at dawn")
    made = scopes.find(alice, "mine", "zeppelin", []).sieve
    assert made
    with django_assert_num_queries(1):
        assert [pk for _place, pk in search.walk(made, count=50)] == [mine.pk]
    # As many have the word as are wanted: then the whole question is asked.
    assert [pk for _place, pk in search.walk(made, count=2)] == [mine.pk]


def test_nobody_finds_what_they_may_not_see(alice: User, mallory: User) -> None:
    team = make_team(alice)
    share(make_asset(alice, name="shared", prompt="a fox"), team)
    make_asset(alice, name="private", prompt="a fox")
    make_asset(alice, name="public", prompt="a fox", public=True)
    binned = make_asset(alice, name="binned", prompt="a fox", public=True)
    binned.move_to_bin()
    for query in ("fox", "by:alice", f"by:{alice.pk}", "-owl", f'team:"{team.name}"'):
        for scope in ("mine", "team"):
            assert find(mallory, query, scope) == [], query
    assert find(mallory, "fox", "public") == find(AnonymousUser(), "fox", "public") == ["public"]
    assert scopes.find(AnonymousUser(), "public", "liked:me").asked.problems


def test_team_galleries_are_searched_once_each(alice: User, bob: User) -> None:
    north, south = make_team(alice), make_team(alice)
    join(north, bob, Role.VIEWER)
    share(make_asset(alice, name="both", prompt="fox", created_at=day(1)), north, south)
    share(make_asset(alice, name="south", prompt="fox", created_at=day(2)), south)
    assert find(alice, "fox", "team", limit=1) == ["south", "both"]
    assert find(bob, "fox", "team") == ["both"]


def test_what_changes_is_found_as_it_is_now(alice: User, bob: User) -> None:
    asset = make_asset(alice, name="old", prompt="an owl")
    Asset.objects.filter(pk=asset.pk).update(name="new", prompt="a fox")
    assert find(alice, "owl") == find(alice, "old") == []
    assert find(alice, "fox new") == ["new"]
    Asset.objects.filter(pk=asset.pk).update(owner=bob)
    assert (find(alice, "fox"), find(bob, "fox")) == ([], ["new"])
    asset.delete()
    assert not SearchEntry.objects.exists()
    assert find(bob, "fox") == []


def _taken_down(asset: Asset, team: Team) -> None:
    TeamShare.objects.take_down(asset, team)


def _hung_in_no_other(asset: Asset, _team: Team) -> None:
    TeamShare.objects.hang_exactly(asset, [], list(TeamShare.objects.all()))


def _left(asset: Asset, team: Team) -> None:
    hand_over(team, asset.owner, None)


@pytest.mark.parametrize("end", [_taken_down, _hung_in_no_other, _left])
def test_what_hangs_in_a_team_no_more_is_not_found_there(
    alice: User, end: Callable[[Asset, Team], None]
) -> None:
    team = make_team(alice)
    asset = share(make_asset(alice, name="fox"), team)
    assert find(alice, f"team:{team.pk}") == ["fox"]
    end(asset, team)
    assert find(alice, f"team:{team.pk}") == []
    assert find(alice, f"-team:{team.pk}") == ["fox"]


@pytest.mark.parametrize("sort", [Sort.LIKES, Sort.TRENDING])
def test_lists_by_rank_hold_all_in_order_with_words_or_without(alice: User, sort: Sort) -> None:
    for number, rank in enumerate([0, 3, 1, 0, 3, 2, 0]):
        asset = make_asset(alice, name=str(number), prompt="a fox", created_at=day(number))
        if rank:
            Like.objects.add(asset, alice)
        Asset.objects.filter(pk=asset.pk).update(like_count=rank, trend=rank)
    for limit in (1, 2, 3, 50):
        for query in ("", "fox"):
            assert find(alice, query, limit=limit, sort=sort) == ["4", "1", "5", "2", "6", "3", "0"]


@pytest.mark.parametrize("sort", [Sort.LIKES, Sort.NEWEST])
def test_neighbours_in_a_list_by_rank_are_those_beside(alice: User, sort: Sort) -> None:
    for number, rank in enumerate([0, 3, 1, 0, 3]):
        asset = make_asset(alice, name=str(number), created_at=day(number))
        Asset.objects.filter(pk=asset.pk).update(like_count=rank)
    found = scopes.find(alice, "mine", "", (), sort)
    page = walking.page(found, lambda rows: rows, cursor=None, limit=50)
    hits = [None, *page.items, None]
    for before, asset, after in zip(hits, hits[1:], hits[2:], strict=False):
        assert asset is not None
        assert walking.neighbours(found, asset) == (before, after)
