"""Pictures to work from, LoRAs and controls in a task's body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.contract import Control, ControlMode, Lora
from generator.models import EngineModel, Generation
from tests.factories import keep, make_picture, make_upload
from tests.generator.api.programs import Program

NOWHERE = "56081677-7057-46a7-8433-7be4c395978a"


def request_of(answer: Any) -> Any:
    assert answer.status_code == 202, answer.json()
    return Generation.objects.get(pk=answer.json()["id"]).request


def test_an_upload_or_a_picture_of_the_gallery_is_begun_with(alices: Program) -> None:
    for picture in (make_upload(alices.user), keep(make_picture(alices.user))):
        request = request_of(alices.submit(initialImage=str(picture.pk), strength=0.4))
        assert (request.initial_image, request.strength) == (str(picture.pk), 0.4)


def test_loras_controls_mask_and_weighting_reach_the_request(alices: Program) -> None:
    picture = str(make_upload(alices.user).pk)
    controls = [
        {"preprocessor": "canny", "guide": picture},
        {"preprocessor": "tile_gaussian", "guide": picture, "weight": 0.5, "start": 0.1,
         "end": 0.8, "mode": "prompt"},
    ]  # fmt: skip
    loras = [{"model": "ink"}, {"model": "urn:air:sd1:lora:civitai:12@34", "weight": -0.5}]
    body = {"loras": loras, "controls": controls, "mask": picture, "promptWeighting": True}
    request = request_of(alices.submit(**body))
    assert request.loras == (Lora(model="ink"), Lora(model=loras[1]["model"], weight=-0.5))
    assert request.controls == (
        Control(preprocessor="canny", guide=picture),
        Control(preprocessor="tile_gaussian", guide=picture, weight=0.5, start=0.1, end=0.8,
                mode=ControlMode.PROMPT),
    )  # fmt: skip
    assert (request.mask, request.prompt_weighting) == (picture, True)


def test_a_task_tells_what_it_works_from(alices: Program) -> None:
    picture = str(make_upload(alices.user).pk)
    control = {"preprocessor": "canny", "guide": picture, "weight": 0.5}
    task = alices.submit(initialImage=picture, strength=0.4, controls=[control]).json()
    told = task["input"]
    assert (told["initialImage"], told["strength"]) == (picture, "0.4")
    assert json.loads(told["controls"])[0].items() >= control.items()
    assert "loras" not in told


@pytest.mark.parametrize(
    ("field", "value", "blamed", "message"),
    [
        ("initialImage", NOWHERE, "initialImage", "There is no such picture."),
        ("initialImage", "http://127.0.0.1/", "initialImage", "There is no such picture."),
        ("initialImage", 7, "initialImage", "Must be text."),
        ("mask", NOWHERE, "mask", "There is no such picture."),
        ("strength", 1.5, "strength", "Must be between 0 and 1."),
        ("promptWeighting", "yes", "promptWeighting", "Must be true or false."),
        ("promptWeighting", 1, "promptWeighting", "Must be true or false."),
        ("loras", {}, "loras", "Must be a list."),
        ("loras", [{"model": "x"}] * 9, "loras", "At most 8."),
        ("loras", ["ink"], "loras.0", "Must be an object."),
        ("loras", [{"model": "ink"}, {}], "loras.1.model", "This field is required."),
        ("loras", [{"model": "ink", "weight": 9}], "loras.0.weight", "Must be between -2 and 2."),
        ("controls", [{"guide": NOWHERE}], "controls.0.preprocessor", "This field is required."),
        (
            "controls",
            [{"preprocessor": "canny", "guide": NOWHERE}],
            "controls",
            "There is no such picture.",
        ),
        (
            "controls",
            [{"preprocessor": "canny", "guide": "x", "start": 0.9, "end": 0.1}],
            "controls",
            "A control cannot end before it starts.",
        ),
        (
            "controls",
            [{"preprocessor": "magic", "guide": "x"}],
            "controls.0.preprocessor",
            "Must be one of: canny",
        ),
    ],
)
def test_what_is_wrong_is_told_by_field_and_charged_to_nobody(
    alices: Program, field: str, value: Any, blamed: str, message: str
) -> None:
    answer = alices.submit(**{field: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][blamed][0].startswith(message)
    assert alices.balance() == 200


@pytest.mark.parametrize("field", ["initialImage", "mask"])
def test_a_strangers_picture_is_one_that_is_not_there(
    alices: Program, mallorys: Program, field: str
) -> None:
    told = {
        json.dumps(mallorys.submit(**{field: str(pk)}).json())
        for pk in (
            make_upload(alices.user).pk,
            keep(make_picture(alices.user)).pk,
            NOWHERE,
        )
    }
    assert len(told) == 1


def test_a_model_that_cannot_do_it_says_so_before_anybody_pays(alices: Program) -> None:
    EngineModel.objects.filter(slug="blank").update(engine="sketch")
    picture = str(make_upload(alices.user).pk)
    control = {"preprocessor": "canny", "guide": picture}
    for wish in ({"mask": picture}, {"controls": [control]}, {"loras": [{"model": "ink"}]}):
        answer = alices.submit(**wish)
        assert answer.status_code == 422
        assert "choose another model" in answer.json()["message"]
    assert alices.balance() == 200


def test_models_tell_what_they_can_do(alices: Program) -> None:
    (model,) = [m for m in alices.get("/v1/models").json()["data"] if m["id"] == "blank"]
    assert model["abilities"]["initialImage"] is True
    assert model["abilities"]["loras"] is None


def test_the_page_for_people_names_the_fields_within_lists(client: Any) -> None:
    page = client.get("/docs/api/").content.decode()
    for name in ("loras[].weight", "controls[].preprocessor", "initialImage"):
        assert name in page
