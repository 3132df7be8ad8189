"""A team's gallery: what hangs there, in which order, and who hangs it and takes it down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role, Team, User
from gallery import invariants, listing, scopes
from gallery.models import Asset, TeamShare
from tests.factories import join, keep, make_asset, make_picture, make_team, share

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def team(alice: User) -> Team:
    return make_team(alice)


def hang(client: Client, asset: Asset, team: Team, shared: str = "yes") -> int:
    url = reverse("asset_team", args=[asset.pk, team.pk])
    return client.post(url, {"shared": shared}).status_code


def walk(user: User, teams: list[Team], limit: int) -> Iterator[Asset]:
    found = scopes.find(user, "team", "", teams)
    cursor = None
    while True:
        page = listing.page(found.rows, cursor=cursor, limit=limit, walks=found.walks)
        yield from page.items
        cursor = page.next_cursor
        if not cursor:
            return


#: For each picture: its moment, and in which of two teams it hangs. Few moments, many ties.
hangings = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), max_size=15)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pictures=hangings, limit=st.integers(1, 4))
def test_two_teams_galleries_together_hold_each_picture_once_newest_first(
    alice: User, team: Team, pictures: list[tuple[int, bool, bool]], limit: int
) -> None:
    Asset.objects.all().delete()
    teams = [team, Team.objects.exclude(pk=team.pk).first() or make_team(alice, name="South")]
    hung = []
    for tick, *where in pictures:
        asset = make_asset(alice, created_at=START + tick * dt.timedelta(microseconds=1))
        share(asset, *(each for each, there in zip(teams, where, strict=True) if there))
        hung += [asset] if any(where) else []
    shown = list(walk(alice, teams, limit))
    assert shown == sorted(hung, key=lambda each: (each.created_at, each.pk), reverse=True)
    found = scopes.find(alice, "team", "", teams)
    for newer, asset, older in zip([None, *shown], shown, [*shown[1:], None], strict=False):
        assert listing.neighbours(found.rows, asset, walks=found.walks) == (newer, older)


def test_one_team_shows_its_own_and_nothing_of_another(alice: User, team: Team) -> None:
    here = share(make_asset(alice), team)
    share(make_asset(alice), make_team(alice, name="South"))
    assert list(walk(alice, [team], 5)) == [here]


def test_a_page_costs_the_same_queries_for_any_number_of_pictures_and_teams(
    client: Client, alice: User, team: Team
) -> None:
    client.force_login(alice)
    share(make_asset(alice), team)
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("gallery") + "?scope=team")
        counts.append(len(captured))
        for _ in range(5):
            share(make_asset(alice), make_team(alice, name=f"Team {number}"))
    assert len(set(counts)) == 1, counts


def test_the_walk_along_one_team_sorts_nothing(alice: User, team: Team) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's plan; PostgreSQL sorts a handful of rows as it likes")
    other = make_team(alice, name="South")
    keys = [Asset.objects.hung_in(each).values_list("moment", "place") for each in (team, other)]
    plan = keys[0].union(keys[1], all=True).order_by("-moment", "-place")[:25].explain()
    assert "team_share_newest" in plan
    assert "TEMP B-TREE" not in plan


def test_words_find_pictures_of_the_team_and_no_others(
    client: Client, alice: User, team: Team
) -> None:
    share(make_asset(alice, prompt="a heron", name="Ours"), team)
    make_asset(alice, prompt="a heron", name="Private")
    share(make_asset(alice, prompt="a fox", name="Fox"), team)
    client.force_login(alice)
    page = client.get(reverse("gallery"), {"scope": "team", "q": "heron"}).content.decode()
    assert "Ours" in page
    assert "Private" not in page
    assert "Fox" not in page


def test_the_arrows_walk_along_the_team(client: Client, alice: User, bob: User, team: Team) -> None:
    join(team, bob, Role.VIEWER)
    old, new = (
        share(make_asset(alice, created_at=timezone.now() - dt.timedelta(hours=n)), team)
        for n in (2, 1)
    )
    make_asset(alice, created_at=timezone.now() - dt.timedelta(minutes=90))
    client.force_login(bob)
    page = client.get(old.get_absolute_url() + f"?scope=team&team={team.pk}").content.decode()
    assert f"{new.get_absolute_url()}?scope=team&amp;team={team.pk}" in page


@pytest.mark.parametrize("query", ["team=0", "team=x", "team={other}", f"team={10**20}"])
def test_another_team_is_404(client: Client, alice: User, bob: User, query: str) -> None:
    other = make_team(bob)
    client.force_login(alice)
    query = query.format(other=other.pk)
    assert client.get(f"{reverse('gallery')}?scope=team&{query}").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(reverse("gallery") + "?scope=team").status_code == 302


def test_an_empty_gallery_says_what_comes_there(client: Client, alice: User, bob: User) -> None:
    client.force_login(bob)
    url = reverse("gallery") + "?scope=team"
    assert "You are in no team yet" in client.get(url).content.decode()
    make_team(bob)
    assert "Nothing hangs here yet" in client.get(url).content.decode()


@pytest.mark.parametrize("role", Role)
def test_makers_share_their_own_pictures_and_viewers_do_not(
    client: Client, bob: User, team: Team, role: Role
) -> None:
    join(team, bob, role)
    asset = make_asset(bob)
    client.force_login(bob)
    assert hang(client, asset, team) == (403 if role == Role.VIEWER else 302)
    assert TeamShare.objects.exists() == (role != Role.VIEWER)


def test_nobody_shares_with_a_team_they_are_not_in(client: Client, bob: User, team: Team) -> None:
    asset = make_asset(bob)
    client.force_login(bob)
    assert hang(client, asset, team) == 404


def test_nobody_shares_a_picture_of_somebody_else(
    client: Client, alice: User, bob: User, team: Team
) -> None:
    join(team, bob, Role.OWNER)
    client.force_login(bob)
    assert hang(client, make_asset(alice), team) == 404
    assert hang(client, make_asset(alice, public=True), team) == 403


@pytest.mark.parametrize("role", Role)
def test_editors_take_pictures_down_and_others_do_not(
    client: Client, alice: User, bob: User, team: Team, role: Role
) -> None:
    join(team, bob, role)
    asset = share(make_asset(alice), team)
    client.force_login(bob)
    may = role in {Role.OWNER, Role.EDITOR}
    assert hang(client, asset, team, "no") == (302 if may else 403)
    assert TeamShare.objects.exists() != may


def test_its_owner_takes_it_down(client: Client, bob: User, team: Team) -> None:
    join(team, bob, Role.VIEWER)
    asset = share(make_asset(bob), team)
    client.force_login(bob)
    assert hang(client, asset, team, "no") == 302
    assert not TeamShare.objects.exists()


def test_who_takes_down_what_they_saw_only_there_lands_in_the_gallery(
    client: Client, alice: User, bob: User, team: Team
) -> None:
    join(team, bob, Role.EDITOR)
    asset = share(make_asset(alice), team)
    client.force_login(bob)
    url = reverse("asset_team", args=[asset.pk, team.pk])
    answer = client.post(url, {"shared": "no"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("gallery")


@pytest.mark.parametrize("said", ["", "maybe"])
def test_sharing_says_yes_or_no(client: Client, alice: User, team: Team, said: str) -> None:
    client.force_login(alice)
    assert hang(client, make_asset(alice), team, said) == 400


def test_what_a_team_pays_for_hangs_in_its_gallery(alice: User, bob: User, team: Team) -> None:
    join(team, bob, Role.CONTRIBUTOR)
    picture = make_picture(bob)
    object.__setattr__(picture, "team", team)
    asset = keep(picture)
    assert asset.owner == bob
    assert list(walk(alice, [team], 5)) == [asset]


def test_who_left_meanwhile_keeps_what_they_are_given(alice: User, bob: User, team: Team) -> None:
    join(team, bob, Role.CONTRIBUTOR).end()
    picture = make_picture(bob)
    object.__setattr__(picture, "team", team)
    assert keep(picture).owner == bob
    assert list(walk(alice, [team], 5)) == []


def test_a_share_that_stands_at_the_wrong_place_is_a_breach(alice: User, team: Team) -> None:
    asset = share(keep(make_picture(alice)), team)
    assert list(invariants.breaches()) == []
    TeamShare.objects.update(made_at=START)
    assert [str(asset.pk) in line for line in invariants.breaches()] == [True]
