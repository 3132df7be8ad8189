"""The canonical request: what it takes, what it refuses, and how it is kept."""

import json
import math
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.contract import (
    MAX_NAME,
    MAX_PROMPT,
    MAX_REFERENCE,
    MAX_SEED,
    Control,
    ImageRequest,
    InvalidRequest,
    Lora,
    narrow_seed,
    picture_seed,
)
from tests.generator.strategies import CHARACTERS, FIELDS, REQUESTS

WHOLE = ["width", "height", "seed", "count", "steps", "clip_skip"]
NUMBERS = ["guidance_scale", "strength"]
TEXTS = ["prompt", "negative_prompt", "sampler", "model", "style", "initial_image", "mask"]
NO_NUMBERS = st.sampled_from([math.nan, math.inf, -math.inf, True, False, -1, 10**400, "7", [], {}])
NO_CHARACTERS = st.one_of(
    st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF, categories=["Cs"]),
    st.sampled_from("\0\x01\x1b\x7f\x85"),
    st.just("\ud83d"),
)


def _errors(**values: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidRequest) as refusal:
        ImageRequest(**{"prompt": "A lighthouse on a cliff", **values})
    return refusal.value.errors


@given(REQUESTS)
def test_a_request_survives_a_json_column(request: ImageRequest) -> None:
    column = json.dumps(request.to_json(), allow_nan=False)
    assert ImageRequest.from_json(json.loads(column)) == request


@given(REQUESTS)
def test_fields_of_another_version_are_passed_over(request: ImageRequest) -> None:
    data = json.loads(json.dumps(request.to_json()))
    for part in (data, *data["loras"], *data["controls"]):
        part["invented_later"] = 1
    assert ImageRequest.from_json(data) == request


def test_an_old_row_takes_the_defaults_of_newer_fields() -> None:
    assert ImageRequest.from_json({"prompt": "a boat"}) == ImageRequest(prompt="a boat")


def test_every_field_of_the_request_is_drawn() -> None:
    assert set(FIELDS) == {field.name for field in fields(ImageRequest)}


@pytest.mark.parametrize("name", [*WHOLE, *NUMBERS])
@given(value=NO_NUMBERS)
def test_what_is_no_number_in_range_is_refused_on_its_field(name: str, value: object) -> None:
    assert list(_errors(**{name: value})) == [name]


@pytest.mark.parametrize("name", WHOLE)
@given(value=st.one_of(st.floats(), st.none(), st.text(), st.integers(min_value=MAX_SEED + 1)))
def test_a_whole_number_is_whole_and_within_bounds(name: str, value: object) -> None:
    assert list(_errors(**{name: value})) == [name]


@pytest.mark.parametrize("name", ["width", "height"])
@given(value=st.integers(256, 2048).filter(lambda side: side % 8))
def test_a_side_is_a_multiple_of_eight(name: str, value: int) -> None:
    assert _errors(**{name: value}) == {name: ["Must be a multiple of 8."]}


@pytest.mark.parametrize("name", TEXTS)
@given(before=st.text(CHARACTERS, max_size=20), wrong=NO_CHARACTERS)
def test_a_character_that_is_not_text_is_refused(name: str, before: str, wrong: str) -> None:
    assert _errors(**{name: before + wrong}) == {name: ["Contains a character that is not text."]}


@pytest.mark.parametrize("name", TEXTS)
@given(value=st.one_of(st.integers(), st.booleans(), st.binary(), st.floats(), st.lists(st.text())))
def test_what_is_not_text_is_refused(name: str, value: object) -> None:
    assert _errors(**{name: value}) == {name: ["Must be text."]}


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("prompt", MAX_PROMPT),
        ("negative_prompt", MAX_PROMPT),
        ("model", MAX_NAME),
        ("sampler", MAX_NAME),
        ("style", MAX_NAME),
        ("initial_image", MAX_REFERENCE),
        ("mask", MAX_REFERENCE),
    ],
)
def test_a_text_may_be_so_long_and_no_longer(name: str, most: int) -> None:
    fitting: dict[str, Any] = {name: "x" * most}
    assert getattr(replace(ImageRequest(prompt="a"), **fitting), name) == "x" * most
    message = f"At most {most} characters; this has {most + 1}."
    assert _errors(**{name: "x" * (most + 1)}) == {name: [message]}


@pytest.mark.parametrize("prompt", ["", " ", "\n\t", "\u3000"])
def test_an_empty_prompt_is_refused(prompt: str) -> None:
    assert _errors(prompt=prompt) == {"prompt": ["Describe the picture you want."]}


@pytest.mark.parametrize("name", ["sampler", "model", "style", "initial_image", "mask"])
def test_an_empty_choice_is_refused(name: str) -> None:
    assert _errors(**{name: ""}) == {name: ["Choose one."]}


@pytest.mark.parametrize("name", ["safety", "output_format", "prompt_weighting"])
@given(value=st.one_of(st.text(), st.integers(), st.none(), st.lists(st.integers())))
def test_a_word_that_is_no_choice_is_refused(name: str, value: object) -> None:
    assert list(_errors(**{name: value})) == [name]


@given(st.text().filter(lambda text: not text.isascii()) | st.integers() | st.just("e"))
def test_a_language_is_a_code(value: object) -> None:
    assert list(_errors(prompt_language=value)) == ["prompt_language"]


@given(NO_NUMBERS.filter(lambda weight: weight != -1))
def test_a_lora_has_a_finite_weight(weight: Any) -> None:
    assert list(_errors(loras=(Lora(model="a", weight=weight),))) == ["loras"]


@pytest.mark.parametrize("model", ["", "\0", "\ud800", None, 7, "x" * (MAX_NAME + 1)])
def test_a_lora_names_its_model(model: Any) -> None:
    assert list(_errors(loras=(Lora(model=model),))) == ["loras"]


@pytest.mark.parametrize("name", ["weight", "start", "end"])
@given(value=NO_NUMBERS)
def test_a_control_has_numbers_in_range(name: str, value: Any) -> None:
    control = Control(preprocessor="canny", guide="guide")
    assert list(_errors(controls=(replace(control, **{name: value}),))) == ["controls"]


@pytest.mark.parametrize(
    "wrong",
    [{"preprocessor": ""}, {"guide": ""}, {"guide": None}, {"guide": "\0"}, {"mode": "prompt"}],
)
def test_a_control_names_its_guide_preprocessor_and_mode(wrong: dict[str, Any]) -> None:
    control = Control(**{"preprocessor": "canny", "guide": "guide", **wrong})
    assert list(_errors(controls=(control,))) == ["controls"]


def test_a_control_cannot_end_before_it_starts() -> None:
    control = Control(preprocessor="canny", guide="guide", start=0.6, end=0.5)
    expected = {"controls": ["A control cannot end before it starts."]}
    assert _errors(controls=(control,)) == expected


@pytest.mark.parametrize("name", ["loras", "controls"])
@pytest.mark.parametrize("value", [None, 5, "canny", ({},), (None,), [{}]])
def test_a_list_of_something_else_is_refused(name: str, value: object) -> None:
    assert _errors(**{name: value}) == {name: [f"Must be a list of {name}."]}


def test_more_adapters_than_fit_are_refused() -> None:
    control = Control(preprocessor="canny", guide="guide")
    errors = _errors(loras=(Lora(model="a"),) * 9, controls=(control,) * 5)
    assert errors == {"loras": ["At most 8."], "controls": ["At most 4."]}


def test_all_that_is_wrong_is_said_at_once() -> None:
    errors = _errors(prompt="", width=100, steps=0, guidance_scale=math.nan, loras=None)
    assert list(errors) == ["prompt", "width", "steps", "guidance_scale", "loras"]


@given(REQUESTS, st.integers(0, 15))
def test_a_picture_of_a_request_is_the_request_with_its_own_seed(
    request: ImageRequest, position: int
) -> None:
    picture = request.for_position(position)
    assert (picture.seed, picture.count) == (picture_seed(request.seed, position), 1)
    assert replace(picture, seed=request.seed, count=request.count) == request


def test_the_seed_after_the_last_is_zero() -> None:
    request = ImageRequest(prompt="a", seed=MAX_SEED, count=2)
    assert [request.for_position(k).seed for k in range(3)] == [MAX_SEED, 0, 1]


@given(st.integers())
def test_seeds_of_any_width_fold_into_range_and_neighbours_differ(seed: int) -> None:
    assert 0 <= narrow_seed(seed) <= MAX_SEED
    assert narrow_seed(seed) != narrow_seed(seed + 1)


@given(st.integers(0, MAX_SEED))
def test_a_seed_that_fits_is_kept(seed: int) -> None:
    assert narrow_seed(seed) == seed


@given(st.integers(min_value=0), st.integers(0, 15))
def test_a_wide_seed_counts_up_as_the_client_counts(seed: int, position: int) -> None:
    assert picture_seed(narrow_seed(seed), position) == narrow_seed(seed + position)
