"""OpenAI's edits: what comes along in a form or in JSON, and what is refused before it costs."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gallery import files
from gallery.models import Asset, Upload
from generator.engines.abilities import Abilities
from generator.models import EngineModel, Generation
from generator.sides import Sides
from tests.factories import keep, make_picture, make_upload, make_user, picture_bytes
from tests.generator.api.programs import Program
from tests.generator.orders import make_model

PATH = "/v1/images/edits"
SQUARE = "256x256"


def file(data: bytes, name: str = "picture.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/png")


def png(width: int = 96, height: int = 64, *, hole: bool = False, mode: str = "RGBA") -> bytes:
    """A picture; with a hole, its left half is transparent."""
    image = Image.new(mode, (width, height), "red")
    if hole:
        image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def send(program: Program, **fields: Any) -> Any:
    """A form as OpenAI's client sends it; what is None is left out."""
    whole = {"prompt": "a hat", "image": file(png()), "model": "blank", "size": SQUARE, **fields}
    return program.client.post(PATH, {k: v for k, v in whole.items() if v is not None})


def send_json(program: Program, **fields: Any) -> Any:
    data = {"prompt": "a hat", "model": "blank", "size": SQUARE, **fields}
    return program.post(PATH, data)


def data_url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def asked() -> Any:
    """The request that was queued."""
    return Generation.objects.get().request


@pytest.mark.usefixtures("worker")
def test_a_form_gets_a_picture_made_from_the_one_it_brought(alices: Program) -> None:
    answer = send(alices, n="2", quality="low", output_format="webp")
    assert answer.status_code == 200
    assert [each["url"][:4] for each in answer.json()["data"]] == ["http", "http"]
    request = asked()
    assert request.initial_image == str(Upload.objects.get().pk)
    assert (request.count, request.steps, request.output_format) == (2, 12, "webp")
    assert Asset.objects.visible_to(alices.user).count() == 2


@pytest.mark.usefixtures("worker")
def test_the_other_name_of_the_file_does_as_well(alices: Program) -> None:
    answer = send(alices, image=None, **{"image[]": file(png())})
    assert answer.status_code == 200


@pytest.mark.usefixtures("worker")
def test_where_the_mask_is_transparent_the_picture_may_change(alices: Program) -> None:
    assert send(alices, mask=file(png(hole=True))).status_code == 200
    with files.open_file(Upload.objects.get(pk=asked().mask).file) as stored:
        mask = Image.open(stored).convert("L")
    assert (mask.getpixel((10, 30)), mask.getpixel((90, 30))) == (255, 0)


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(("fidelity", "strength"), [("high", 0.5), ("low", 0.75), (None, None)])
def test_fidelity_is_how_little_may_change(
    alices: Program, fidelity: str | None, strength: float | None
) -> None:
    assert send(alices, input_fidelity=fidelity).status_code == 200
    assert asked().strength == strength


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("size", [None, "auto", ""])
def test_without_a_size_it_is_shaped_as_the_picture(alices: Program, size: str | None) -> None:
    assert send(alices, size=size, image=file(png(1600, 800))).status_code == 200
    assert (asked().width, asked().height) == (1448, 728)


@pytest.mark.usefixtures("worker")
def test_json_brings_pictures_as_data_urls(alices: Program) -> None:
    images = [{"image_url": data_url(png())}]
    mask = {"image_url": data_url(png(hole=True))}
    answer = send_json(alices, images=images, mask=mask, response_format="b64_json")
    assert answer.status_code == 200
    assert "b64_json" in answer.json()["data"][0]


@pytest.mark.usefixtures("worker")
def test_json_names_pictures_that_are_here_already(alices: Program) -> None:
    upload, asset = make_upload(alices.user), keep(make_picture(alices.user))
    for known in (upload, asset):
        answer = send_json(alices, images=[{"file_id": str(known.pk)}])
        assert answer.status_code == 200


def test_a_picture_of_somebody_else_is_not_there(alices: Program) -> None:
    theirs = make_upload(make_user())
    answer = send_json(alices, images=[{"file_id": str(theirs.pk)}])
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "image")
    assert not Generation.objects.exists()


@pytest.mark.usefixtures("worker")
def test_the_model_that_was_named_tells_how_pictures_are_handed_over(alices: Program) -> None:
    assert "b64_json" in send(alices, model="gpt-image-2").json()["data"][0]


@pytest.mark.usefixtures("worker")
def test_a_model_stands_in_that_works_from_pictures(
    alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model("scripted")
    only_one_can(monkeypatch)
    assert send(alices, model="gpt-image-2").status_code == 200
    assert asked().model == "scripted"


def test_a_model_that_cannot_says_so_before_anything_is_kept_or_paid(
    alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_one_can(monkeypatch)
    answer = send(alices)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error["code"], "nothing was charged" in error["message"]) == ("not_possible", True)
    assert (Upload.objects.count(), Generation.objects.count(), alices.balance()) == (0, 0, 200)


def only_one_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scripted engine works from pictures, and no other."""

    def of(model: EngineModel) -> Abilities:
        return Abilities(initial_image=model.engine == "scripted")

    monkeypatch.setattr("generator.abilities.of", of)


GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\x00" * 20


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"image": None}, "image"),
        ({"image": "text"}, "image"),
        ({"image": [file(png()), file(png())]}, "image"),
        ({"image": file(b"")}, "image"),
        ({"image": file(b"<svg/>")}, "image"),
        ({"image": file(GIF)}, "image"),
        ({"mask": file(png(mode="RGB"))}, "mask"),
        ({"mask": file(png(64, 64, hole=True))}, "mask"),
        ({"mask": file(b"no picture")}, "mask"),
        ({"prompt": None}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"n": "11"}, "n"),
        ({"n": "two"}, "n"),
        ({"size": "huge"}, "size"),
        ({"stream": "perhaps"}, "stream"),
        ({"input_fidelity": "total"}, "input_fidelity"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_form_is_named(
    alices: Program, fields: dict[str, Any], param: str
) -> None:
    for value in fields.values():
        rewind(value)
    answer = send(alices, **fields)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, param), error
    assert not Generation.objects.exists()


def rewind(value: object) -> None:
    """Files of parameters may have been read by another run."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, SimpleUploadedFile):
            each.seek(0)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"images": []},
        {"images": "x"},
        {"images": [1]},
        {"images": [{}]},
        {"images": [{"image_url": "http://127.0.0.1/x.png"}]},
        {"images": [{"image_url": "data:image/png;base64,%%%"}]},
        {"images": [{"image_url": "data:,x"}]},
        {"images": [{"file_id": 5}]},
        {"images": [{"file_id": "nothing"}]},
        {"images": [{"image_url": data_url(png())}], "mask": "x"},
        {"images": [{"image_url": data_url(png())}], "mask": {"image_url": None}},
    ],
    ids=lambda fields: json.dumps(fields)[:40],
)
def test_what_is_wrong_with_the_json_is_refused(alices: Program, fields: dict[str, Any]) -> None:
    answer = send_json(alices, **fields)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")
    assert not Generation.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"x" * 1000, "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=" + "x" * 500),
        (b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
         "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\xfe\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
                  for _ in range(600)) + b"--x--\r\n", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n' + b"a" * 3_000_000
         + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n'
         b"Content-Transfer-Encoding: base64\r\n\r\n%\r\n--x--\r\n",
         "multipart/form-data; boundary=x"),
        (b"prompt=x&image=y", "application/x-www-form-urlencoded"),
        (b"[" * 10_000, "application/json"),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_a_hostile_body_is_refused_in_openais_words(
    alices: Program, body: bytes, kind: str
) -> None:
    answer = alices.client.generic("POST", PATH, body, kind)
    assert 400 <= answer.status_code < 500, answer.content
    assert answer.json()["error"]["message"]
    assert not Generation.objects.exists()


def test_a_form_that_is_too_large_is_refused_unread(alices: Program) -> None:
    answer = alices.client.generic(
        "POST", PATH, b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(50 * 2**20)
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post_is_taken(alices: Program, method: str) -> None:
    answer = alices.client.generic(method, PATH)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.usefixtures("worker")
def test_a_stream_of_an_edit_has_events_of_its_own(alices: Program) -> None:
    answer = send(alices, stream="true", model="gpt-image-2")
    event = json.loads(b"".join(answer).decode().partition("data: ")[2])
    assert event["type"] == "image_edit.completed"
    assert event["usage"]["total_tokens"] == 0


@pytest.mark.usefixtures("worker")
def test_the_same_edit_under_the_same_key_is_paid_once(alices: Program) -> None:
    for _ in range(2):
        sent = {"prompt": "a hat", "image": file(picture_bytes()), "size": SQUARE}
        answer = alices.client.post(PATH, sent, headers={"Idempotency-Key": "once"})
        assert answer.status_code == 200
    assert Generation.objects.count() == 1


@pytest.mark.parametrize(
    ("sides", "size", "found"),
    [
        (Sides(), (1024, 1024), (1024, 1024)),
        (Sides(), (2048, 2048), (1024, 1024)),
        (Sides(), (50, 50), (256, 256)),
        (Sides(), (2048, 100), (2048, 256)),
        (Sides(low=512, high=768, step=64), (1000, 500), (768, 512)),
        (Sides(listed=((512, 512), (768, 512))), (300, 200), (768, 512)),
    ],
    ids=str,
)
def test_the_nearest_size_is_one_that_is_painted(
    sides: Sides, size: tuple[int, int], found: tuple[int, int]
) -> None:
    assert sides.nearest(*size) == found
    assert sides.problems(*found) == {}
