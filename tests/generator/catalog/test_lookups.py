"""What a dialect would refuse is refused by field, with the choices if they are few."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import catalog
from generator.catalog import (
    guidance_presets,
    languages,
    models,
    preprocessors,
    qualities,
    ratios,
    samplers,
    sizes,
    styles,
    task_types,
)
from generator.contract import ImageRequest, InvalidRequest

LOOKUPS: list[tuple[Callable[[Any], object], str]] = [
    (guidance_presets.by_aithriving_name, "clip_guidance_preset"),
    (languages.by_code, "prompt_language"),
    (languages.by_picfinder_id, "promptLanguageId"),
    (preprocessors.by_picfinder_name, "preprocessor"),
    (preprocessors.by_picfinder_short_name, "preProcessorType"),
    (qualities.by_openai_name, "quality"),
    (qualities.by_stubber_name, "quality"),
    (ratios.by_goneural_name, "ratio"),
    (ratios.by_slug, "ratio"),
    (samplers.by_a1111_name, "sampler_name"),
    (samplers.by_aithriving_name, "sampler"),
    (samplers.by_picfinder_id, "schedulerId"),
    (samplers.by_picfinder_name, "scheduler"),
    (samplers.by_slug, "sampler"),
    (sizes.by_openai_name, "size"),
    (sizes.by_picfinder_id, "sizeId"),
    (sizes.by_stubber_name, "size"),
    (styles.by_aithriving_name, "style_preset"),
    (styles.by_picfinder_id, "styleId"),
    (styles.by_slug, "style"),
    (task_types.by_picfinder_id, "taskType"),
]
UNKNOWN = st.one_of(
    st.sampled_from([True, False, 0, -1, 193, 299, 10**30, 1.0, "", "none ", "1", [], {}, b"x"]),
    st.integers(min_value=300),
    st.floats(),
    st.text(min_size=30),
)


@pytest.mark.parametrize(("lookup", "field"), LOOKUPS)
@given(value=UNKNOWN)
def test_an_unknown_value_is_refused_on_its_field(
    lookup: Callable[[Any], object], field: str, value: object
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        lookup(value)
    assert list(refusal.value.errors) == [field]


def test_a_refusal_lists_the_choices_if_they_are_few() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        qualities.by_stubber_name("ultra")
    assert refusal.value.errors == {"quality": ["Must be one of: standard, hd."]}


def test_ids_are_listed_in_the_order_of_numbers() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        styles.by_picfinder_id(13)
    expected = "Must be one of: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12."
    assert refusal.value.errors == {"styleId": [expected]}


def test_a_refusal_does_not_list_three_hundred_languages() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        languages.by_picfinder_id(193)
    assert refusal.value.errors == {"promptLanguageId": ["This value is not known."]}


@pytest.mark.parametrize("unknown", [3, "3", "midjourney", "", None, True, 4.0, [4], "civitai:1@2"])
def test_an_unknown_model_is_none_and_no_error(unknown: object) -> None:
    assert models.by_name(unknown) is None
    assert models.by_picfinder_id(unknown) is None


def test_null_leaves_the_language_to_be_detected() -> None:
    assert languages.by_picfinder_id(None) is None


@pytest.mark.parametrize("unset", [None, "auto"])
def test_openai_leaves_size_and_quality_to_us(unset: object) -> None:
    assert sizes.by_openai_name(unset) == sizes.SQUARE
    assert qualities.by_openai_name(unset) == qualities.STANDARD


@pytest.mark.parametrize(
    ("name", "scheduler", "slug"),
    [
        ("Euler a", None, "euler-a"),
        ("euler A", "Automatic", "euler-a"),
        ("DPM++ 2M", "Karras", "dpmpp-2m-karras"),
        ("DPM++ 2M Karras", None, "dpmpp-2m-karras"),
        ("UniPC", "karras", "unipc"),
        ("k_lms", None, "lms"),
    ],
)
def test_a1111_names_come_in_any_case_with_or_without_a_scheduler(
    name: str, scheduler: str | None, slug: str
) -> None:
    assert samplers.by_a1111_name(name, scheduler).slug == slug


@pytest.mark.parametrize("kind", ["RATIOS", "SAMPLERS", "STYLES"])
def test_slugs_are_unique_and_make_valid_requests(kind: str) -> None:
    slugs = [value.slug for value in getattr(catalog, kind)]
    assert len(slugs) == len(set(slugs))
    for slug in slugs:
        assert ImageRequest(prompt="a", sampler=slug, style=slug)


def test_canonical_slugs_find_their_own_values() -> None:
    assert [ratios.by_slug(ratio.slug) for ratio in catalog.RATIOS] == list(catalog.RATIOS)
    assert [styles.by_slug(style.slug) for style in catalog.STYLES] == list(catalog.STYLES)
    assert [samplers.by_slug(sampler.slug) for sampler in samplers.ALL] == list(samplers.ALL)
    assert [languages.by_code(one.code) for one in catalog.LANGUAGES] == list(catalog.LANGUAGES)
