"""Each wrong field has its own message, and nothing is charged."""

from __future__ import annotations

from typing import Any

import pytest

from generator.models import Generation
from tests.generator.api.programs import TASKS, Program, body

WRONG: list[tuple[str, Any, str]] = [
    ("prompt", None, "This field is required."),
    ("prompt", "", "Must be between 1 and 500 characters."),
    ("prompt", "   ", "Describe the picture you want."),
    ("prompt", "x" * 501, "Must be between 1 and 500 characters."),
    ("prompt", 5, "Must be text."),
    ("prompt", "a\x00b", "Contains a character that is not text."),
    ("prompt", "a\ud800b", "Contains a character that is not text."),
    ("ratio", None, "This field is required."),
    ("ratio", 16, "Must be one of: 1:1 square"),
    ("ratio", "16:9", "Must be one of: 1:1 square"),
    ("negativePrompt", "x" * 501, "Must be between 0 and 500 characters."),
    ("negativePrompt", ["fog"], "Must be text."),
    ("seed", "42", "Must be a whole number."),
    ("seed", 1.5, "Must be a whole number."),
    ("seed", True, "Must be a whole number."),
    ("seed", 10**31, "Must be between"),
    ("count", -1, "Must be between 1 and 16."),
    ("count", 0, "Must be between 1 and 16."),
    ("count", 10**9, "Must be between 1 and 16."),
    ("count", float("nan"), "Must be a whole number."),
    ("count", True, "Must be a whole number."),
    ("count", "2", "Must be a whole number."),
    ("steps", 151, "Must be between 1 and 150."),
    ("guidanceScale", 36, "Must be between 0 and 35."),
    ("guidanceScale", float("inf"), "Must be between 0 and 35."),
    ("guidanceScale", "7", "Must be a number."),
    ("clipSkip", 13, "Must be between 0 and 12."),
    ("style", "baroque", "Must be one of: none"),
    ("sampler", "../../etc/passwd", "Must be one of: "),
    ("model", "../../etc/passwd", "There is no model"),
    ("outputFormat", "svg", "Must be one of: png, webp, jpeg."),
    ("width", 512, "Needed together with width."),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_a_wrong_field_is_named(alices: Program, name: str, value: Any, message: str) -> None:
    changes = {"ratio": None} if name == "width" else {}
    answer = alices.submit(**changes, **{name: value})
    blamed = "height" if name == "width" else name
    assert answer.status_code == 422
    assert answer.json()["errors"][blamed][0].startswith(message)


def test_every_wrong_field_is_named_at_once(alices: Program) -> None:
    answer = alices.submit(prompt="a\x00b", ratio="5:7", count=-1, steps="x", model="none")
    assert set(answer.json()["errors"]) == {"prompt", "ratio", "count", "steps"}


def test_nothing_is_charged_or_kept_for_a_refused_request(alices: Program) -> None:
    before = alices.balance()
    alices.submit(count=10**9)
    assert (alices.balance(), Generation.objects.count()) == (before, 0)


@pytest.mark.parametrize("side", [255, 513, 2056, "512", 512.0])
def test_a_wrong_side_is_named(alices: Program, side: Any) -> None:
    answer = alices.submit(ratio=None, width=side, height=512)
    assert list(answer.json()["errors"]) == ["width"]


def test_width_and_height_replace_the_ratio(alices: Program) -> None:
    task = alices.submit(ratio=None, width=512, height=640).json()
    assert (task["input"]["width"], task["input"]["height"]) == ("512", "640")


def test_ratio_and_width_together_are_refused(alices: Program) -> None:
    answer = alices.submit(width=512, height=512)
    assert "not both" in answer.json()["errors"]["ratio"][0]


def test_our_own_fields_reach_the_request(alices: Program) -> None:
    sent = {"style": "anime", "sampler": "euler-a", "steps": 12, "guidanceScale": 3.5,
            "clipSkip": 2, "outputFormat": "webp", "count": 2}  # fmt: skip
    task = alices.submit(**sent).json()
    assert task["input"].items() >= {name: str(value) for name, value in sent.items()}.items()


def test_an_unoffered_model_is_answered_with_those_that_are(alices: Program) -> None:
    answer = alices.post(TASKS, body(model="midjourney-6"))
    assert "blank" in answer.json()["errors"]["model"][0]
