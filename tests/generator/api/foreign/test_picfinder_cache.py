"""PicFinder's useCache, saveToCache, offset, uploadEndpoint and promptLanguageId on the socket."""

from __future__ import annotations

import base64
import io

import pytest
from asgiref.sync import sync_to_async
from PIL import Image

from accounts.models import User
from generator.models import CachedSeries, Generation, PictureDelivery
from tests.factories import make_key
from tests.generator.api.foreign.talking import greeted, paint
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)
ENDPOINT = "https://bucket.example.org/x?signature=secret"
DOCUMENTED = {"imageSrc", "imageUUID", "bNSFWContent", "imageAltText", "taskUUID"}


@pytest.fixture
def token(alices: Program) -> str:
    return alices.headers["Authorization"].removeprefix("Bearer ")


async def test_the_second_of_two_equal_tasks_comes_from_the_cache_for_nothing(
    alices: Program, token: str
) -> None:
    async with greeted(token) as client:
        await client.ask(useCache=..., numberResults=2)
        await paint()
        first = [await client.image(), await client.image()]
        task = await client.ask(useCache=None, numberResults=2)
        second = [await client.image(), await client.image()]
        await client.nothing_more()
    assert [each["imageUUID"] for each in second] == [each["imageUUID"] for each in first]
    assert [set(each) for each in second] == [DOCUMENTED] * 2
    assert {(each["imageAltText"], each["taskUUID"]) for each in second} == {("a red house", task)}
    assert await sync_to_async(alices.balance)() == 198


async def test_what_the_cache_lacks_is_painted(alices: Program, token: str) -> None:
    async with greeted(token) as client:
        await client.ask(useCache=True)
        await paint()
        first = await client.image()
        await client.ask(useCache=True, numberResults=3)
        assert (await client.image())["imageUUID"] == first["imageUUID"]
        await paint()
        new = [await client.hear(), await client.hear()]
        await client.nothing_more()
    assert new[-1]["newImages"]["totalAvailableResults"] == 3
    assert await sync_to_async(alices.balance)() == 197


async def test_an_offset_pages_through_the_cache(token: str) -> None:
    async with greeted(token) as client:
        await client.ask(numberResults=3)
        await paint()
        made = [(await client.image())["imageUUID"] for _ in range(3)]
        for offset in (2, 0):
            await client.ask(useCache=True, offset=offset)
            message = (await client.hear())["newImages"]
            assert message["images"][0]["imageUUID"] == made[offset]
            assert message["totalAvailableResults"] == 3


async def test_a_client_that_wants_new_pictures_gets_new_ones(token: str) -> None:
    async with greeted(token) as client:
        seen = set()
        for _ in range(2):
            await client.ask(useCache=False)
            await paint()
            image = await client.image()
            assert "imageAltText" not in image
            seen.add(image["imageUUID"])
    assert len(seen) == 2


async def test_a_named_seed_is_answered_only_with_that_seed(token: str) -> None:
    async with greeted(token) as client:
        await client.ask(useCache=True, seed=922337203470729216000)
        await paint()
        first = await client.image()
        await client.ask(useCache=True, seed="922337203470729216000")
        assert (await client.image())["imageUUID"] == first["imageUUID"]
        await client.ask(useCache=True, seed=7)
        await client.nothing_more()


async def test_a_task_sent_again_goes_on_with_what_it_began(alices: Program, token: str) -> None:
    async with greeted(token) as client:
        task = await client.ask(useCache=True)
        await client.ask(useCache=True, taskUUID=task)
        await paint()
        assert (await client.image())["taskUUID"] == task
        await client.nothing_more()
    assert await sync_to_async(alices.balance)() == 199


async def test_pictures_of_the_cache_hold_their_files_on_request(token: str) -> None:
    async with greeted(token) as client:
        await client.ask()
        await paint()
        await client.image()
        await client.ask(useCache=True, returnBase64Image=True)
        data = base64.b64decode((await client.image())["imageBase64Data"], validate=True)
    assert Image.open(io.BytesIO(data)).size == (512, 512)


async def test_pictures_of_the_cache_cost_nothing_for_who_wants_to_know(token: str) -> None:
    async with greeted(token, address="/v1?includeCost=1") as client:
        await client.ask()
        await paint()
        await client.image()
        await client.ask(useCache=True)
        assert (await client.image())["cost"] == 0


async def test_somebody_else_gets_pictures_of_their_own(token: str, bob: User) -> None:
    _, headers = await sync_to_async(make_key)(bob)
    async with greeted(token) as client:
        await client.ask()
        await paint()
        await client.image()
    async with greeted(headers["Authorization"].removeprefix("Bearer ")) as client:
        await client.ask(useCache=True)
        await client.nothing_more()
        await paint()
        assert "imageAltText" not in await client.image()


async def test_what_is_not_to_be_saved_needs_an_address_and_is_not_found_again(
    token: str,
) -> None:
    async with greeted(token) as client:
        await client.ask(saveToCache=False)
        assert "saveToCache" in (await client.error())["errorMessage"]
        await client.ask(saveToCache=False, uploadEndpoint=ENDPOINT)
        await client.nothing_more()
    assert await CachedSeries.objects.acount() == 0
    assert await PictureDelivery.objects.aget()


async def test_an_address_that_nobody_may_name_is_refused_before_anything_is_charged(
    alices: Program, token: str
) -> None:
    async with greeted(token) as client:
        task = await client.ask(uploadEndpoint="http://127.0.0.1/x")
        error = await client.error()
    assert error["taskUUID"] == task
    assert error["errorMessage"] == "uploadEndpoint: This address is not allowed."
    assert await sync_to_async(alices.balance)() == 200
    assert not await Generation.objects.aexists()


async def test_pictures_of_the_cache_are_sent_to_the_address_too(token: str) -> None:
    async with greeted(token) as client:
        await client.ask(numberResults=2)
        await paint()
        made = {(await client.image())["imageUUID"] for _ in range(2)}
        await client.ask(useCache=True, numberResults=2, uploadEndpoint=ENDPOINT)
        assert {(await client.image())["imageUUID"] for _ in range(2)} == made
    sent = [str(each.asset_id) async for each in PictureDelivery.objects.all()]
    assert set(sent) == made


@pytest.mark.parametrize(
    ("number", "prompt", "language"),
    [
        (None, "un phare sur une falaise à l'aube", "fr"),
        (..., "ein rotes Haus am See im Winter", "de"),
        (23, "un phare sur une falaise", "de"),
        (None, "a fox", None),
    ],
)
async def test_the_language_is_what_was_said_or_what_it_looks_like(
    token: str, number: object, prompt: str, language: str | None
) -> None:
    async with greeted(token) as client:
        await client.ask(promptText=prompt, promptLanguageId=number)
        await client.nothing_more()
    assert (await Generation.objects.aget()).request.prompt_language == language
