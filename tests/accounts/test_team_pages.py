"""A team's pages: beginning one, its settings, its people, and its end."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Role, Team, User
from tests.factories import invite, join, make_team, make_user

pytestmark = pytest.mark.django_db


def post(client: Client, page: str, /, *args: object, **said: object) -> int:
    return client.post(reverse(page, args=args), said).status_code


def test_whoever_begins_a_team_owns_it(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert post(client, "teams", name="  Studio \n North ") == 302
    team = Team.objects.get()
    assert team.name == "Studio North"
    assert alice.memberships.get(team=team).role == Role.OWNER


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_team_needs_a_name(client: Client, alice: User, name: str) -> None:
    client.force_login(alice)
    assert post(client, "teams", name=name) == 422
    assert not Team.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_the_page_opens_for_every_role_and_offers_what_the_role_may_do(
    client: Client, alice: User, bob: User, role: Role
) -> None:
    team = make_team(alice, credits=100)
    join(team, bob, role, limit=5)
    client.force_login(bob)
    page = client.get(reverse("team", args=[team.pk]))
    for name in ("team_settings", "team_deletion", "team_invitations"):
        offered = reverse(name, args=[team.pk]) in page.content.decode()
        assert offered == (role == Role.OWNER)
    assert "100 credits left" in page.content.decode()


def test_the_page_costs_the_same_whatever_the_number_of_people(client: Client, alice: User) -> None:
    team = make_team(alice)
    client.force_login(alice)
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("team", args=[team.pk]))
        counts.append(len(captured))
        for _ in range(3):
            join(team, make_user(), Role.VIEWER)
            invite(team)
    assert counts[1] == counts[2]


def test_the_list_shows_mine_and_no_other(client: Client, alice: User, bob: User) -> None:
    make_team(alice, name="Ours")
    make_team(bob, name="Theirs")
    client.force_login(alice)
    page = client.get(reverse("teams")).content.decode()
    assert "Ours" in page
    assert "Theirs" not in page


def test_an_owner_renames_it(client: Client, alice: User) -> None:
    team = make_team(alice)
    client.force_login(alice)
    assert (
        post(
            client,
            "team_settings",
            team.pk,
            name="South",
            keeps_pictures="no",
            reviews_publications="yes",
        )
        == 302
    )
    team.refresh_from_db()
    assert (team.name, team.keeps_pictures, team.reviews_publications) == ("South", False, True)


def test_it_is_deleted_only_by_its_name(client: Client, alice: User) -> None:
    team = make_team(alice)
    client.force_login(alice)
    assert post(client, "team_deletion", team.pk, name="Studio") == 422
    assert post(client, "team_deletion", team.pk, name="Studio North") == 302
    assert client.get(reverse("team", args=[team.pk])).status_code == 404
    team.refresh_from_db()
    assert team.closed_at
    assert not Membership.objects.exists()


def test_an_owner_changes_somebodys_role_and_limit(client: Client, alice: User, bob: User) -> None:
    team = make_team(alice)
    membership = join(team, bob, Role.VIEWER)
    client.force_login(alice)
    said = {"role": "editor", "monthly_limit": "40"}
    assert post(client, "team_member", team.pk, bob.pk, **said) == 302
    membership.refresh_from_db()
    assert (membership.role, membership.monthly_limit) == (Role.EDITOR, 40)


@pytest.mark.parametrize("limit", ["-1", "1.5", "NaN", "1e9", "9" * 40])
def test_a_limit_is_a_whole_number(client: Client, alice: User, bob: User, limit: str) -> None:
    team = make_team(alice)
    join(team, bob, Role.VIEWER)
    client.force_login(alice)
    said = {"role": "editor", "monthly_limit": limit}
    assert post(client, "team_member", team.pk, bob.pk, **said) == 422
    assert bob.memberships.get().role == Role.VIEWER


@pytest.mark.parametrize("role", Role)
def test_nobody_changes_their_own_role(client: Client, alice: User, bob: User, role: Role) -> None:
    team = make_team(alice)
    join(team, bob, role)
    client.force_login(bob)
    assert post(client, "team_member", team.pk, bob.pk, role="owner") == 403
    assert bob.memberships.get().role == role


def test_the_last_owner_cannot_leave(client: Client, alice: User, bob: User) -> None:
    team = make_team(alice)
    join(team, bob, Role.EDITOR)
    client.force_login(alice)
    assert post(client, "team_leaving", team.pk) == 409
    assert alice.memberships.exists()


def test_who_left_sees_nothing_from_the_next_request_on(
    client: Client, alice: User, bob: User
) -> None:
    team = make_team(alice)
    join(team, bob, Role.OWNER)
    client.force_login(bob)
    assert post(client, "team_leaving", team.pk) == 302
    assert client.get(reverse("team", args=[team.pk])).status_code == 404


def test_who_is_removed_sees_nothing_from_the_next_request_on(
    client: Client, alice: User, bob: User
) -> None:
    team = make_team(alice)
    join(team, bob, Role.EDITOR)
    client.force_login(alice)
    assert post(client, "team_removal", team.pk, bob.pk, pictures="keep") == 302
    client.force_login(bob)
    assert client.get(reverse("team", args=[team.pk])).status_code == 404


@pytest.mark.parametrize(("role", "told"), [(Role.OWNER, 1), (Role.EDITOR, 0)])
def test_who_leaves_is_told_of_the_invitations_they_sent(
    client: Client, alice: User, bob: User, role: Role, told: int
) -> None:
    team = make_team(alice)
    join(team, bob, role)
    client.force_login(bob)
    page = client.get(reverse("team_leaving", args=[team.pk])).content.decode()
    assert page.count("are taken back") == told
