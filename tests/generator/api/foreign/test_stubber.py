"""Stubber's task `generate_image`: what each documented value means, and its result."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from generator.contract import ImageRequest, InvalidRequest
from generator.dialects import Defaults, Problem, stubber
from tests.documents import table
from tests.generator.api.foreign.services import SERVICES
from tests.generator.api.programs import Program

[SERVICE] = [each for each in SERVICES if each.dialect is stubber]
PROMPT = "A white cat sitting on a red sports car."
#: The document's own example, as it stands there.
EXAMPLE = {
    "tasktype": "generate_image",
    "taskapigatewayuuid": "e366a208-63a2-48ea-af74-e3e0abf703b4",
    "params": {"prompt": "A white cat sitting on a red sports car."},
}
DEFAULTS = Defaults(model="sketch", seed=7)


def task(**params: Any) -> dict[str, Any]:
    return {**EXAMPLE, "params": {"prompt": PROMPT, **params}}


def read(**params: Any) -> ImageRequest:
    return stubber.read(task(**params), DEFAULTS)


def ask(program: Program, body: object) -> Any:
    return SERVICE.send(program.headers["Authorization"].removeprefix("Bearer "), body)


@pytest.mark.usefixtures("worker")
def test_the_result_of_the_documents_example_is_the_documented_one(alices: Program) -> None:
    result = ask(alices, EXAMPLE).json()
    [entry] = result["payload"]["response"]["data"]
    assert result["success"] is True
    assert result["payload"]["request"] == {
        "prompt": PROMPT,
        "size": "1024x1024",
        "model": "dall-e-3",
        "quality": "standard",
        "n": 1,
    }
    assert set(entry) == {"revised_prompt", "url", "image"}
    assert set(entry["image"]) == {
        *("filename", "originalname", "fileuuid", "contentType", "revised_prompt"),
    }
    assert uuid.UUID(entry["image"]["fileuuid"]).version == 5
    assert entry["image"]["contentType"] == "image/png"


@pytest.mark.usefixtures("worker")
def test_the_link_opens_without_a_key(alices: Program) -> None:
    url = ask(alices, EXAMPLE).json()["payload"]["response"]["data"][0]["url"]
    assert url.startswith("http://")
    picture = alices.client.get(url[url.index("/files/") :], headers={"Authorization": ""})
    assert picture.headers["Content-Type"] == "image/png"


def test_the_documents_example_is_read() -> None:
    assert stubber.read(EXAMPLE, DEFAULTS) == ImageRequest(prompt=PROMPT, seed=7, model="dall-e-3")


@pytest.mark.parametrize("row", table("stubber_sizes"), ids=lambda row: row["name"])
def test_every_documented_size_is_read(row: dict[str, str]) -> None:
    request = read(size=row["name"])
    assert (request.width, request.height) == (int(row["width"]), int(row["height"]))


@pytest.mark.parametrize("row", table("stubber_qualities"), ids=lambda row: row["name"])
def test_every_documented_quality_is_so_many_steps(row: dict[str, str]) -> None:
    assert read(quality=row["name"]).steps == int(row["steps"])
    assert "steps" not in stubber.omitted(task(quality=row["name"]))


def test_without_a_quality_the_model_knows_best() -> None:
    assert stubber.omitted(EXAMPLE) == {"sampler", "guidance_scale", "steps"}


@pytest.mark.usefixtures("worker")
def test_a_filename_is_carried_and_the_quality_and_model_are_repeated(alices: Program) -> None:
    result = ask(alices, task(filename="cat.png", quality="hd", model="DALL-E 3")).json()["payload"]
    image = result["response"]["data"][0]["image"]
    assert (image["filename"], image["originalname"]) == ("cat.png", "cat.png")
    assert (result["request"]["quality"], result["request"]["model"]) == ("hd", "DALL-E 3")


@pytest.mark.parametrize("said", ["true", "false", "", True, False, None])
def test_whether_the_stub_is_told_changes_nothing(said: object) -> None:
    assert read(disable_model_response=said) == read()


@pytest.mark.parametrize(
    "wrong",
    [{"size": "512x512"}, {"size": "1024"}, {"quality": "HD"}, {"quality": 1}, {"model": 3},
     {"filename": "a\0b"}, {"filename": "x" * 300}, {"disable_model_response": "maybe"},
     {"disable_model_response": 1}, {"disable_model_response": []}, {"prompt": None}],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match=next(iter(wrong))):
        read(**wrong)


@pytest.mark.parametrize(
    "envelope",
    [{"params": {"prompt": "x"}}, {"tasktype": "generate_pdf", "params": {"prompt": "x"}},
     {"tasktype": "generate_image"}, {"tasktype": "generate_image", "params": []}],
)  # fmt: skip
def test_another_envelope_is_refused(alices: Program, envelope: dict[str, Any]) -> None:
    answer = ask(alices, envelope)
    assert (answer.status_code, answer.json()["success"]) == (422, False)


def test_a_model_that_nobody_knows_is_refused_by_name(alices: Program) -> None:
    answer = ask(alices, task(model="dall-e-99"))
    assert "model: " in answer.json()["payload"]["error"]["message"]


def test_a_task_that_failed_is_a_result() -> None:
    failed = Problem(status=500, code="engine_error", message="It broke.", failed=True)
    error = {"code": "engine_error", "message": "It broke."}
    assert stubber.refuse(failed) == (200, {"success": False, "payload": {"error": error}})
