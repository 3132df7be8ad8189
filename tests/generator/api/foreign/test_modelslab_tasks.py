"""ModelsLab's programs that ask again: what is processing, how it is fetched, and the server."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from config.asgi import waits
from generator.api import modelslab_views
from generator.dialects import modelslab
from generator.models import EngineModel, Generation
from tests.config.test_asgi import scope
from tests.generator.api.foreign.services import SERVICES
from tests.generator.api.programs import Program
from tests.generator.orders import run_all

[SERVICE] = [each for each in SERVICES if each.dialect is modelslab]
FLUX = modelslab.ROOTS[0]
NOBODYS = [0, 7, "7", 2**48, 10**40, -1, 1.5, "x", "", None, [], {}, True, "７"]


def post(program: Program, path: str, **fields: Any) -> Any:
    key = program.headers["Authorization"].removeprefix("Bearer ")
    return Client().post(path, {"key": key, **fields}, "application/json")


def order(program: Program, **fields: Any) -> dict[str, Any]:
    told: dict[str, Any] = post(
        program, modelslab.path, **{**SERVICE.body, "instant_response": True, **fields}
    ).json()
    return told


def fetch(program: Program, number: object) -> Any:
    return post(program, f"{FLUX}/fetch/{number}").json()


def test_an_instant_answer_says_where_to_fetch(alices: Program) -> None:
    told = order(alices)
    assert (told["status"], told["output"], told["meta"]["instant_response"]) == (
        *("processing", []),
        "yes",
    )
    assert told["message"] == told["messege"]
    assert told["fetch_result"].endswith(f"{FLUX}/fetch/{told['id']}")
    assert isinstance(told["id"], int)
    assert told["id"] < 2**53
    assert told["eta"] > 0


def test_what_takes_long_is_processing_and_goes_on(
    alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modelslab_views, "PATIENCE", 0.0)
    told = order(alices, instant_response=False)
    assert told["status"] == "processing"
    run_all("blank")
    assert fetch(alices, told["id"])["status"] == "success"


@pytest.mark.parametrize("path", sorted(modelslab.PATHS))
def test_who_waits_holds_no_thread(path: str) -> None:
    assert waits(scope(path, method="POST"))


def test_both_forms_of_fetching_give_the_pictures_when_they_are_there(alices: Program) -> None:
    number = order(alices, samples="2")["id"]
    assert fetch(alices, number)["status"] == "processing"
    run_all("blank")
    told = fetch(alices, number)
    assert set(told) == {"status", "id", "output"}
    assert (told["status"], told["id"], len(told["output"])) == ("success", number, 2)
    for sent in (number, str(number)):
        assert post(alices, f"{FLUX}/fetch", request_id=sent).json()["status"] == "success"


@pytest.mark.parametrize("number", NOBODYS, ids=repr)
def test_a_number_of_nobody_is_an_error(alices: Program, number: object) -> None:
    answer = post(alices, f"{FLUX}/fetch", request_id=number)
    assert (answer.status_code, answer.json()["status"]) == (200, "error")


def test_nobody_fetches_what_another_ordered(alices: Program, mallorys: Program) -> None:
    number = order(alices)["id"]
    run_all("blank")
    assert fetch(mallorys, number)["status"] == "error"


def test_a_failure_is_fetched_as_such_and_not_billed(alices: Program, blank: EngineModel) -> None:
    blank.engine = "scripted"
    blank.save()
    number = order(alices, prompt="refuse")["id"]
    run_all("scripted")
    told = fetch(alices, number)
    assert (told["status"], told["id"], told["output"]) == ("failed", number, "")
    assert told["message"] == "This prompt is refused."
    assert alices.balance() == 200


@pytest.mark.usefixtures("worker")
def test_links_to_base64_open_without_a_key(alices: Program) -> None:
    [url] = order(alices, instant_response=False, base64="yes")["output"]
    assert url.endswith(".base64")
    answer = Client().get(url[url.index(FLUX) :])
    picture = Image.open(io.BytesIO(base64.b64decode(answer.content, validate=True)))
    assert (picture.format, picture.size) == ("PNG", (512, 512))
    forged = url[url.index(FLUX) :].replace(".base64", "x.base64")
    assert Client().get(forged).status_code == 404


def test_clearing_the_queue_stops_ones_own_and_refunds(alices: Program, mallorys: Program) -> None:
    mine, others = order(alices)["id"], order(mallorys)["id"]
    assert post(alices, f"{FLUX}/clear_queue").json()["status"] == "success"
    assert (fetch(alices, mine)["status"], alices.balance()) == ("failed", 200)
    assert fetch(mallorys, others)["status"] == "processing"


@pytest.mark.parametrize("button", [b for b in modelslab_views.BUTTONS if b != "system_details"])
def test_every_button_of_the_server_answers(alices: Program, button: str) -> None:
    told = post(alices, f"{FLUX}/{button}").json()
    assert (told["status"], bool(told["message"])) == ("success", True)


def test_the_server_tells_of_itself(alices: Program) -> None:
    order(alices)
    told = post(alices, f"{FLUX}/system_details").json()
    assert told["status"] == "ok"
    assert told["model_count"] == EngineModel.objects.offered_to(alices.user).count()
    assert told["queue_time"] > 0


@pytest.mark.parametrize("path", [*modelslab.OTHERS], ids=lambda path: path.rpartition("/")[2])
def test_what_is_hostile_is_refused_everywhere(alices: Program, path: str) -> None:
    address = path.replace("{id}", "x")
    for body in (b"", b"[" * 10_000, b'{"key": NaN}', b"[]", b"\xff", b"x" * 3_000_000):
        answer = Client().post(address, body, "application/json")
        assert (answer.status_code < 500, answer.json()["status"]) == (True, "error")
    assert post(alices, address, key="lim_wrong").json()["message"] == "Invalid API key"
    assert Client().get(address).status_code == 405
    assert Client().options(address).headers["Access-Control-Allow-Origin"] == "*"
    assert not Generation.objects.exists()
