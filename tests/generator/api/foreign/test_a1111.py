"""The web UI's programs: keys, fields, pictures, options, progress, and how they are refused."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from accounts.models import Scope
from gallery.models import Upload
from generator.api import foreign
from generator.api.a1111_urls import DONE, OPERATIONS, READ, ROOT
from generator.contract import ImageRequest, InvalidRequest, Lora
from generator.dialects import Defaults, a1111
from generator.models import Generation, Preview
from tests.factories import make_key, picture_bytes
from tests.generator.api.programs import Program
from tests.generator.orders import submit

DEFAULTS = Defaults(model="blank", seed=7)
CALLS = [*(("GET", ROOT + name) for name in READ), *(("POST", ROOT + name) for name in DONE)]


def read(**fields: Any) -> ImageRequest:
    return a1111.read({"prompt": "x", **fields}, DEFAULTS)


def picture() -> str:
    return base64.b64encode(picture_bytes()).decode()


def waiting(alices: Program) -> Generation:
    generation = submit(alices.user)
    Generation.objects.filter(pk=generation.pk).update(dialect="a1111", wire={"task": "mine"})
    return generation


def test_what_is_left_out_means_what_it_means_there() -> None:
    assert read(seed=-1, steps=None, styles=[], scheduler=None) == ImageRequest(
        prompt="x", width=512, height=512, steps=50, guidance_scale=7, seed=7, model="blank"
    )


def test_loras_styles_and_settings_are_read() -> None:
    said = {"sd_model_checkpoint": "their [0123456789]", "CLIP_stop_at_last_layers": 2}
    found = read(prompt="a fox <lora:ink:0.5>", styles=["Anime"], override_settings=said)
    assert (found.prompt, found.loras) == ("a fox", (Lora(model="ink", weight=0.5),))
    assert (found.style, found.model, found.clip_skip) == ("anime", "their", 1)


@pytest.mark.parametrize(
    ("sent", "sampler"),
    [({"sampler_name": "Euler a"}, "euler-a"), ({"sampler_index": "DDIM"}, "ddim"),
     ({"sampler_name": "DPM++ 2M", "scheduler": "Karras"}, "dpmpp-2m-karras"),
     ({"sampler_name": "Euler a", "scheduler": "automatic"}, "euler-a")],
)  # fmt: skip
def test_samplers_are_found_by_all_their_names(sent: dict[str, str], sampler: str) -> None:
    assert read(**sent).sampler == sampler


def test_a_second_pass_is_painted_in_its_size_at_once() -> None:
    assert read(enable_hr=True, hr_scale=1.5).width == 768
    found = read(enable_hr=True, width=512, height=768, hr_resize_x=1024)
    assert (found.width, found.height) == (1024, 1536)


@pytest.mark.parametrize(
    "wrong",
    [{"steps": "many"}, {"steps": 0}, {"cfg_scale": float("nan")}, {"width": 500}, {"width": True},
     {"batch_size": 9, "n_iter": 2}, {"styles": "Anime"}, {"styles": [1]}, {"seed": -2},
     {"override_settings": []}, {"override_settings": {"CLIP_stop_at_last_layers": 0}},
     {"script_name": "X/Y/Z plot"}, {"alwayson_scripts": {"controlnet": {}}},
     {"prompt": "a <lora:x:much>"}, {"prompt": "a" + "<lora:x:1>" * 9}, {"hr_scale": 1e308}],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        read(**wrong)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_call_needs_a_key_and_tells_so(db: None, method: str, path: str) -> None:
    answer = Client().generic(method, path, headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["WWW-Authenticate"][:5]) == (401, "Basic")
    assert answer.json()["error"] == "HTTPException"


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_key_opens_it_as_a_password(alices: Program, method: str, path: str) -> None:
    token = alices.headers["Authorization"].removeprefix("Bearer ")
    coded = base64.b64encode(f"anybody:{token}".encode()).decode()
    answer = Client().generic(method, path, b"{}", headers={"Authorization": f"Basic {coded}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("name", DONE)
def test_a_key_that_may_only_look_changes_nothing(alices: Program, name: str) -> None:
    _, headers = make_key(alices.user, scopes=[Scope.READ])
    assert Client(headers=headers).post(ROOT + name, {}, "application/json").status_code == 403


@pytest.mark.usefixtures("worker")
def test_the_answer_repeats_the_request_and_says_what_came_of_it(alices: Program) -> None:
    sent = {"prompt": "a red house", "seed": 5, "n_iter": 2, "url": "secret", "auth": "a:b"}
    answer = alices.post("/sdapi/v1/txt2img", sent).json()
    assert answer["parameters"]["seed"] == 5
    assert "secret" not in json.dumps(answer)
    assert json.loads(answer["info"])["all_seeds"] == [5, 6]
    shown = Image.open(io.BytesIO(base64.b64decode(answer["images"][1], validate=True)))
    assert (shown.size, shown.format) == ((512, 512), "PNG")


@pytest.mark.usefixtures("worker")
def test_a_picture_to_begin_with_is_taken_along(alices: Program) -> None:
    sent = {"prompt": "x", "init_images": [picture()], "mask": f"data:image/png;base64,{picture()}"}
    answer = alices.post("/sdapi/v1/img2img", sent)
    assert answer.status_code == 200, answer.content
    request = Generation.objects.get().request
    assert request.initial_image == request.mask == str(Upload.objects.get().pk)
    assert request.strength == 0.75


@pytest.mark.parametrize(
    ("sent", "status"),
    [([], 404), (None, 404), ("x", 404), (["no base64"], 422), ([5], 422), (["AAAA"], 422),
     ([picture(), picture()], 422)],
)  # fmt: skip
def test_what_is_no_picture_is_refused(alices: Program, sent: object, status: int) -> None:
    answer = alices.post("/sdapi/v1/img2img", {"prompt": "x", "init_images": sent})
    assert (answer.status_code, answer.json()["error"]) == (status, "HTTPException")


def test_a_full_disk_is_said_as_everywhere(alices: Program, settings: Any) -> None:
    settings.MIN_FREE_DISK_PERCENT = 101
    answer = alices.post("/sdapi/v1/img2img", {"prompt": "x", "init_images": [picture()]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")


def test_a_body_of_fifty_megabytes_is_refused(alices: Program) -> None:
    whole = b'{"prompt": "' + b"x" * 50_000_000 + b'"}'
    for name in ("img2img", "txt2img", "options"):
        answer = alices.client.generic("POST", ROOT + name, whole)
        assert (answer.status_code, answer.json()["error"]) == (413, "HTTPException")


def test_a_body_at_the_edge_of_what_can_be_read_is_no_fault_of_ours(
    alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign, "LONGEST_WAIT", 0.0)
    for depth in range(890, 920):
        data = b'{"prompt": "x", "deep": ' + b"[" * depth + b"]" * depth + b"}"
        assert alices.client.generic("POST", a1111.path, data).status_code in {400, 504}


def test_progress_tells_of_ones_own_task_until_it_is_interrupted(
    alices: Program, mallorys: Program
) -> None:
    generation = waiting(alices)
    Preview.show(generation, picture_bytes())
    seen = alices.get("/sdapi/v1/progress").json()
    assert (seen["current_task"], seen["state"]["job_count"]) == ("mine", 1)
    assert 0 < seen["progress"] < 1
    assert base64.b64decode(seen["current_image"]).startswith(b"\x89PNG")
    assert alices.get("/sdapi/v1/progress?skip_current_image=true").json()["current_image"] is None
    mallorys.post("/sdapi/v1/interrupt")
    assert mallorys.get("/sdapi/v1/progress").json()["state"]["job_count"] == 0
    assert alices.post("/sdapi/v1/interrupt").json() == {}
    generation.refresh_from_db()
    assert (generation.status, alices.balance()) == ("cancelled", 200)
    assert alices.get("/sdapi/v1/progress").json()["progress"] == 0.0


@pytest.mark.usefixtures("worker")
def test_a_chosen_model_paints_what_names_none(alices: Program) -> None:
    whole = {**alices.get("/sdapi/v1/options").json(), "sd_model_checkpoint": "sketch", "x": [1]}
    assert alices.post("/sdapi/v1/options", whole).json() is None
    assert alices.get("/sdapi/v1/options").json()["sd_model_checkpoint"] == "sketch"
    wrong = alices.post("/sdapi/v1/options", {"sd_model_checkpoint": "nobody"})
    assert wrong.status_code == 422
    alices.post("/sdapi/v1/txt2img", {"prompt": "x", "model": "dreamlike"})
    assert Generation.objects.get().model.slug == "sketch"


def test_every_address_is_described(db: None) -> None:
    described = Client().get("/docs/api/a1111.json").json()["paths"]
    assert set(described) == {a1111.path, *OPERATIONS}
    missing = Client().get("/sdapi/v1/nothing")
    assert (missing.status_code, missing.json()["detail"]) == (404, "Not Found")
