"""A worker that erases may die at any step; closing the door is one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from accounts import erasure
from accounts.models import Erasure, Role, Team, User
from gallery import keeping
from tests.factories import join, make_key, make_team
from tests.generator.leaving import WORDS, dump, live_a_little, problems


@pytest.fixture(autouse=True)
def no_grace(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sends anything just before the door closes."""
    monkeypatch.setattr(erasure, "GRACE", erasure.dt.timedelta(0))


class Killed(BaseException):
    """The worker dies here; nobody can tidy up."""


def dying_at(step: int, what: Callable[[], object]) -> bool:
    """Run `what` and kill it before its change number `step`; False when it ended before."""
    left = step

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal left
        if sql.lstrip().upper().startswith(("UPDATE", "DELETE", "INSERT")):
            left -= 1
            if left < 0:
                raise Killed
        return execute(sql, *rest)

    real = default_storage.delete

    def delete(key: str) -> None:
        count(lambda *_: None, "DELETE")
        real(key)

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(count):
        patch.setattr(default_storage, "delete", delete)
        try:
            what()
        except Killed:
            return True
    return False


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_at_any_step_leaves_the_rest_to_the_next_one(
    alice: User, bob: User
) -> None:
    files = live_a_little(alice, bob)
    erasure.begin(alice, by=alice)
    steps = 0
    while dying_at(steps, lambda: erasure.go_on(Erasure.objects.get())):
        assert Erasure.objects.get().finished_at is None
        steps += 1
    assert steps > 10
    assert Erasure.objects.get().finished_at is not None
    assert WORDS not in dump()
    # Bytes whose rows went with the worker are orphans, which the daily sweep finds.
    keeping.remove_orphans(erasure.dt.timedelta(0))
    assert not any(map(default_storage.exists, files))
    assert problems() == ""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_closing_the_door_is_all_or_nothing(alice: User, bob: User) -> None:
    team = make_team(bob)
    join(team, alice, Role.EDITOR)
    make_key(alice)
    before, steps = dump(), 0
    while dying_at(steps, lambda: erasure.begin(alice, by=alice)):
        assert dump() == before
        steps += 1
    assert steps > 5
    assert not Team.objects.of(User.objects.get(pk=alice.pk)).exists()
