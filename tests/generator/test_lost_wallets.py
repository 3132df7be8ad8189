"""What a team pays for ends with its maker's right to spend, and the credits come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import TestCase

from accounts.models import Membership, Role, Team, User
from gallery.models import Asset, TeamShare
from generator import execution, scheduling, tasks
from generator.models import Generation, Status
from generator.submission import Order
from generator.submission import submit as order
from tests.factories import join, make_team
from tests.generator.orders import make_model, make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(alice: User) -> Team:
    return make_team(alice, credits=50)


@pytest.fixture
def membership(team: Team, bob: User) -> Membership:
    return join(team, bob, Role.EDITOR)


def submit(user: User, team: Team | None = None) -> Generation:
    make_model("blank")
    return order(Order(owner=user, request=make_request(), payer=team.wallet if team else None))


def ends(generation: Generation, act: Callable[[], object]) -> bool:
    """Whether `act` stops the generation, once it is committed."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        act()
    generation.refresh_from_db()
    return generation.status == Status.CANCELLED


ACTS: dict[str, Callable[[Membership], object]] = {
    "leaves": lambda membership: membership.end(),
    "becomes a viewer": lambda membership: membership.take_role(Role.VIEWER),
    "loses the team": lambda membership: membership.team.close(),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_waits_is_cancelled_and_the_team_gets_its_credits_back(
    team: Team, membership: Membership, act: str
) -> None:
    generation = submit(membership.user, team)
    assert ends(generation, lambda: ACTS[act](membership))
    team.wallet.refresh_from_db()
    assert team.wallet.balance == 50


def test_what_runs_is_cancelled_too(team: Team, membership: Membership) -> None:
    generation = submit(membership.user, team)
    scheduling.claim("blank")
    assert ends(generation, membership.end)


def test_the_sweeper_finds_what_was_missed(team: Team, membership: Membership) -> None:
    generation = submit(membership.user, team)
    Membership.objects.filter(pk=membership.pk).delete()
    tasks.sweep()
    generation.refresh_from_db()
    assert generation.status == Status.CANCELLED


def test_a_lesser_role_that_may_spend_stops_nothing(team: Team, membership: Membership) -> None:
    generation = submit(membership.user, team)
    assert not ends(generation, lambda: membership.take_role(Role.CONTRIBUTOR))


def test_what_they_pay_for_themselves_goes_on(membership: Membership) -> None:
    generation = submit(membership.user)
    assert not ends(generation, membership.end)


def test_what_others_make_with_the_teams_credits_goes_on(
    team: Team, alice: User, membership: Membership
) -> None:
    generation = submit(alice, team)
    assert not ends(generation, membership.end)


def test_what_is_delivered_hangs_in_the_gallery_of_the_team_that_paid(
    team: Team, membership: Membership
) -> None:
    submit(membership.user, team)
    execution.work("blank")
    asset = Asset.objects.get()
    assert asset.owner == membership.user
    assert TeamShare.objects.get().asset == asset


def test_what_somebody_paid_themselves_hangs_nowhere(membership: Membership) -> None:
    submit(membership.user)
    execution.work("blank")
    assert Asset.objects.count() == 1
    assert not TeamShare.objects.exists()
