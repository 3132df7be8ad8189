"""The later dialect of PicFinder's address over HTTP: answered when all tasks are done."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from config.asgi import waits
from generator.api import foreign, picfinder_views
from generator.models import Generation
from tests.config.test_asgi import scope
from tests.generator.api.foreign.test_picfinder_array import task, upload
from tests.generator.api.programs import Program
from tests.generator.orders import make_model

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("painted")]

WRONG = [
    b"{}",
    b"[]",
    b"3",
    b"[" * 100_000,
    b"\xff",
    b'{"taskType": "ping"}',
    b"[" + b"1," * 30,
]


@pytest.fixture
def painted(worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for is painted by then."""
    monkeypatch.setattr(picfinder_views, "until_finished", foreign.until_finished)


async def post(tasks: object, token: str = "", path: str = "/v1") -> tuple[int, Any]:
    sent = tasks if isinstance(tasks, bytes) else json.dumps(tasks).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await AsyncClient().post(path, sent, "application/json", headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("path", ["/v1", "/v1/"])
async def test_all_pictures_of_all_tasks_are_in_the_answer(token: str, path: str) -> None:
    sent = [task(numberResults=2, seed=5), task(outputType="base64Data")]
    status, found = await post(sent, token, path)
    assert (status, set(found)) == (200, {"data"})
    assert [each["taskUUID"] for each in found["data"]] == [
        sent[0]["taskUUID"], sent[0]["taskUUID"], sent[1]["taskUUID"],
    ]  # fmt: skip
    assert [each["seed"] for each in found["data"][:2]] == [5, 6]
    assert found["data"][2]["imageBase64Data"]


async def test_the_key_may_be_in_the_array(token: str) -> None:
    greeting = {"taskType": "authentication", "apiKey": token}
    status, found = await post([greeting, {"taskType": "ping"}, task()])
    assert status == 200
    kinds = [each["taskType"] for each in found["data"]]
    assert kinds == ["authentication", "ping", "imageInference"]


@pytest.mark.parametrize("tasks", [[{"taskType": "ping"}], [{"taskType": "authentication"}], [3]])
async def test_without_a_usable_key_nothing_is_done(tasks: list[Any]) -> None:
    for token in ("", "lim_wrong"):
        status, found = await post(tasks, token)
        assert (status, found["errors"][0]["code"]) == (401, "invalidApiKey")


async def test_a_wrong_header_is_not_made_good_by_the_array(token: str) -> None:
    status, _ = await post([{"taskType": "authentication", "apiKey": token}], "lim_wrong")
    assert status == 401


@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
async def test_what_is_no_array_of_tasks_is_an_error(token: str, body: bytes) -> None:
    status, found = await post(body, token)
    assert (status, found["errors"][0]["code"]) == (400, "bad_request")


async def test_what_went_wrong_stands_beside_what_went_right(token: str) -> None:
    wrong, right = task(steps=0), task()
    status, found = await post([wrong, right, {"taskType": "videoInference"}, 7], token)
    assert status == 200
    assert [each["taskUUID"] for each in found["data"]] == [right["taskUUID"]]
    steps, video, _seven = found["errors"]
    assert (steps["parameter"], steps["taskUUID"]) == ("steps", wrong["taskUUID"])
    assert video["taskType"] == "videoInference"


async def test_where_nothing_went_right_the_status_says_why(token: str) -> None:
    assert (await post([task(steps=0)], token))[0] == 422


async def test_a_failure_costs_nothing(alices: Program, token: str) -> None:
    await sync_to_async(make_model)("scripted")
    _, found = await post([task(positivePrompt="refuse", model="scripted")], token)
    assert found["errors"][0]["message"] == "This prompt is refused."
    _, found = await post(
        [task(positivePrompt="partial", model="scripted", numberResults=3)], token
    )
    assert len(found["data"]) == 1
    assert found["errors"][0]["code"] == "incomplete"
    assert await sync_to_async(alices.balance)() == 199


async def test_the_same_task_sent_again_is_not_paid_for_again(alices: Program, token: str) -> None:
    sent = [task(taskUUID=str(uuid.uuid4()))]
    ids = []
    for _ in range(2):
        _, found = await post(sent, token)
        # Its link is signed anew, and so another one a minute later.
        ids += [each["imageUUID"] for each in found["data"]]
    assert ids[0] == ids[1]
    assert await sync_to_async(alices.balance)() == 199
    assert await Generation.objects.acount() == 1


async def test_an_answer_holds_no_more_files_than_fit_into_the_memory(
    alices: Program, token: str
) -> None:
    sent = [task(numberResults=count, outputType="base64Data") for count in (9, 8, 7)]
    _, found = await post([*sent, task(numberResults=16)], token)
    assert len(found["data"]) == 9 + 7 + 16
    assert [each["taskUUID"] for each in found["errors"]] == [sent[1]["taskUUID"]]
    assert "16 pictures" in found["errors"][0]["message"]
    assert await sync_to_async(alices.balance)() == 200 - 32


async def test_a_picture_is_sent_in_and_worked_from(token: str) -> None:
    _, found = await post([upload()], token)
    [told] = found["data"]
    assert set(told) == {"taskType", "taskUUID", "imageUUID", "imageURL"}
    status, _ = await post([task(seedImage=told["imageUUID"], strength=0.5)], token)
    assert status == 200
    generation = await Generation.objects.aget()
    assert generation.request.initial_image == told["imageUUID"]


@pytest.mark.parametrize("image", [..., "", 7, "not base64!", "http://127.0.0.1/x.png", "AAAA"])
async def test_what_is_no_picture_is_not_taken_in(token: str, image: object) -> None:
    sent = upload(image=image)
    status, found = await post([sent], token)
    assert status == 422
    [error] = found["errors"]
    assert (error["parameter"], error["taskUUID"]) == ("image", sent["taskUUID"])


def test_it_waits_without_a_thread() -> None:
    assert waits(scope("/v1", method="POST"))
