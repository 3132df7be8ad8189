"""PicFinder's socket: greeting, pings, tasks, pictures one by one, and errors with their cure."""

from __future__ import annotations

import base64
import io
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.test import Client as HttpClient
from PIL import Image

from accounts.models import User
from gallery.models import Asset
from generator.models import Generation
from tests.factories import make_key
from tests.generator.api.connections import connected
from tests.generator.api.foreign.talking import Client, dialled, greeted, paint
from tests.generator.api.programs import Program
from tests.generator.orders import make_model

pytestmark = pytest.mark.django_db(transaction=True)


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
        await sync_to_async(make_model)("scripted")
        await client.ask(promptText="refuse", modelId="scripted", taskUUID=task)
        await paint()
        assert (await client.error())["errorMessage"] == "This prompt is refused."
    assert await sync_to_async(alices.balance)() == 200


async def test_the_same_task_sent_again_is_not_paid_for_again(alices: Program, token: str) -> None:
    async with greeted(token) as client:
        task = await client.ask()
        await paint()
        first = (await client.image())["imageUUID"]
        assert await client.ask(taskUUID=task) == task
        assert (await client.image())["imageUUID"] == first
    assert await sync_to_async(alices.balance)() == 199


async def test_a_partial_failure_is_told_after_the_pictures_that_came(
    alices: Program, token: str
) -> None:
    await sync_to_async(make_model)("scripted")
    async with greeted(token) as client:
        await client.ask(promptText="partial", modelId="scripted", numberResults=3)
        await paint()
        await client.image()
        told = (await client.error())["errorMessage"]
        assert told == "2 pictures were not made and not charged. No more today."
    assert await sync_to_async(alices.balance)() == 199


async def test_a_task_that_failed_may_be_tried_again_by_its_id(alices: Program, token: str) -> None:
    scripted = await sync_to_async(make_model)("scripted")
    async with greeted(token) as client:
        task = await client.ask(promptText="refuse", modelId="scripted")
        await paint()
        await client.error()
        scripted.engine = "blank"
        await scripted.asave()
        await client.ask(promptText="refuse", modelId="scripted", taskUUID=task)
        await paint()
        assert (await client.image())["taskUUID"] == task


async def test_files_come_in_the_messages_on_request(token: str) -> None:
    async with greeted(token) as client:
        await client.ask(numberResults=2, returnBase64Image=True)
        await paint()
        for _ in range(2):
            data = base64.b64decode((await client.image())["imageBase64Data"], validate=True)
            assert Image.open(io.BytesIO(data)).size == (512, 512)
        await client.nothing_more()


async def test_several_tasks_share_the_connection(token: str) -> None:
    async with greeted(token) as client:
        tasks = {await client.ask(promptText=f"number {n}") for n in range(3)}
        await paint()
        while len(tasks):
            tasks.remove((await client.image())["taskUUID"])


async def test_several_connections_share_a_key(token: str) -> None:
    async with greeted(token) as one, greeted(token) as other:
        mine, theirs = await one.ask(), await other.ask()
        await paint()
        assert (await one.image())["taskUUID"] == mine
        assert (await other.image())["taskUUID"] == theirs


async def test_a_wide_seed_is_kept_as_it_was_sent_and_grows_by_one(token: str) -> None:
    wide = 922337203470729216000
    async with greeted(token) as client:
        await client.ask(seed=wide, numberResults=2)
        await paint()
        for _ in range(2):
            await client.image()
    generation = await Generation.objects.aget()
    assert generation.wire["seed"] == str(wide)
    seeds = [asset.recipe["request"]["seed"] async for asset in Asset.objects.all()]
    assert sorted(seeds) == [wide % 2**64, wide % 2**64 + 1]


async def test_a_revoked_key_closes_the_connection(alices: Program, token: str) -> None:
    async with greeted(token) as client:
        await sync_to_async(alices.key.revoke)()
        assert (await client.hear())["errorId"] == 19
        assert await client.connection.close_code() == 4401


async def test_a_suspended_account_closes_the_connection(alice: User, token: str) -> None:
    async with greeted(token) as client:
        await User.objects.filter(pk=alice.pk).aupdate(is_active=False)
        assert (await client.hear())["errorId"] == 19
        assert await client.connection.close_code() == 4401


async def test_nothing_is_begun_with_a_key_that_was_just_revoked(
    alices: Program, token: str
) -> None:
    async with greeted(token) as client:
        await sync_to_async(alices.key.revoke)()
        await client.ask()
        assert (await client.hear())["errorId"] == 19
    assert not await Generation.objects.aexists()


async def test_pages_of_other_sites_may_connect(token: str) -> None:
    async with connected("/v1", {"Origin": "https://studio.example"}) as connection:
        assert await Client(connection, token).greet()


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


@pytest.mark.parametrize("path", ["/v1", "/v1/"])
def test_http_at_the_address_of_the_socket_is_told_to_upgrade(path: str) -> None:
    answer = HttpClient().get(path)
    assert (answer.status_code, answer["Upgrade"]) == (426, "websocket")
    assert "WebSocket" in answer.json()["message"]
