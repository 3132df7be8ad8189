"""PicFinder's socket: greeting, pings, tasks, pictures one by one, and errors with their cure."""

from __future__ import annotations

import uuid

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from generator.models import Generation
from tests.factories import make_key
from tests.generator.api.foreign.talking import SESSION, dialled, greeted, paint
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token(alices: Program) -> str:
    return alices.headers["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("address", ["/v1", "/v1/", "/v1/?includeCost=1"])
async def test_a_greeting_is_answered_with_a_session(token: str, address: str) -> None:
    async with dialled(token, address) as client:
        assert uuid.UUID(await client.greet())


async def test_a_key_that_opens_nothing_is_error_19_and_the_connection_stays(token: str) -> None:
    async with dialled("lim_wrong") as client:
        await client.say({"newConnection": {"apiKey": "lim_wrong"}})
        error = await client.hear()
        assert (error["error"], error["errorId"]) == (True, 19)
        client.token = token
        await client.greet()


async def test_pings_are_answered_before_anybody_greeted(token: str) -> None:
    async with dialled(token) as client:
        await client.nothing_more()


async def test_pictures_come_one_by_one_with_exactly_the_documented_keys(token: str) -> None:
    async with greeted(token) as client:
        task = await client.ask(numberResults=3)
        await client.nothing_more()
        await paint()
        found = [await client.image() for _ in range(3)]
        assert {image["taskUUID"] for image in found} == {task}
        assert len({image["imageUUID"] for image in found}) == 3
        keys = {"imageSrc", "imageUUID", "bNSFWContent", "taskUUID"}
        assert [set(image) for image in found] == [keys] * 3
        await client.nothing_more()


async def test_what_a_picture_costs_is_told_on_request(token: str) -> None:
    async with greeted(token, address="/v1/?includeCost=1") as client:
        await client.ask()
        await paint()
        assert (await client.image())["cost"] == 1


async def test_a_wrong_field_is_an_error_with_the_task_and_the_cure(token: str) -> None:
    async with greeted(token) as client:
        task = await client.ask(sizeId=10)
        error = await client.error()
        assert (error["taskUUID"], error["errorId"]) == (task, 422)
        assert error["errorMessage"].startswith("sizeId: Must be one of: 1, 2, 3")


async def test_a_failure_is_an_error_and_costs_nothing(alices: Program, token: str) -> None:
    async with greeted(token) as client:
        task = await client.ask(promptText="refuse", modelId="scripted")
        assert (await client.error())["errorMessage"].startswith("modelId: There is no model")
        await offer_scripted()
        await client.ask(promptText="refuse", modelId="scripted", taskUUID=task)
        await paint()
        assert (await client.error())["errorMessage"] == "This prompt is refused."
    assert await sync_to_async(alices.balance)() == 200


@sync_to_async
def offer_scripted() -> None:
    from tests.generator.orders import make_model

    make_model("scripted")


async def test_the_same_task_sent_again_is_not_paid_for_again(alices: Program, token: str) -> None:
    async with greeted(token) as client:
        task = await client.ask()
        await paint()
        first = await client.image()
        assert await client.ask(taskUUID=task) == task
        assert await client.image() == first
    assert await sync_to_async(alices.balance)() == 199


async def test_who_did_not_greet_is_told_to(token: str) -> None:
    async with dialled(token) as client:
        task = await client.ask()
        error = await client.hear()
        assert (error["errorId"], error["taskUUID"]) == (403, task)


async def test_a_key_that_may_not_generate_does_not_get_in(alice: User) -> None:
    _, headers = await sync_to_async(make_key)(alice, scopes=["read"])
    token = headers["Authorization"].removeprefix("Bearer ")
    async with dialled(token) as client:
        await client.say({"newConnection": {"apiKey": token}})
        assert (await client.hear())["errorId"] == 403


async def test_a_disconnect_keeps_the_picture_in_the_gallery(alice: User, token: str) -> None:
    async with greeted(token) as client:
        await client.ask()
    await paint()
    generation = await Generation.objects.of(alice).aget()
    assert (generation.status, generation.dialect) == ("succeeded", "picfinder")


async def test_a_second_greeting_gives_the_same_session(token: str) -> None:
    async with dialled(token) as client:
        assert await client.greet() == await client.greet()
        assert SESSION
