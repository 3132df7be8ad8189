"""AIThriving's programs: what each documented value means, and what is refused."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from generator.contract import ImageRequest, InvalidRequest
from generator.dialects import Defaults, Problem, aithriving
from tests.documents import table
from tests.generator.api.foreign.services import SERVICES
from tests.generator.api.programs import Program

[SERVICE] = [each for each in SERVICES if each.dialect is aithriving]
#: The document's own example, as it stands there.
EXAMPLE = {
    "prompt": "A lighthouse on a cliff",
    "cfg_scale": 7,
    "height": 1024,
    "width": 1024,
    "steps": 20,
}
DEFAULTS = Defaults(model="sketch", seed=7)
SIDES = range(320, 1537, 64)
LIMITS = {row["constant"]: row for row in table("limits")}


def read(**fields: Any) -> ImageRequest:
    return aithriving.read({**EXAMPLE, **fields}, DEFAULTS)


def ask(program: Program, **fields: Any) -> Any:
    key = program.headers["Authorization"].removeprefix("Bearer ")
    return SERVICE.send(key, {**SERVICE.body, **fields})


@pytest.mark.usefixtures("worker")
def test_the_answer_is_the_documented_one_with_a_png_in_base64(alices: Program) -> None:
    answer = ask(alices, seed=1050625087).json()
    picture = Image.open(io.BytesIO(base64.b64decode(answer["data"]["image"], validate=True)))
    assert (picture.format, picture.size) == ("PNG", (320, 320))
    assert answer == {
        "code": 0,
        "message": "success",
        "data": {"image": answer["data"]["image"], "seed": 1050625087},
    }


def test_the_documents_example_is_read() -> None:
    assert aithriving.read(EXAMPLE, DEFAULTS) == ImageRequest(
        prompt="A lighthouse on a cliff", seed=7, steps=20, guidance_scale=7, model="sd-1.6"
    )


@pytest.mark.parametrize("row", table("aithriving_samplers"), ids=lambda row: row["name"])
def test_every_documented_sampler_is_read(row: dict[str, str]) -> None:
    assert read(sampler=row["name"]).sampler == row["sampler"]


@pytest.mark.parametrize("row", table("aithriving_style_presets"), ids=lambda row: row["name"])
def test_every_documented_style_is_read(row: dict[str, str]) -> None:
    assert read(style_preset=row["name"]).style == row["style"]


@pytest.mark.parametrize("row", table("aithriving_clip_guidance_presets"))
def test_every_documented_guidance_preset_is_taken_and_kept(row: dict[str, str]) -> None:
    fields = {**EXAMPLE, "clip_guidance_preset": row["name"]}
    assert aithriving.read(fields, DEFAULTS) == read()
    assert aithriving.keep(fields) == {"clip_guidance_preset": row["name"]}


@pytest.mark.parametrize("side", SIDES)
def test_every_documented_side_is_read(side: int) -> None:
    assert (read(width=side).width, read(height=side).height) == (side, side)


@pytest.mark.parametrize("name", ["steps", "cfg_scale"])
def test_both_ends_of_a_documented_range_are_taken_and_no_more(name: str) -> None:
    limit = LIMITS[{"steps": "AITHRIVING_STEPS", "cfg_scale": "AITHRIVING_GUIDANCE"}[name]]
    low, high = int(limit["low"]), int(limit["high"])
    for value in (low, high):
        assert getattr(read(**{name: value}), limit["field"]) == value
    for value in (low - 1, high + 1):
        with pytest.raises(InvalidRequest, match=name):
            read(**{name: value})


def test_what_is_left_out_has_the_documented_defaults() -> None:
    request = aithriving.read({"prompt": "x", "width": 320, "height": 640}, DEFAULTS)
    assert (request.steps, request.guidance_scale, request.count) == (30, 7, 1)
    assert aithriving.omitted(EXAMPLE) == {"sampler"}


@pytest.mark.parametrize(
    "wrong",
    [{"width": 319}, {"width": 330}, {"height": 1600}, {"width": "512"}, {"height": None},
     {"sampler": "k_euler"}, {"style_preset": "none"}, {"clip_guidance_preset": "FAST"},
     {"seed": -1}, {"seed": "7"}, {"seed": 1.5}, {"steps": 9}, {"steps": True},
     {"cfg_scale": "7"}, {"prompt": 5}],
    ids=str,
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_wrong_is_named_with_code_minus_one_and_http_200(
    alices: Program, wrong: dict[str, Any]
) -> None:
    answer = ask(alices, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (200, -1)
    assert next(iter(wrong)) in answer.json()["message"]
    assert "data" not in answer.json()


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("fields", [{}, {"seed": 0}, {"seed": None}])
def test_no_seed_and_a_seed_of_zero_are_random(alices: Program, fields: dict[str, Any]) -> None:
    seeds = {ask(alices, **fields).json()["data"]["seed"] for _ in range(2)}
    assert len(seeds) == 2


@pytest.mark.usefixtures("worker")
def test_a_seed_wider_than_ours_is_echoed(alices: Program) -> None:
    assert ask(alices, seed=10**20).json()["data"]["seed"] == 10**20


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("header", ["Authorization", "Authentication"])
@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
def test_the_key_is_found_in_both_headers_bare_or_not(
    alices: Program, header: str, prefix: str
) -> None:
    key = alices.headers["Authorization"].removeprefix("Bearer ")
    headers = {"Authorization": "", header: prefix + key}
    assert SERVICE.send("", SERVICE.body, headers=headers).json()["code"] == 0


def test_a_failure_is_http_200_and_a_wrong_key_is_not() -> None:
    failed = Problem(status=500, code="engine_error", message="It broke.", failed=True)
    assert aithriving.refuse(failed) == (200, {"code": -1, "message": "It broke."})
    assert aithriving.refuse(Problem(status=401, code="x", message="No."))[0] == 401
