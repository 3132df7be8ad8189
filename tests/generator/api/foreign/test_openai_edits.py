"""OpenAI's edits: what comes along in a form or in JSON, and what is made of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PIL import Image

from gallery import files
from gallery.models import Asset, Upload
from generator.engines.abilities import Abilities
from generator.models import EngineModel, Generation
from generator.sides import Sides
from tests.factories import keep, make_picture, make_upload, make_user, picture_bytes
from tests.generator.api.foreign.editing import PATH, SQUARE, data_url, file, png, send, send_json
from tests.generator.api.programs import Program
from tests.generator.orders import make_model


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
