"""Variations of one wish, folded into one card."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import User
from gallery.models import Asset
from gallery.stacking import stack_of
from tests.factories import RECIPE, keep, make_asset, make_picture

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
