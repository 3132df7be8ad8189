"""Which sizes a model paints: read, told, and refused before anybody pays."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from generator.contract import MAX_SIDE, MIN_SIDE, SIDE_STEP, InvalidRequest
from generator.models import EngineModel, Generation
from generator.sides import Sides, read_sizes
from tests.generator.orders import make_model, make_person, submit
from tests.generator.web.browsing import open_form, press_create

sides = st.integers(MIN_SIDE // SIDE_STEP, MAX_SIDE // SIDE_STEP).map(lambda n: n * SIDE_STEP)


@given(low=sides, high=sides, step=st.sampled_from([8, 16, 64]), width=sides, height=sides)
def test_what_has_no_problem_is_within_the_limits(low, high, step, width, height):
    limits = Sides(low=low, high=high, step=step)
    fits = [low <= side <= high and side % step == 0 for side in (width, height)]
    assert (limits.problems(width, height) == {}) is all(fits)


@given(found=st.lists(st.tuples(sides, sides), min_size=1, max_size=6), wish=sides)
def test_a_list_that_is_written_out_reads_back(found, wish):
    listed = read_sizes(", ".join(f"{width}x{height}" for width, height in found))
    assert set(listed) == set(found)
    assert Sides(listed=listed).smallest(wish) in found


@given(low=sides, step=st.sampled_from([8, 16, 64]), wish=sides)
def test_the_smallest_size_is_one_that_is_painted(low, step, wish):
    limits = Sides(low=min(low, 1984), step=step)
    assert limits.problems(*limits.smallest(wish)) == {}


@pytest.mark.parametrize("text", ["big", "1024", "1024x", "100x100", "1024x1025", "9x9x9"])
def test_what_is_no_size_is_named(text):
    with pytest.raises(ValueError, match=text):
        read_sizes(f"512x512, {text}")


@pytest.fixture
def narrow(db: None) -> EngineModel:
    model = make_model("blank")
    model.min_side, model.max_side, model.side_step = 512, 1024, 64
    model.save()
    return model


def test_another_size_is_refused_unpaid_with_what_is_allowed(narrow):
    owner = make_person(credits=5)
    with pytest.raises(InvalidRequest) as refused:
        submit(owner, width=1152, height=896)
    assert refused.value.errors == {
        "width": [
            "This model paints sides of 512 to 1024 pixels, multiples of 64; "
            "this would be 1152×896."
        ]
    }
    owner.wallet.refresh_from_db()
    assert (owner.wallet.balance, Generation.objects.exists()) == (5, False)


def test_a_list_of_sizes_is_told_whole():
    told = str(Sides(listed=read_sizes("1024x1024, 1024x1792, 1792x1024")))
    assert told == "1024×1024, 1024×1792 or 1792×1024"


def test_the_form_shows_the_refusal_beside_the_shape(client: Client, alice: User, narrow):
    EngineModel.objects.exclude(slug="blank").delete()
    client.force_login(alice)
    sent = open_form(client, prompt="a fox", ratio="16:9")
    page = press_create(client, sent).content.decode()
    shape = page.split('id="id_ratio_error"')[1].split("</p>")[0]
    assert "This model paints sides of 512 to 1024 pixels, multiples of 64" in shape
    assert shape.count("this would be") == 1
    assert "a fox" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"sizes": "huge"}, "sizes"),
        ({"min_side": 520, "max_side": 570, "side_step": 64}, "side_step"),
        ({"default_sampler": "nonesuch"}, "default_sampler"),
        ({"default_steps": 0}, "default_steps"),
        ({"default_guidance": 99}, "default_guidance"),
        ({"slug": "../up"}, "slug"),
    ],
)
def test_nonsense_is_refused_beside_its_field(fields, field):
    model = EngineModel(**{"slug": "x", "name": "X", "engine": "blank", **fields})
    with pytest.raises(ValidationError) as refused:
        model.full_clean()
    assert field in refused.value.message_dict


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"min_side": 1024, "max_side": 512}, {"family": "x"}, {"audience": "x"}]
)
def test_the_database_keeps_nonsense_out_too(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        EngineModel.objects.create(slug="x", name="X", engine="blank", **fields)
