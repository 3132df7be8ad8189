"""The later dialect of PicFinder's socket: arrays of tasks."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from PIL import Image

from gallery.models import Asset
from generator.models import Generation
from tests.generator.api.foreign.talking import Client, dialled, paint
from tests.generator.api.programs import Program
from tests.generator.orders import make_model

pytestmark = pytest.mark.django_db(transaction=True)

PONG = {"data": [{"taskType": "ping", "pong": True}]}
UNREADABLE = ["", "[", "[" * 100_000, "3", "null", '"text"', "{}", '{"ping": true}', "[]"]
STRANGE = [
    3, None, [], "x", {}, {"taskType": 7}, {"taskType": "newTask"}, {"taskType": "x" * 5000},
    {"taskType": []}, {"taskType": "videoInference", "taskUUID": "t"},
]  # fmt: skip
FIELDS = [
    {"positivePrompt": ...}, {"positivePrompt": ""}, {"positivePrompt": 5},
    {"positivePrompt": "\ud800"}, {"positivePrompt": "x" * 9000}, {"negativePrompt": []},
    {"taskUUID": ...}, {"taskUUID": "abc"}, {"taskUUID": "x" * 1000}, {"taskUUID": {}},
    {"numberResults": 0}, {"numberResults": 17}, {"numberResults": True}, {"model": ...},
    {"model": []}, {"model": "nobody-has-this"}, {"width": 100}, {"width": 513},
    {"height": 10**30}, {"height": 512.5}, {"steps": 0}, {"steps": "many"}, {"CFGScale": -1},
    {"CFGScale": True}, {"seed": -1}, {"seed": 2**64}, {"seed": 1.5}, {"clipSkip": 3},
    {"scheduler": "None"}, {"scheduler": 7}, {"outputType": "FILE"}, {"outputType": []},
    {"outputType": ["URL", "dataURI"]}, {"outputFormat": "GIF"}, {"outputFormat": 1},
    {"deliveryMethod": "async"}, {"checkNSFW": "yes"}, {"includeCost": 1}, {"lora": {}},
    {"lora": [3]}, {"lora": [{"weight": 1}]}, {"lora": [{"model": "a", "weight": 9}]},
    {"controlNet": [{"model": "canny"}]}, {"controlNet": [{"model": "x", "guideImage": "y"}]},
    {"controlNet": [{"model": "canny", "guideImage": "y", "startStep": 9, "endStep": 2}]},
    {"seedImage": ""}, {"seedImage": 3}, {"seedImage": "not base64!"},
    {"seedImage": "http://127.0.0.1/x.png"}, {"seedImage": str(uuid.uuid4())},
    {"seedImage": "data:image/png;base64,AAAA"}, {"strength": 2},
    {"uploadEndpoint": "ftp://x"}, {"uploadEndpoint": "http://127.0.0.1/"},
]  # fmt: skip


def task(**fields: Any) -> dict[str, Any]:
    plain = {
        "taskType": "imageInference",
        "taskUUID": str(uuid.uuid4()),
        "positivePrompt": "a red house",
        "model": "runware:101@1",
        "width": 512,
        "height": 512,
    }
    return {name: value for name, value in {**plain, **fields}.items() if value is not ...}


def upload(**fields: Any) -> dict[str, Any]:
    plain = {
        "taskType": "imageUpload",
        "taskUUID": str(uuid.uuid4()),
        "image": f"data:image/png;base64,{small_png()}",
    }
    return {name: value for name, value in {**plain, **fields}.items() if value is not ...}


def small_png() -> str:
    """In base64."""
    data = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


async def greet(client: Client, session: str = "") -> str:
    known = {"connectionSessionUUID": session} if session else {}
    await client.say([{"taskType": "authentication", "apiKey": client.token, **known}])
    [found] = (await client.hear())["data"]
    assert found["taskType"] == "authentication"
    return str(found["connectionSessionUUID"])


@asynccontextmanager
async def greeted(token: str, session: str = "") -> AsyncIterator[Client]:
    async with dialled(token) as client:
        await greet(client, session)
        yield client


async def image(client: Client) -> dict[str, Any]:
    [found] = (await client.hear())["data"]
    return dict(found)


async def error(client: Client) -> dict[str, Any]:
    """The first error of the next message."""
    return dict((await client.hear())["errors"][0])


async def nothing_more(client: Client) -> None:
    await client.say([{"taskType": "ping", "ping": True}])
    assert await client.hear() == PONG


async def test_an_authentication_is_answered_with_a_session(token: str) -> None:
    async with dialled(token) as client:
        assert uuid.UUID(await greet(client))
        await nothing_more(client)


async def test_a_wrong_key_is_an_error_and_the_connection_stays(token: str) -> None:
    async with dialled(token) as client:
        await client.say([{"taskType": "authentication", "apiKey": "lim_wrong"}])
        found = await error(client)
        assert (found["code"], found["taskType"]) == ("invalidApiKey", "authentication")
        await greet(client)


async def test_pictures_come_one_by_one_with_their_seeds(token: str) -> None:
    async with greeted(token) as client:
        sent = task(numberResults=3, seed=41)
        await client.say([sent])
        await nothing_more(client)
        await paint()
        found = [await image(client) for _ in range(3)]
        keys = {"taskType", "taskUUID", "imageUUID", "imageURL", "seed"}
        assert [set(each) for each in found] == [keys] * 3
        assert {each["taskUUID"] for each in found} == {sent["taskUUID"]}
        assert sorted(each["seed"] for each in found) == [41, 42, 43]
        await nothing_more(client)


async def test_what_a_picture_costs_and_shows_is_told_on_request(token: str) -> None:
    async with greeted(token) as client:
        await client.say([task(includeCost=True, checkNSFW=True)])
        await paint()
        found = await image(client)
        assert (found["cost"], found["NSFWContent"]) == (1, False)


@pytest.mark.parametrize(
    ("said", "kind"), [(..., "JPEG"), ("PNG", "PNG"), ("webp", "WEBP"), ("JPG", "JPEG")]
)
async def test_files_come_in_the_format_that_was_asked_for(
    token: str, said: object, kind: str
) -> None:
    async with greeted(token) as client:
        await client.say([task(outputType="base64Data", outputFormat=said)])
        await paint()
        data = base64.b64decode((await image(client))["imageBase64Data"], validate=True)
        assert Image.open(io.BytesIO(data)).format == kind


async def test_files_come_as_data_uris_on_request(token: str) -> None:
    async with greeted(token) as client:
        await client.say([task(outputType=["dataURI"], outputFormat="PNG")])
        await paint()
        assert (await image(client))["imageDataURI"].startswith("data:image/png;base64,iVBOR")


async def test_several_tasks_of_one_array_are_told_by_their_ids(token: str) -> None:
    async with greeted(token) as client:
        sent = [task(positivePrompt=f"number {n}") for n in range(3)]
        await client.say([*sent, {"taskType": "ping"}])
        assert await client.hear() == PONG
        await paint()
        found = {(await image(client))["taskUUID"] for _ in sent}
        assert found == {each["taskUUID"] for each in sent}


async def test_a_key_and_a_task_may_share_an_array(token: str) -> None:
    async with dialled(token) as client:
        sent = task()
        await client.say([{"taskType": "authentication", "apiKey": token}, sent])
        assert "connectionSessionUUID" in (await client.hear())["data"][0]
        await paint()
        assert (await image(client))["taskUUID"] == sent["taskUUID"]


async def test_the_same_task_sent_again_is_not_paid_for_again(alices: Program, token: str) -> None:
    async with greeted(token) as client:
        sent = task()
        await client.say([sent])
        await paint()
        first = await image(client)
        await client.say([sent])
        # Its link is signed anew, and so another one a minute later.
        assert (await image(client))["imageUUID"] == first["imageUUID"]
    assert await sync_to_async(alices.balance)() == 199


async def test_a_failure_is_an_error_and_costs_nothing(alices: Program, token: str) -> None:
    await sync_to_async(make_model)("scripted")
    async with greeted(token) as client:
        sent = task(positivePrompt="refuse", model="scripted")
        await client.say([sent])
        await paint()
        found = await error(client)
        assert (found["taskUUID"], found["taskType"]) == (sent["taskUUID"], "imageInference")
        assert found["message"] == "This prompt is refused."
    assert await sync_to_async(alices.balance)() == 200


async def test_a_session_goes_on_with_what_it_is_owed(token: str) -> None:
    async with dialled(token) as client:
        session = await greet(client)
        sent = task()
        await client.say([sent])
        await nothing_more(client)
    await paint()
    async with dialled(token) as client:
        assert await greet(client, session) == session
        assert (await image(client))["taskUUID"] == sent["taskUUID"]


async def test_a_revoked_key_closes_the_connection(alices: Program, token: str) -> None:
    async with greeted(token) as client:
        await sync_to_async(alices.key.revoke)()
        assert (await error(client))["code"] == "invalidApiKey"
        assert await client.connection.close_code() == 4401


async def test_a_picture_sent_as_a_file_is_kept_to_begin_with(token: str) -> None:
    async with greeted(token) as client:
        picture = f"data:image/png;base64,{small_png()}"
        await client.say([task(seedImage=picture, strength=0.5)])
        await paint()
        await image(client)
    generation = await Generation.objects.aget()
    assert uuid.UUID(generation.request.initial_image)


async def test_a_picture_sent_in_by_itself_gets_an_id_and_a_link(token: str) -> None:
    async with greeted(token) as client:
        sent = [upload(), upload(image=small_png())]
        await client.say(sent)
        first, second = await image(client), await image(client)
        assert [first["taskUUID"], second["taskUUID"]] == [each["taskUUID"] for each in sent]
        assert first["imageUUID"] == second["imageUUID"]
        assert first["imageURL"].startswith("http")


async def test_strangers_begin_nothing(token: str) -> None:
    async with dialled(token) as client:
        await client.say([task()])
        assert (await error(client))["message"] == "Send authentication first."
    assert not await Generation.objects.aexists()


@pytest.mark.parametrize("text", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_what_is_no_array_is_an_error(token: str, text: str) -> None:
    async with greeted(token) as client:
        await client.connection.say(text)
        assert (await error(client))["code"] == "bad_request"
        await nothing_more(client)


async def test_elements_that_make_no_sense_are_errors_and_the_rest_is_done(token: str) -> None:
    async with greeted(token) as client:
        await client.say([*STRANGE, {"taskType": "ping"}])
        for strange in STRANGE:
            assert (await error(client))["code"] == "bad_request", strange
        assert await client.hear() == PONG


async def test_an_array_of_too_many_tasks_is_refused_whole(token: str) -> None:
    async with greeted(token) as client:
        await client.say([task() for _ in range(21)])
        assert "1 to 20 tasks" in (await error(client))["message"]
        await nothing_more(client)
    assert not await Generation.objects.aexists()


async def test_fields_out_of_bounds_are_errors_with_task_and_parameter(token: str) -> None:
    async with greeted(token) as client:
        for fields in FIELDS:
            await client.say([task(**fields)])
            found = await error(client)
            [name] = fields
            assert found["parameter"].split(".")[0] == name, (fields, found)
            assert found["code"] == f"invalid{name[0].upper()}{name[1:]}", fields
    assert not await Generation.objects.aexists()


async def test_fields_that_nobody_knows_and_null_are_passed_over(token: str) -> None:
    names = ["negativePrompt", "steps", "CFGScale", "seed", "lora", "controlNet", "width", "ttl"]
    async with greeted(token) as client:
        await client.say([task(**dict.fromkeys(names), whatever={"deep": [1]})])
        await paint()
        assert (await image(client))["taskType"] == "imageInference"
    assert await Asset.objects.acount() == 1
