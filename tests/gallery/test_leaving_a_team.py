"""What becomes of the pictures of somebody who leaves a team, or is removed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Team, User
from gallery.models import Asset, TeamShare
from tests.factories import join, keep, make_asset, make_picture, make_team, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(alice: User) -> Team:
    return make_team(alice)


def test_kept_pictures_belong_to_the_owner_who_was_there_longest(
    alice: User, bob: User, mallory: User, team: Team
) -> None:
    join(team, mallory, Role.OWNER)
    asset = share(make_asset(bob), team)
    join(team, bob, Role.CONTRIBUTOR).end(keep=True)
    asset.refresh_from_db()
    assert asset.owner == alice
    assert not Asset.objects.visible_to(bob).contains(asset)
    assert Asset.objects.visible_to(mallory).contains(asset)


def test_returned_pictures_are_seen_by_their_maker_alone(
    alice: User, bob: User, team: Team
) -> None:
    asset = share(make_asset(bob), team)
    join(team, bob, Role.CONTRIBUTOR).end(keep=False)
    asset.refresh_from_db()
    assert asset.owner == bob
    assert not Asset.objects.visible_to(alice).contains(asset)


@pytest.mark.parametrize("keeps", [True, False])
def test_who_leaves_goes_by_what_the_team_has_settled_on(
    client: Client, bob: User, team: Team, *, keeps: bool
) -> None:
    Team.objects.update(keeps_pictures=keeps)
    join(team, bob, Role.EDITOR)
    asset = share(make_asset(bob), team)
    client.force_login(bob)
    client.post(reverse("team_leaving", args=[team.pk]))
    asset.refresh_from_db()
    assert (asset.owner == bob) != keeps


@pytest.mark.parametrize("choice", ["keep", "return"])
def test_who_removes_somebody_chooses_and_takes_over(
    client: Client, bob: User, mallory: User, team: Team, choice: str
) -> None:
    join(team, mallory, Role.OWNER)
    join(team, bob, Role.EDITOR)
    asset = share(make_asset(bob), team)
    client.force_login(mallory)
    client.post(reverse("team_removal", args=[team.pk, bob.pk]), {"pictures": choice})
    asset.refresh_from_db()
    assert asset.owner == (mallory if choice == "keep" else bob)


def test_what_was_never_shared_stays_where_it_is(bob: User, team: Team) -> None:
    asset = make_asset(bob)
    join(team, bob, Role.EDITOR).end(keep=True)
    asset.refresh_from_db()
    assert asset.owner == bob


def test_what_lies_in_the_bin_goes_with_them(bob: User, team: Team) -> None:
    asset = share(keep(make_picture(bob), binned=True), team)
    join(team, bob, Role.EDITOR).end(keep=True)
    asset.refresh_from_db()
    assert asset.owner == bob
    assert not TeamShare.objects.exists()


def test_other_teams_still_see_what_they_saw(bob: User, mallory: User, team: Team) -> None:
    other = make_team(mallory, name="South")
    join(other, bob, Role.EDITOR)
    asset = share(make_asset(bob), team, other)
    join(team, bob, Role.EDITOR).end(keep=False)
    assert Asset.objects.visible_to(mallory).contains(asset)


def test_a_closed_team_gives_everything_back(alice: User, bob: User, team: Team) -> None:
    join(team, bob, Role.EDITOR)
    asset = share(make_asset(bob), team)
    team.close()
    assert not Asset.objects.visible_to(alice).contains(asset)
    assert Asset.objects.visible_to(bob).contains(asset)
