"""Every documented limit is recorded, holds at both ends, and fits the request."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.catalog import limits, sizes
from generator.catalog.limits import Length, Number, Whole
from generator.contract import Control, ImageRequest, InvalidRequest, Lora, narrow_seed
from tests.documents import Row, table

LIMITS = {row["constant"]: row for row in table("limits")}
SIDES = range(320, 1536 + 1, 64)


def _limit(constant: str) -> Length | Whole | Number:
    limit = getattr(limits, constant)
    assert isinstance(limit, Length | Whole | Number)
    return limit


def _request(field: str, value: Any) -> ImageRequest:
    fields: dict[str, Any] = {"prompt": "A lighthouse on a cliff"}
    if field == "lora":
        fields["loras"] = (Lora(model="civitai:132942@146296", weight=value),)
    elif field == "control":
        fields["controls"] = (Control(preprocessor="canny", guide="guide", weight=value),)
    elif field == "control_end":
        fields["controls"] = (Control(preprocessor="canny", guide="guide", end=value),)
    else:
        fields[field] = narrow_seed(value) if field == "seed" else value
    return ImageRequest(**fields)


def _ends(limit: Length | Whole | Number) -> list[Any]:
    ends: list[Any] = [limit.low, limit.high]
    return ["x" * end for end in ends] if isinstance(limit, Length) else ends


def _beyond(limit: Length | Whole | Number) -> list[Any]:
    if isinstance(limit, Length):
        return ["x" * (limit.high + 1), *([""] if limit.low else []), None, 5, b"x"]
    if isinstance(limit, Whole):
        near = [limit.low - limit.step, limit.high + limit.step, limit.low + 0.5]
        return [*near, True, None, "1", math.nan, [], *([limit.low + 1] if limit.step > 1 else [])]
    return [limit.low - 0.01, limit.high + 0.01, math.nan, math.inf, 10**400, True, None, "1"]


@pytest.mark.parametrize("row", LIMITS.values(), ids=LIMITS)
def test_a_constant_states_what_the_document_states(row: Row) -> None:
    limit = _limit(row["constant"])
    stated = {column: row[column] for column in ("low", "high", "step", "default") if row[column]}
    assert {column: float(getattr(limit, column)) for column in stated} == {
        column: float(value) for column, value in stated.items()
    }


@pytest.mark.parametrize("constant", LIMITS)
def test_both_ends_are_accepted_and_make_a_valid_request(constant: str) -> None:
    for value in _ends(_limit(constant)):
        checked = _limit(constant).check(value, field="field")
        assert checked == value
        assert _request(LIMITS[constant]["field"], checked)


@pytest.mark.parametrize("constant", LIMITS)
def test_what_lies_beyond_is_refused_by_the_name_of_its_field(constant: str) -> None:
    for value in _beyond(_limit(constant)):
        with pytest.raises(InvalidRequest) as refusal:
            _limit(constant).check(value, field="its field")
        assert list(refusal.value.errors) == ["its field"]


@pytest.mark.parametrize("width", SIDES)
def test_every_side_aithriving_allows_makes_a_valid_request(width: int) -> None:
    for height in SIDES:
        size = sizes.for_aithriving(width, height)
        request = ImageRequest(prompt="a", width=size.width, height=size.height)
        assert (request.width, request.height) == (width, height)


@given(st.integers().filter(lambda side: side not in SIDES), st.sampled_from(SIDES))
def test_every_other_side_is_refused_for_aithriving(wrong: int, right: int) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        sizes.for_aithriving(wrong, right)
    assert list(refusal.value.errors) == ["width"]


def test_both_wrong_sides_are_named_at_once() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        sizes.for_modelslab("2000", None)
    assert refusal.value.errors == {
        "width": ["Must be between 256 and 1024 and a multiple of 8."],
        "height": ["Must be a whole number."],
    }


@pytest.mark.parametrize("side", ["512", 512])
def test_modelslab_sizes_come_as_text_or_number(side: object) -> None:
    assert sizes.for_modelslab(side, side) == sizes.Size(512, 512)


@pytest.mark.parametrize(
    "text", ["", "-5", "5.0", " 5", "\u0665", "\u00b2", "9" * 31, None, 5.5, [5]]
)
def test_only_plain_digits_are_read_as_a_number(text: object) -> None:
    assert limits.unquoted(text) is text


@given(st.integers(1, limits.PICFINDER_SEED.high - 1))
def test_the_next_wide_seed_is_the_next_narrow_one(seed: int) -> None:
    assert narrow_seed(seed + 1) == (narrow_seed(seed) + 1) % 2**64
