"""Variations of one wish, folded into one card."""

from __future__ import annotations

import re
from html import unescape
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from gallery.models import Asset
from gallery.stacking import stack_of
from tests.factories import RECIPE, join, keep, make_asset, make_picture, make_team, share

pytestmark = pytest.mark.django_db

WISH = {"prompt": "a fox", "steps": 12, "seed": 7, "count": 4, "output_format": "png"}


def recipe(**changes: object) -> dict[str, object]:
    return {"model": "sketch", "request": {**WISH, **changes}}


def test_the_seed_the_count_and_the_format_make_no_other_stack() -> None:
    first = stack_of(1, recipe())
    assert first == stack_of(1, recipe(seed=8, count=1, output_format="webp"))
    assert first is not None
    assert 0 <= first < 2**63


@pytest.mark.parametrize("change", [{"prompt": "a cat"}, {"steps": 13}, {"style": "ink"}])
def test_other_words_or_settings_make_another_stack(change: dict[str, object]) -> None:
    assert stack_of(1, recipe()) != stack_of(1, recipe(**change))


def test_another_person_or_model_makes_another_stack() -> None:
    stacks = {stack_of(1, recipe()), stack_of(2, recipe()), stack_of(1, recipe() | {"model": "b"})}
    assert len(stacks) == 3


@pytest.mark.parametrize("made", [{}, {"request": {}}, {"request": "a fox"}])
def test_a_picture_without_a_wish_stands_alone(made: dict[str, object]) -> None:
    assert stack_of(1, made) is None


def test_pictures_are_kept_with_their_stack(alice: User) -> None:
    one, other = keep(make_picture(alice)), keep(make_picture(alice))
    assert one.stack == other.stack == stack_of(alice.pk, one.recipe)


def test_pictures_from_before_get_their_stacks(alice: User) -> None:
    made = [make_asset(alice), make_asset(alice)]
    alone = Asset.objects.filter(pk=make_asset(alice).pk)
    alone.update(recipe={})
    migration = import_module("gallery.migrations.0006_stacks_of_before")
    migration.fill(apps, connection.schema_editor())
    found = {asset.refresh_from_db() or asset.stack for asset in made}
    assert found == {stack_of(alice.pk, RECIPE)}
    assert alone.get().stack is None


def names(response: Any) -> list[str]:
    return [asset.name for asset in response.context["page"].items]


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_a_stack_is_one_card_its_newest_with_how_many_there_are(
    alices: Client, alice: User
) -> None:
    for number, stack in enumerate([1, 2, 1, None, None, 1]):
        make_asset(alice, name=f"{number}", stack=stack)
    page = alices.get("/gallery/?stacks=1")
    assert names(page) == ["5", "4", "3", "1"]
    assert [asset.stacked for asset in page.context["page"].items] == [3, 1, 1, 1]
    assert "stack=1" in page.content.decode()
    assert names(alices.get("/gallery/")) == ["5", "4", "3", "2", "1", "0"]


def test_a_stack_opens_with_all_its_pictures(alices: Client, alice: User, bob: User) -> None:
    for number, stack in enumerate([1, 2, 1]):
        make_asset(alice, name=f"{number}", stack=stack)
    make_asset(bob, name="his", stack=1)
    assert names(alices.get("/gallery/?stack=1")) == ["2", "0"]


def test_pictures_of_one_moment_are_folded_too(alices: Client, alice: User) -> None:
    moment = timezone.now()
    for number in range(3):
        make_asset(alice, name=f"{number}", stack=1, created_at=moment)
    assert len(names(alices.get("/gallery/?stacks=1"))) == 1


def test_what_lies_in_the_bin_hides_no_stack(alices: Client, alice: User) -> None:
    make_asset(alice, name="kept", stack=1)
    make_asset(alice, name="binned", stack=1).move_to_bin()
    page = alices.get("/gallery/?stacks=1")
    assert names(page) == ["kept"]
    assert page.context["page"].items[0].stacked == 1


def test_each_list_folds_what_is_in_it(alices: Client, alice: User) -> None:
    team = make_team(alice)
    share(make_asset(alice, name="hung", stack=1), team)
    make_asset(alice, name="newer but mine alone", stack=1)
    make_asset(alice, name="public", stack=1, public=True)
    assert names(alices.get("/gallery/?stacks=1&scope=team")) == ["hung"]
    assert names(alices.get("/gallery/?stacks=1&scope=public")) == ["public"]


def test_folded_pages_follow_each_other_without_losing_a_stack(alices: Client, alice: User) -> None:
    for number in range(90):
        make_asset(alice, name=f"{number}", stack=number % 30)
    first = alices.get("/gallery/?stacks=1")
    rest = alices.get("/gallery/" + first.context["next_url"])
    found = names(first) + names(rest)
    assert found == [f"{number}" for number in range(89, 59, -1)]


def test_folding_costs_one_query_more_however_many_there_are(alices: Client, alice: User) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            alices.get(address)
        return len(asked)

    for number in range(20):
        make_asset(alice, stack=number // 2)
    queries("/gallery/")
    assert queries("/gallery/?stacks=1") == queries("/gallery/") + 1


def test_what_was_searched_for_is_not_folded(alices: Client, alice: User) -> None:
    for _ in range(2):
        keep(make_picture(alice, prompt="a fox"))
    assert len(names(alices.get("/gallery/?stacks=1&q=fox"))) == 2


@pytest.mark.parametrize("stack", ["x", "-1", "1" * 40, str(2**63), "²", "0" * 30 + "9" * 20])
def test_what_is_no_stack_is_not_found(alices: Client, stack: str) -> None:
    assert alices.get("/gallery/", {"stack": stack}).status_code == 404


def behind(client: Client, address: str) -> list[str]:
    """The names of the pictures that are put behind a card."""
    answer = client.get(address, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return [asset.name for asset in answer.context["shown"]]


def test_a_card_of_a_stack_brings_what_it_stands_for(alices: Client, alice: User) -> None:
    for number, stack in enumerate([1, 2, 1, 1]):
        make_asset(alice, name=f"{number}", stack=stack)
    body = unescape(alices.get("/gallery/?stacks=1").content.decode())
    leads, brings = re.findall(r'class="stacked" href="([^"]*)".* hx-get="([^"]*)"', body)[0]
    assert names(alices.get(leads)) == ["3", "2", "0"]
    assert behind(alices, brings) == ["2", "0"]


def test_cards_behind_lead_through_their_stack(alices: Client, alice: User) -> None:
    front, other = (make_asset(alice, stack=1) for _ in range(2))
    address = f"/gallery/stack/?scope=mine&stack=1&front={front.pk}"
    body = unescape(alices.get(address, headers={"HX-Request": "true"}).content.decode())
    assert f'href="{other.get_absolute_url()}?scope=mine&stack=1"' in body
    assert "1 more picture of the stack is shown after it." in body


def test_a_large_stack_leads_on_to_its_page(alices: Client, alice: User) -> None:
    for _ in range(27):
        front = make_asset(alice, stack=1)
    address = f"/gallery/stack/?stack=1&front={front.pk}"
    answer = alices.get(address, headers={"HX-Request": "true"})
    assert len(answer.context["shown"]) == 24
    assert answer.context["whole"] == "/gallery/?scope=mine&stack=1"


def test_a_stack_opens_with_what_somebody_may_see(
    client: Client, alice: User, bob: User, mallory: User
) -> None:
    team = join(make_team(alice), bob, Role.VIEWER).team
    share(make_asset(alice, name="hung", stack=1), team)
    make_asset(alice, name="alone", stack=1)
    make_asset(alice, name="public", stack=1, public=True)
    assert behind(client, "/gallery/stack/?stack=1") == ["public"]
    client.force_login(bob)
    assert behind(client, f"/gallery/stack/?stack=1&scope=team&team={team.pk}") == ["hung"]
    assert behind(client, "/gallery/stack/?stack=1&scope=mine") == []
    client.force_login(mallory)
    assert behind(client, "/gallery/stack/?stack=1&scope=team") == []
    address = f"/gallery/stack/?stack=1&scope=team&team={team.pk}"
    assert client.get(address).status_code == 404


def test_visitors_sign_in_for_stacks_of_their_own(client: Client) -> None:
    answer = client.get("/gallery/stack/?stack=1&scope=mine")
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_without_a_script_the_address_is_that_of_the_page(alices: Client) -> None:
    answer = alices.get("/gallery/stack/?stack=1&front=x")
    assert answer.headers["Location"] == "/gallery/?scope=mine&stack=1"


def test_opening_costs_the_same_queries_however_many_there_are(alices: Client, alice: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            alices.get("/gallery/stack/?stack=1", headers={"HX-Request": "true"})
        return len(asked)

    for _ in range(2):
        make_asset(alice, stack=1)
    queries()
    few = queries()
    for _ in range(20):
        make_asset(alice, stack=1)
    assert queries() == few
