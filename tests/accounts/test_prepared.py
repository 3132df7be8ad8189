"""Questions whose SQL is written once: they find what the querysets find."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import ApiKey, Role, Team, User
from accounts.prepared import Kinds, Prepared, somebody
from tests.factories import join, make_key, make_team, make_user

pytestmark = pytest.mark.django_db

PERSON: Kinds = {"viewer": models.BigAutoField()}
IDS: Kinds = {"ids": models.BigAutoField()}


def people(ids: list[int]) -> QuerySet[User, Any]:
    return User.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "email", "date_joined")


def teams(viewer: int) -> QuerySet[Team, Any]:
    return Team.objects.of(somebody(viewer)).order_by("pk").values_list("pk")


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 25])
def test_lists_of_any_length_find_their_members(count: int) -> None:
    ids = [make_user().pk for _number in range(count + 1)]
    asked = Prepared(people, IDS)
    for some in (ids[:count], ids[1:]):
        assert asked.rows(ids=some) == list(people(some))


def test_the_same_question_about_somebody_else_has_their_answer(alice: User, bob: User) -> None:
    asked = Prepared(teams, PERSON)
    join(make_team(alice), bob, Role.VIEWER)
    make_team(bob)
    for person in (alice, bob, make_user()):
        assert asked.rows(viewer=person.pk) == list(teams(person.pk))


def test_it_writes_the_sql_once(alice: User, bob: User) -> None:
    written = []

    def ask(viewer: int) -> QuerySet[Team, Any]:
        written.append(viewer)
        return teams(viewer)

    asked = Prepared(ask, PERSON)
    asked.rows(viewer=alice.pk)
    before = len(written)
    for person in (bob, alice):
        asked.rows(viewer=person.pk)
    assert len(written) == before


def test_nothing_is_asked_about_an_empty_list(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert Prepared(people, IDS).rows(ids=[]) == []


def test_a_value_that_the_question_does_not_hold_is_an_error(alice: User) -> None:
    asked = Prepared(lambda viewer: teams(alice.pk), PERSON)
    with pytest.raises(ValueError, match="viewer"):
        asked.rows(viewer=alice.pk)


def test_a_rule_that_asks_for_more_than_the_key_of_somebody_fails(alice: User) -> None:
    def ask(viewer: int) -> QuerySet[Team, Any]:
        person = somebody(viewer)
        return teams(viewer) if person.is_staff else Team.objects.none().values_list("pk")

    with pytest.raises(User.DoesNotExist):
        Prepared(ask, PERSON).rows(viewer=alice.pk)


def test_a_question_that_holds_the_hour_is_an_error(alice: User) -> None:
    def ask(viewer: int) -> QuerySet[Team, Any]:
        return teams(viewer).filter(created_at__lt=timezone.now())

    with pytest.raises(ValueError, match="another whenever"):
        Prepared(ask, PERSON).rows(viewer=alice.pk)


def test_a_key_that_opens_is_the_one_that_is_kept_with_its_whole_owner(alice: User) -> None:
    key, headers = make_key(alice)
    opened = ApiKey.objects.authenticate(headers["Authorization"].removeprefix("Bearer "))
    assert opened is not None
    assert opened == key
    assert _columns(opened) == _columns(ApiKey.objects.get(pk=key.pk))
    assert _columns(opened.user) == _columns(User.objects.get(pk=alice.pk))


def test_whoever_opens_is_known_without_another_question(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = make_key(alice)[1]["Authorization"].removeprefix("Bearer ")
    with django_assert_num_queries(2):
        opened = ApiKey.objects.authenticate(token)
        assert opened is not None
        assert opened.user.email == alice.email


def test_a_wrong_prefix_and_a_wrong_secret_are_asked_about_alike(alice: User) -> None:
    key, _headers = make_key(alice)
    asked = []
    for token in (f"{key.prefix}_wrong", "lim_ffffffff_wrong"):
        with CaptureQueriesContext(connection) as captured:
            assert ApiKey.objects.authenticate(token) is None
        asked.append([query["sql"].replace(token[:12], "") for query in captured])
    assert len(asked[0]) == len(asked[1]) == 1


def _columns(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
