"""Somebody owns every team, whoever leaves when. On SQLite in a file and on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Barrier

import pytest

from accounts.models import LastOwner, Membership, Role, Team
from tests.accounts.test_ledger_races import at_once
from tests.factories import invite, join, make_team, make_user

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def outcome(work: Callable[[], object]) -> str:
    try:
        work()
    except LastOwner:
        return "last owner"
    return "done"


def team_of_two_owners() -> tuple[Team, list[Membership]]:
    team = make_team(make_user())
    join(team, make_user(), Role.OWNER)
    return team, list(team.memberships.all())


def at_the_same_time(team: Team, works: list[Callable[[], object]]) -> Counter[str]:
    """Each on a thread of its own, begun together, and the team has an owner afterwards."""
    ready = Barrier(len(works))

    def run(number: int) -> str:
        ready.wait()
        return outcome(works[number])

    outcomes = at_once(run, len(works))
    assert team.memberships.filter(role=Role.OWNER).count() == 1
    return outcomes


@pytest.mark.parametrize("time", range(5))
def test_of_two_owners_who_leave_at_once_one_stays(time: int) -> None:
    team, owners = team_of_two_owners()
    assert at_the_same_time(team, [each.end for each in owners]) == {"done": 1, "last owner": 1}


@pytest.mark.parametrize("time", range(5))
def test_of_two_owners_who_make_viewers_of_each_other_one_stays_owner(time: int) -> None:
    team, owners = team_of_two_owners()
    works = [lambda each=each: each.take_role(Role.VIEWER) for each in owners]
    assert at_the_same_time(team, works) == {"done": 1, "last owner": 1}


def test_a_link_for_three_lets_three_in() -> None:
    team = make_team(make_user())
    invitation, _token = invite(team, uses=3)
    people = [make_user() for _ in range(12)]

    def accept(number: int) -> str:
        mine = type(invitation).objects.get(pk=invitation.pk)
        try:
            mine.accept(people[number])
        except Exception as error:
            return type(error).__name__
        return "in"

    assert at_once(accept, len(people)) == {"in": 3, "InvitationIsOver": 9}
    assert team.memberships.count() == 4
