"""OpenAI's programs: what each documented value means, and how they are refused."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from PIL import Image

from gallery import files
from generator.catalog import qualities, sizes
from generator.contract import ImageRequest, InvalidRequest
from generator.dialects import Defaults, Problem, openai_images
from generator.models import EngineModel
from tests.documents import table
from tests.generator.api.foreign.services import SERVICES
from tests.generator.api.programs import Program

[SERVICE] = [each for each in SERVICES if each.dialect is openai_images]
#: OpenAI's own examples of a request, as they stand there.
EXAMPLES = [
    {"model": "gpt-image-1", "prompt": "A cute baby sea otter", "n": 1, "size": "1024x1024"},
    {"model": "dall-e-3", "prompt": "A cute baby sea otter", "n": 1, "size": "1024x1024"},
]
DEFAULTS = Defaults(model="sketch", seed=7)
MODELS = [row["name"] for row in table("named_models") if row["service"] == "openai"]


def read(**fields: Any) -> ImageRequest:
    return openai_images.read({"prompt": "x", **fields}, DEFAULTS)


def ask(program: Program, **fields: Any) -> Any:
    key = program.headers["Authorization"].removeprefix("Bearer ")
    return SERVICE.send(key, {**SERVICE.body, **fields})


def opened(entry: dict[str, str]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(entry["b64_json"], validate=True)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["model"])
def test_the_documents_examples_are_read(example: dict[str, Any]) -> None:
    assert openai_images.read(example, DEFAULTS) == ImageRequest(
        prompt="A cute baby sea otter", seed=7, model=example["model"]
    )


@pytest.mark.parametrize("size", sizes.OPENAI)
def test_every_documented_size_is_read(size: str) -> None:
    request = read(size=size)
    assert f"{request.width}x{request.height}" == size


@pytest.mark.parametrize("size", ["auto", None, ""])
def test_without_a_size_it_is_square(size: str | None) -> None:
    assert (read(size=size).width, read(size=size).height) == (1024, 1024)


@pytest.mark.parametrize("quality", qualities.OPENAI)
def test_every_documented_quality_is_so_many_steps(quality: str) -> None:
    assert read(quality=quality).steps == qualities.OPENAI[quality].steps


@pytest.mark.parametrize(("style", "ours"), [("vivid", "cinematic"), ("natural", "none")])
def test_every_documented_style_is_read(style: str, ours: str) -> None:
    assert read(style=style).style == ours


@pytest.mark.parametrize("n", [1, 10])
def test_as_many_pictures_as_documented(n: int) -> None:
    assert read(n=n).count == n


@pytest.mark.parametrize("quality", [None, "auto"])
def test_without_a_quality_the_model_knows_best(quality: str | None) -> None:
    assert "steps" in openai_images.omitted({"prompt": "x", "quality": quality})
    assert "steps" not in openai_images.omitted({"prompt": "x", "quality": "hd"})


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("model", [None, *MODELS, "gpt-image-99", "nobody/knows:this", "blank"])
def test_any_model_is_served(alices: Program, model: str | None) -> None:
    answer = ask(alices, model=model)
    assert answer.status_code == 200
    shown = answer.json()["data"][0]
    assert ("b64_json" in shown) == str(model).startswith("gpt-image")


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
def test_base64_holds_the_file_and_no_link(alices: Program, format: str) -> None:
    answer = ask(alices, response_format="b64_json", output_format=format, n=2).json()
    assert [opened(entry).format for entry in answer["data"]] == [format.upper()] * 2
    assert all("url" not in entry for entry in answer["data"])
    assert (answer["output_format"], answer["size"]) == (format, "512x512")


@pytest.mark.usefixtures("worker")
def test_a_link_opens_whoever_asks(alices: Program) -> None:
    answer = ask(alices).json()
    url = answer["data"][0]["url"]
    picture = alices.client.get(url[url.index("/files/") :])
    assert picture.headers["Content-Type"] == "image/png"
    assert isinstance(answer["created"], int)


@pytest.mark.parametrize(
    ("wrong", "param"),
    [({"size": "huge"}, "size"), ({"size": "100x100"}, "size"), ({"size": "9999x9999"}, "size"),
     ({"size": 512}, "size"), ({"n": 0}, "n"), ({"n": 11}, "n"), ({"n": "1"}, "n"),
     ({"quality": "best"}, "quality"), ({"style": "anime"}, "style"),
     ({"response_format": "svg"}, "response_format"), ({"output_format": "gif"}, "output_format"),
     ({"stream": "yes"}, "stream"), ({"partial_images": 4}, "partial_images"),
     ({"background": "red"}, "background"), ({"output_compression": 101}, "output_compression")],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_named_in_param(
    alices: Program, wrong: dict[str, Any], param: str
) -> None:
    answer = ask(alices, **wrong)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, param)
    assert error["type"] == "invalid_request_error"
    assert error["message"].startswith(f"{param}: ")


def test_a_size_that_is_no_number_of_pixels_is_refused_by_the_reader() -> None:
    with pytest.raises(InvalidRequest, match="size"):
        read(size="１０２４x1024")


@pytest.mark.parametrize(
    ("problem", "status", "type", "code"),
    [
        ((401, "unauthenticated", False), 401, "invalid_request_error", "invalid_api_key"),
        ((402, "limit_reached", False), 400, "invalid_request_error", "billing_hard_limit_reached"),
        ((429, "too_often", False), 429, "rate_limit_error", "too_often"),
        ((503, "queue_full", False), 503, "server_error", "queue_full"),
        ((500, "engine_error", True), 500, "server_error", "engine_error"),
        ((422, "refused", True), 400, "image_generation_user_error", "refused"),
    ],
)
def test_refusals_have_the_status_type_and_code_that_clients_know(
    problem: tuple[int, str, bool], status: int, type: str, code: str
) -> None:
    theirs = Problem(status=problem[0], code=problem[1], message="No.", failed=problem[2])
    error = {"message": "No.", "type": type, "param": None, "code": code}
    assert openai_images.refuse(theirs) == (status, {"error": error})


@pytest.mark.usefixtures("worker")
def test_a_stream_ends_with_the_pictures(alices: Program) -> None:
    answer = ask(alices, stream=True, n=2)
    events = b"".join(answer).decode().strip().split("\n\n")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert [event.split("\n")[0] for event in events] == ["event: image_generation.completed"] * 2


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("format", ["url", "b64_json"])
def test_a_stream_reads_each_file_once(
    alices: Program, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    opened: list[str] = []
    open_file = files.open_file
    monkeypatch.setattr(files, "open_file", lambda key: opened.append(key) or open_file(key))
    b"".join(ask(alices, stream=True, n=2, response_format=format))
    assert len(opened) == 2


@pytest.mark.usefixtures("worker")
def test_a_stream_that_fails_ends_with_an_error(alices: Program, blank: EngineModel) -> None:
    blank.engine = "scripted"
    blank.save()
    answer = ask(alices, stream=True, prompt="refuse")
    event = json.loads(b"".join(answer).decode().split("data: ")[1])
    assert (event["type"], event["error"]["message"]) == ("error", "This prompt is refused.")
    assert alices.balance() == 200
