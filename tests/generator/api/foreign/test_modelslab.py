"""ModelsLab's programs: what each documented value means, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.catalog.limits import MODELSLAB_SIDE
from generator.contract import ImageRequest, InvalidRequest, Safety
from generator.dialects import Defaults, Problem, modelslab
from tests.documents import table
from tests.generator.api.foreign.services import SERVICES
from tests.generator.api.programs import Program

[SERVICE] = [each for each in SERVICES if each.dialect is modelslab]
#: The document's own example, as it stands there.
EXAMPLE = """{
"key" : "",
"prompt": "ultra realistic close up portrait ((beautiful pale cyberpunk female with heavy black eyeliner))",
"negative_prompt": "bad quality",
"width": "512",
"height": "512",
"safety_checker": false,
"seed": null,
"samples":1,
"base64":false,
"webhook": null,
"track_id": null
}"""  # noqa: E501
#: The keys of `meta` in the document's answer.
META = {
    *("base64", "clip_skip", "file_prefix", "guidance_scale", "height", "instant_response"),
    *("model_id", "n_samples", "negative_prompt", "num_inference_steps", "opacity"),
    *("output_type", "padding_down", "padding_right", "prompt", "rescale", "scale_down", "seed"),
    *("temp", "watermark", "width"),
}
DEFAULTS = Defaults(model="sketch", seed=7)
LIMITS = {row["constant"]: row for row in table("limits")}
TRUE, FALSE = (True, "true", "yes", "Yes"), (False, "false", "no", None, "")


def read(**fields: Any) -> ImageRequest:
    return modelslab.read({"prompt": "x", **fields}, DEFAULTS)


def key_of(program: Program) -> str:
    return program.headers["Authorization"].removeprefix("Bearer ")


def ask(program: Program, **fields: Any) -> Any:
    body = {"key": key_of(program), **SERVICE.body, **fields}
    return SERVICE.send("", body)


@pytest.mark.usefixtures("worker")
def test_the_documents_example_gets_the_documented_answer(alices: Program) -> None:
    answer = ask(alices, **{**json.loads(EXAMPLE), "key": key_of(alices)}).json()
    assert set(answer) == {"status", "id", "generationTime", "output", "meta"}
    assert (answer["status"], set(answer["meta"])) == ("success", META)
    assert answer["meta"]["negative_prompt"] == "bad quality"
    assert (answer["meta"]["base64"], answer["meta"]["width"]) == ("no", 512)
    assert isinstance(answer["generationTime"], float)
    [url] = answer["output"]
    assert alices.client.get(url[url.index("/files/") :]).headers["Content-Type"] == "image/png"


def test_the_documents_example_is_read() -> None:
    request = modelslab.read(json.loads(EXAMPLE), DEFAULTS)
    assert (request.width, request.height, request.count, request.seed) == (512, 512, 1, 7)
    assert (request.model, request.safety) == ("flux", Safety.CHECK)


@pytest.mark.parametrize("side", range(256, 1025, 8))
def test_every_side_is_read_as_a_number_or_text(side: int) -> None:
    assert (read(width=side).width, read(height=str(side)).height) == (side, side)


@pytest.mark.parametrize("samples", [1, 2, 3, 4])
def test_up_to_four_samples_are_as_many_pictures(samples: int) -> None:
    assert read(samples=samples).count == read(samples=str(samples)).count == samples


@pytest.mark.parametrize(
    ("said", "safety"), [*((each, Safety.BLANK) for each in TRUE),
                         *((each, Safety.CHECK) for each in FALSE)],
)  # fmt: skip
def test_the_safety_checker_blanks_what_it_finds(said: object, safety: Safety) -> None:
    assert read(safety_checker=said).safety is safety


@pytest.mark.parametrize("name", ["base64", "instant_response"])
@pytest.mark.parametrize("said", TRUE)
def test_truth_is_told_in_many_words(name: str, said: object) -> None:
    assert modelslab.keep({"prompt": "x", name: said}) == {name: True}


@pytest.mark.parametrize("said", [{}, {"seed": None}, {"seed": ""}])
def test_no_seed_is_random_and_zero_is_a_seed(said: dict[str, Any]) -> None:
    assert (read(**said).seed, read(seed=0).seed, read(seed="42").seed) == (7, 0, 42)


@pytest.mark.usefixtures("worker")
def test_a_seed_wider_than_ours_is_echoed(alices: Program) -> None:
    assert ask(alices, seed=10**20).json()["meta"]["seed"] == 10**20


def test_what_is_left_out_has_the_documented_defaults() -> None:
    request = read()
    steps, scale = LIMITS["MODELSLAB_STEPS"], LIMITS["MODELSLAB_GUIDANCE"]
    assert (request.width, request.height) == (MODELSLAB_SIDE.default, MODELSLAB_SIDE.default)
    assert request.steps == int(steps["default"])
    assert request.guidance_scale == float(scale["default"])
    assert modelslab.omitted({"prompt": "x"}) == {"sampler", "steps", "guidance_scale"}


def test_steps_and_guidance_are_read_from_text_too() -> None:
    request = read(num_inference_steps="21", guidance_scale="7.5")
    assert (request.steps, request.guidance_scale) == (21, 7.5)
    assert modelslab.omitted({"num_inference_steps": "21", "guidance_scale": 1}) == {"sampler"}


@pytest.mark.parametrize(
    "wrong",
    [{"width": 248}, {"width": 1032}, {"width": "513"}, {"height": "wide"}, {"height": 512.5},
     {"samples": 0}, {"samples": 5}, {"samples": "5"}, {"samples": True}, {"samples": []},
     {"seed": -1}, {"seed": 1.5}, {"seed": "x"}, {"seed": {}}, {"safety_checker": "maybe"},
     {"safety_checker": 2}, {"base64": "y"}, {"instant_response": []}, {"negative_prompt": 5},
     {"negative_prompt": "x" * 5000}, {"num_inference_steps": 0}, {"guidance_scale": "nan"},
     {"guidance_scale": float("nan")}, {"guidance_scale": 36}, {"model_id": 3}, {"track_id": []},
     {"track_id": True}, {"track_id": "x" * 201}, {"webhook": 7}, {"webhook": "ftp://example.org/"},
     {"webhook": "https://example.org/" + "x" * 500}],
    ids=str,
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_wrong_is_named_by_field_with_http_200(
    alices: Program, wrong: dict[str, Any]
) -> None:
    answer = ask(alices, **wrong)
    assert (answer.status_code, answer.json()["status"]) == (200, "error")
    assert set(answer.json()["message"]) == set(wrong)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidRequest) as refused:
        modelslab.read({"samples": 9, "webhook": "nowhere"}, DEFAULTS)
    assert set(refused.value.errors) == {"prompt", "samples", "webhook"}


@pytest.mark.parametrize("track", ["order 7", 7, None, ""])
def test_a_track_id_alone_changes_nothing(track: object) -> None:
    assert read(track_id=track) == read()


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("root", modelslab.ROOTS)
def test_its_siblings_answer_alike(alices: Program, root: str) -> None:
    answer = alices.post(f"{root}/text2img", {**SERVICE.body, "key": key_of(alices)})
    assert (answer.json()["status"], len(answer.json()["output"])) == ("success", 1)


@pytest.mark.parametrize(
    ("problem", "status", "message"),
    [((401, "unauthenticated"), 200, "Invalid API key"), ((402, "limit"), 200, "No."),
     ((400, "bad_request"), 400, "Invalid API Request"), ((413, "too_large"), 413, "No."),
     ((429, "too_often"), 429, "Rate limit exceeded"), ((503, "queue_full"), 503, "No.")],
)  # fmt: skip
def test_refusals_are_errors_in_its_words(
    problem: tuple[int, str], status: int, message: str
) -> None:
    theirs = Problem(status=problem[0], code=problem[1], message="No.")
    found, body = modelslab.refuse(theirs)
    assert (found, body["status"], body["message"]) == (status, "error", message)


def test_a_task_that_failed_is_told_as_such() -> None:
    failed = Problem(status=500, code="engine_error", message="It broke.", failed=True)
    body = {"status": "failed", "id": "", "message": "It broke.", "output": ""}
    assert modelslab.refuse(failed) == (200, body)
