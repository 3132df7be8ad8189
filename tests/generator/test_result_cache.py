"""The result cache: what is found again, for whom, in which order, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from gallery.models import Asset, Visibility
from generator import personal_data, result_cache
from generator.contract import Control, ImageRequest, InvalidRequest, Lora
from generator.models import CachedSeries, Generation
from generator.result_cache import Found, canonical, key_of, look, nothing, remember
from generator.submission import Order, submit
from tests.generator.orders import make_model, make_request, run_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank_model(db: None) -> None:
    make_model()


def order(owner: User, prompt: str = "a red house", **fields: Any) -> Order:
    return Order(owner=owner, request=make_request(prompt, **fields))


def make(owner: User, prompt: str = "a red house", **fields: Any) -> list[str]:
    """New pictures, kept for reuse; their ids."""
    wanted = order(owner, prompt, **fields)
    found = nothing(wanted)
    assert found.rest
    generation = submit(found.rest)
    remember(generation, found)
    run_all()
    return [str(output.asset_id) for output in generation.outputs.all()]


def ids(found: Found) -> list[str]:
    return [picture.asset["id"] for picture in found.pictures]


def test_the_same_request_is_answered_with_the_pictures_of_before(alice: User) -> None:
    made = make(alice, count=2)
    found = look(order(alice, count=2, seed=99))
    assert (ids(found), found.rest, found.total) == (made, None, 2)


def test_pictures_of_the_cache_are_free(alice: User) -> None:
    make(alice)
    before = Generation.objects.count()
    alice.wallet.refresh_from_db()
    balance = alice.wallet.balance
    assert look(order(alice)).pictures
    alice.wallet.refresh_from_db()
    assert (alice.wallet.balance, Generation.objects.count()) == (balance, before)


def test_only_what_is_missing_is_ordered_and_paid(alice: User) -> None:
    made = make(alice, count=2)
    found = look(order(alice, count=5, seed=50))
    assert (ids(found), found.start) == (made, 2)
    assert found.rest
    assert (found.rest.request.count, found.rest.request.seed) == (3, 52)


def test_an_offset_turns_the_pages(alice: User) -> None:
    made = make(alice, count=3) + make(alice, count=2, seed=9)
    pages = [look(order(alice, count=2), offset=offset) for offset in (0, 2, 4, 5, 10**40)]
    assert [ids(page) for page in pages] == [made[:2], made[2:4], made[4:], [], []]
    assert {page.total for page in pages} == {5}
    assert [page.rest.request.count if page.rest else 0 for page in pages] == [0, 0, 1, 2, 2]


def test_new_pictures_do_not_shift_the_pages(alice: User) -> None:
    make(alice, count=2)
    first = ids(look(order(alice, count=2)))
    make(alice, count=2, seed=5)
    assert ids(look(order(alice, count=2))) == first


def test_a_named_seed_gives_only_the_pictures_of_that_seed(alice: User) -> None:
    make(alice, count=2, seed=1)
    of_seven = make(alice, count=2, seed=7)
    found = look(order(alice, count=3, seed=7), same_seed=True)
    assert (ids(found), found.total) == (of_seven, 4)
    assert found.rest
    assert (found.rest.request.seed, found.rest.request.count) == (9, 1)


def test_a_series_that_was_made_in_two_parts_is_found_whole(alice: User) -> None:
    first = make(alice, count=2, seed=7)
    found = look(order(alice, count=3, seed=7), same_seed=True)
    assert found.rest
    rest = submit(found.rest)
    remember(rest, found)
    run_all()
    whole = look(order(alice, count=3, seed=7), same_seed=True)
    assert ids(whole) == [*first, str(rest.outputs.get().asset_id)]
    assert whole.rest is None


def test_a_series_that_begins_near_the_last_seed_wraps_like_its_pictures(alice: User) -> None:
    made = make(alice, count=2, seed=2**64 - 1)
    assert ids(look(order(alice, count=2, seed=2**64 - 1), same_seed=True)) == made


def test_nobody_is_given_or_told_of_somebody_elses_pictures(alice: User, mallory: User) -> None:
    make(alice)
    Asset.objects.update(visibility=Visibility.PUBLIC)
    found = look(order(mallory))
    assert (found.pictures, found.total) == ((), 0)


def test_what_lies_in_the_bin_is_not_given_until_it_is_restored(alice: User) -> None:
    [pk] = make(alice)
    asset = Asset.objects.get(pk=pk)
    asset.move_to_bin()
    assert look(order(alice)).total == 0
    asset.restore()
    assert ids(look(order(alice))) == [pk]


def test_what_was_not_kept_for_reuse_is_not_found(alice: User) -> None:
    submit(order(alice))
    run_all()
    assert look(order(alice)).total == 0


def test_what_is_still_being_made_is_not_found_yet(alice: User) -> None:
    found = nothing(order(alice))
    assert found.rest
    remember(submit(found.rest), found)
    assert look(order(alice)).total == 0


def test_remembering_twice_is_remembering_once(alice: User) -> None:
    found = nothing(order(alice))
    assert found.rest
    generation = submit(found.rest)
    remember(generation, found)
    remember(generation, found)
    assert CachedSeries.objects.count() == 1


def test_defaults_of_the_model_count_as_if_they_had_been_written(alice: User) -> None:
    model = make_model()
    model.default_steps = 6
    model.save()
    made = make(alice, steps=6)
    silent = replace(order(alice, steps=11), omitted={"steps"})
    assert ids(look(silent)) == made


def test_a_model_that_nobody_can_choose_is_refused_as_it_is_in_an_order(alice: User) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        look(order(alice, model="nonesuch"))
    assert list(refusal.value.errors) == ["model"]


def test_a_page_costs_the_same_queries_whatever_there_is(alice: User) -> None:
    make(alice)
    look(order(alice))
    counts = []
    for seed in (1, 2):
        make(alice, count=4, seed=seed)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            look(order(alice, count=5))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_erasing_somebody_leaves_no_hash_of_their_prompts(alice: User) -> None:
    make(alice)
    personal_data.erase(alice)
    assert not CachedSeries.objects.exists()


def test_the_total_counts_what_was_just_made(alice: User) -> None:
    make(alice, count=2)
    assert result_cache.total(alice, Generation.objects.get().request) == 2


SAME = ("A red  House", " a red house ", "a red house.", "a red house,", "a\nred house")


@pytest.mark.parametrize("prompt", SAME)
def test_prompts_that_differ_in_case_and_blanks_are_the_same(prompt: str) -> None:
    assert canonical(prompt) == canonical("a red house")


@given(st.text())
def test_the_canonical_form_of_a_canonical_prompt_is_itself(prompt: str) -> None:
    assert canonical(canonical(prompt)) == canonical(prompt)


OTHER: list[dict[str, Any]] = [
    {"prompt": "a blue house"},
    {"negative_prompt": "fog"},
    {"width": 512},
    {"height": 512},
    {"steps": 5},
    {"guidance_scale": 3.0},
    {"sampler": "ddim"},
    {"style": "anime"},
    {"model": "other"},
    {"clip_skip": 1},
    {"loras": (Lora(model="ink"),)},
    {"controls": (Control(preprocessor="canny", guide="g"),)},
    {"initial_image": "g"},
    {"prompt_weighting": True},
    {"prompt_language": "de"},
]


@pytest.mark.parametrize("fields", OTHER, ids=[next(iter(fields)) for fields in OTHER])
def test_every_setting_that_changes_a_picture_makes_another_key(fields: dict[str, Any]) -> None:
    base = make_request()
    assert key_of(replace(base, **fields)) != key_of(base)


@given(st.integers(0, 2**64 - 1), st.integers(1, 16))
def test_seed_and_number_are_no_part_of_the_key(seed: int, count: int) -> None:
    base = ImageRequest(prompt="a red house")
    assert key_of(replace(base, seed=seed, count=count)) == key_of(base)
