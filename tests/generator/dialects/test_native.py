"""The native dialect by itself: payload in, request out; result in, task out."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.catalog import RATIOS
from generator.contract import ImageRequest, InvalidRequest
from generator.dialects import Defaults, Dialect, Picture, Problem, Result, native

DEFAULTS = Defaults(model="sketch", seed=7)
#: The document's own example, as it stands there.
EXAMPLE = {"prompt": "string", "ratio": "1:1 square 1024x1024", "seed": 42}
NAMES = {field.name for field in (*native.FIELDS, *native.TERMS)}
MOMENT = dt.datetime(2019, 8, 24, 14, 15, 22, tzinfo=dt.UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def result(**changes: Any) -> Result:
    """A task that waits as the second in the queue."""
    usual: dict[str, Any] = {
        "id": "1", "status": "queued", "request": native.read(EXAMPLE, DEFAULTS),
        "owner_id": 3, "cost": 4, "refunded": 0, "count": 1, "step": 0, "steps": 20, "place": 2,
        "error_code": "", "error": "", "created_at": MOMENT, "finished_at": None,
        "wallet_id": 5,
    }  # fmt: skip
    return Result(**{**usual, **changes})


def picture(position: int) -> Picture:
    return Picture(position=position, url=f"u{position}", asset={"id": f"a{position}"})


def test_it_is_a_dialect() -> None:
    dialect: Dialect = native
    assert dialect.name == "native"


def test_the_documents_example_is_read() -> None:
    expected = ImageRequest(prompt="string", width=1024, height=1024, seed=42, model="sketch")
    assert native.read(EXAMPLE, DEFAULTS) == expected


@pytest.mark.parametrize("ratio", RATIOS)
def test_a_ratio_is_a_size(ratio: Any) -> None:
    request = native.read({"prompt": "x", "ratio": ratio.goneural}, DEFAULTS)
    assert (request.width, request.height) == (ratio.width, ratio.height)


def test_what_is_left_out_is_decided_here() -> None:
    request = native.read({"prompt": "x", "ratio": RATIOS[0].goneural}, DEFAULTS)
    assert (request.model, request.seed) == ("sketch", 7)


def test_seeds_that_differ_by_one_stay_different() -> None:
    seeds = {native.read({**EXAMPLE, "seed": 10**20 + n}, DEFAULTS).seed for n in range(5)}
    assert len(seeds) == 5


@pytest.mark.parametrize(("seed", "kept"), [(42, {}), (None, {}), (-1, {"seed": -1})])
def test_a_seed_is_kept_when_the_request_cannot_hold_it(seed: int | None, kept: Any) -> None:
    assert native.keep({"seed": seed}) == kept


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), ANYTHING))
def test_any_payload_is_read_or_refused_by_field(payload: dict[str, Any]) -> None:
    blamed: set[str] = set()
    try:
        native.read(payload, DEFAULTS)
    except InvalidRequest as refusal:
        blamed = set(refusal.errors)
    assert {name.partition(".")[0] for name in blamed} <= NAMES


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("queued", "queued"), ("running", "in_progress"), ("succeeded", "succeeded"),
     ("failed", "failed"), ("cancelled", "failed")],
)  # fmt: skip
def test_the_documented_statuses_are_used(ours: str, theirs: str) -> None:
    assert native.write(result(status=ours))["status"] == theirs


def test_a_task_can_be_sent_as_json() -> None:
    task = native.write(result(pictures=(picture(0), picture(2)), finished_at=MOMENT))
    assert json.loads(json.dumps(task)) == task


def test_pictures_keep_their_place_when_one_is_missing() -> None:
    task = native.write(result(pictures=(picture(0), picture(2))))
    assert task["output"] == {"image": "u0", "image3": "u2"}


def test_moments_are_in_utc() -> None:
    assert native.write(result())["createdAt"] == "2019-08-24T14:15:22.000Z"


def test_what_was_given_back_is_not_used() -> None:
    task = native.write(result(status="succeeded", cost=4, refunded=1))
    assert (task["creditUsed"], task["refunded"]) == (3, True)


@pytest.mark.parametrize(
    ("status", "permissions"),
    [("queued", ["view", "cancel"]), ("running", ["view", "cancel"]), ("succeeded", ["view"]),
     ("failed", ["view", "retry"]), ("cancelled", ["view", "retry"])],
)  # fmt: skip
def test_permissions_say_what_can_be_done_next(status: str, permissions: list[str]) -> None:
    assert native.write(result(status=status))["permissions"] == permissions


def test_wrong_fields_are_refused_under_the_wires_names() -> None:
    problem = Problem(status=422, code="", message="m", errors={"negative_prompt": ["too long"]})
    assert native.refuse(problem) == (
        422,
        {"message": "m", "errors": {"negativePrompt": ["too long"]}},
    )


def test_a_lack_of_credits_says_how_much() -> None:
    problem = Problem(status=402, code="poor", message="m", cost=4, balance=1)
    body = {"message": "m", "code": "poor", "cost": 4, "balance": 1}
    assert native.refuse(problem) == (402, body)


def test_every_field_describes_itself() -> None:
    for name, schema in native.SCHEMA["properties"].items():
        assert schema["type"], name
        assert schema["description"], name
