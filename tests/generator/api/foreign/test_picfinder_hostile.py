"""PicFinder's socket and what no client should send: an error, and the connection stays."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.db import OperationalError

from generator import sockets
from generator.models import Generation
from generator.sockets import greeting, places, voice
from tests.generator.api.connections import PATIENCE
from tests.generator.api.foreign.talking import SESSION, dialled, greeted, paint, task

pytestmark = pytest.mark.django_db(transaction=True)

UNREADABLE = [
    "", "ping", "{", "[" * 100_000, '{"a":' * 50_000, "9" * 5000, "null", "3", '"text"', "{}",
    '{"newTask": NaN}', '{"newTask": Infinity}', '{"ping" true}',
    '{"newTask": [' + "0," * 60_000 + "0]}",
]  # fmt: skip
WRONG = [
    {"newTask": None}, {"newTask": 3}, {"newTask": []}, {"newTask": "x"}, {"newTask": {}},
    {"newNothing": {"taskUUID": "t"}}, {"newTaskUUID": {}}, {"": {}},
]  # fmt: skip
NUMBERS = [
    "numberResults", "modelId", "sizeId", "taskType", "promptLanguageId", "steps", "gScale",
    "seed", "offset", "clipSkip", "styleId", "schedulerId",
]  # fmt: skip
FIELDS = [
    {"promptText": ...}, {"promptText": ""}, {"promptText": 5}, {"promptText": "\ud800"},
    {"promptText": "nul\x00"}, {"promptText": "x" * 9000}, {"promptText": " -no cats"},
    {"taskUUID": ...}, {"taskUUID": "abc"}, {"taskUUID": 7}, {"taskUUID": "x" * 1000},
    {"numberResults": 0}, {"numberResults": -1}, {"numberResults": 17}, {"numberResults": True},
    {"numberResults": 1.5}, {"numberResults": "many"}, {"numberResults": ...},
    {"modelId": ...}, {"modelId": True}, {"modelId": 999}, {"modelId": "../../etc/passwd"},
    {"modelId": []}, {"modelId": ""}, {"sizeId": 10}, {"sizeId": 0}, {"sizeId": {}},
    {"sizeId": 1.0}, {"taskType": 0}, {"taskType": 12}, {"taskType": 4}, {"taskType": 2},
    {"taskType": 3}, {"taskType": 9}, {"taskType": 10}, {"promptLanguageId": 193},
    {"promptLanguageId": 299}, {"steps": 0}, {"steps": 10**30}, {"gScale": 10.1},
    {"gScale": -0.1}, {"gScale": True}, {"seed": -1}, {"seed": 922337203470729216001},
    {"seed": 1.5}, {"seed": False}, {"useCache": "maybe"}, {"saveToCache": False},
    {"offset": -1}, {"clipSkip": 3}, {"styleId": 13}, {"schedulerId": 27}, {"scheduler": "None"},
    {"lora": {}}, {"lora": [3]}, {"lora": [{"modelId": "a"}]},
    {"lora": [{"modelId": "a", "weight": 2}]}, {"controlNet": [{"preprocessor": "canny"}]},
    {"controlNet": [{"preprocessor": "nothing", "guideImageUUID": "x"}]},
    {"uploadEndpoint": "ftp://x"}, {"uploadEndpoint": "http://127.0.0.1/"},
    {"imageInitiatorUUID": "x"}, {"returnBase64Image": 1},
    *({name: float(word)} for word in ("NaN", "-Infinity") for name in NUMBERS),
]  # fmt: skip


@pytest.mark.parametrize("text", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_what_cannot_be_read_is_an_error(token: str, text: str) -> None:
    async with greeted(token) as client:
        await client.connection.say(text)
        assert (await client.error())["errorId"] == 400
        await client.nothing_more()


async def test_messages_that_make_no_sense_are_errors(token: str) -> None:
    async with greeted(token) as client:
        for message in WRONG:
            await client.say(message)
            assert (await client.error())["errorMessage"], message


async def test_fields_out_of_bounds_are_errors_with_the_task(token: str) -> None:
    async with greeted(token) as client:
        for fields in FIELDS:
            sent = task(**fields)
            await client.say({"newTask": sent})
            error = await client.error()
            assert error["errorId"] == 422, fields
            assert named(error, sent), fields
    assert not await Generation.objects.aexists()


def named(error: dict[str, Any], sent: dict[str, Any]) -> bool:
    """Whether the error says which task it is about, as far as that can be said."""
    name = sent.get("taskUUID")
    if not isinstance(name, str) or len(name) > 200:
        return "taskUUID" not in error
    return bool(error["taskUUID"] == name)


async def test_a_binary_frame_is_an_error(token: str) -> None:
    async with greeted(token) as client:
        await client.connection.to_application.put(
            {"type": "websocket.receive", "bytes": b'{"ping": true}'}
        )
        assert (await client.error())["errorId"] == 400
        await client.nothing_more()


@pytest.mark.parametrize("greeting", [None, [], "key", {}, {"apiKey": 7}, {"apiKey": "\ud800"}])
async def test_a_greeting_that_is_none_opens_nothing(token: str, greeting: object) -> None:
    async with dialled(token) as client:
        await client.say({"newConnection": greeting})
        assert (await client.hear())["errorId"] == 19
        await client.greet()


async def test_who_is_not_known_may_not_send_much(token: str) -> None:
    async with dialled(token) as client:
        await client.say({"newConnection": {"apiKey": "x" * 20_000}})
        assert (await client.hear())["errorId"] == 400
        await client.greet()


async def test_fields_that_nobody_knows_and_null_are_passed_over(token: str) -> None:
    nulls = dict.fromkeys(
        ["promptLanguageId", "steps", "gScale", "seed", "useCache", "saveToCache", "offset",
         "clipSkip", "styleId", "uploadEndpoint", "checkNsfw", "usePromptWeighting",
         "schedulerId", "lora", "controlNet", "taskType", "whatever"]
    )  # fmt: skip
    async with greeted(token) as client:
        await client.ask(**nulls, more={"deep": [1]})
        await paint()
        await client.image()


async def test_who_takes_nothing_is_cut_off(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "FAREWELL", 0.01)
    async with greeted(token) as client:
        monkeypatch.setattr(voice, "SLOWEST", 0.01)
        client.connection.reads.clear()
        await client.say({"ping": True})
        await asyncio.wait_for(client.connection.running, PATIENCE)


async def test_a_reader_that_takes_nothing_holds_up_the_reading(token: str) -> None:
    async with greeted(token) as client:
        client.connection.reads.clear()
        for _ in range(50):
            await client.say({"ping": True})
        client.connection.reads.set()
        for _ in range(50):
            assert await client.hear() == {"pong": True}


async def test_more_connections_than_anybody_needs_are_closed(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST", 1)
    async with greeted(token), dialled(token) as second:
        await second.say({"newConnection": {"apiKey": token}})
        assert await second.connection.close_code() == 4429
    async with greeted(token) as later:
        await later.nothing_more()


async def test_a_fault_while_listening_closes_with_a_word_and_is_logged(
    token: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_whatever: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(greeting, "admitted", broken)
    async with dialled(token) as client:
        await client.say({"newConnection": {"apiKey": token}})
        assert await client.connection.close_code() == 1011
    assert "a socket could not be listened to" in caplog.text


async def test_the_cure_names_the_same_session(token: str) -> None:
    async with dialled(token) as client:
        session = await client.greet()
        await client.ask(sizeId=10)
        await client.hear()
        assert await client.hear() == {SESSION: {"connectionSessionUUID": session}}


async def test_who_greeted_with_an_object_goes_on_in_objects(token: str) -> None:
    async with greeted(token) as client:
        await client.say([{"taskType": "imageInference", "taskUUID": "t"}])
        assert (await client.error())["errorMessage"] == "Send one JSON object a message."
        await client.nothing_more()
