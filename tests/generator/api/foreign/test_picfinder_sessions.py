"""PicFinder's sessions: what a client that was cut off gets when it comes back."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from accounts.models import User
from generator import scheduling
from generator.models import Generation, ParkedSession, parked_session
from generator.sockets.story import Story
from tests.factories import make_key
from tests.generator.api.foreign.talking import Client, dialled, greeted, paint
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db(transaction=True)


async def cut_off(token: str, **fields: Any) -> tuple[str, str]:
    """A session whose client left before its picture came, and the task's id."""
    async with dialled(token) as client:
        session = await client.greet()
        task = await client.ask(**fields)
        await client.nothing_more()
    return session, task


async def resumed(client: Client, session: str) -> None:
    assert await client.greet(session) == session


async def test_pictures_made_meanwhile_wait_for_their_client(token: str) -> None:
    session, task = await cut_off(token, numberResults=2)
    await paint()
    async with dialled(token) as client:
        await resumed(client, session)
        found = [await client.image() for _ in range(2)]
        assert {image["taskUUID"] for image in found} == {task}
        await client.nothing_more()


async def test_pictures_made_after_the_return_come_as_if_nothing_had_been(token: str) -> None:
    session, task = await cut_off(token)
    async with greeted(token, session) as client:
        await paint()
        assert (await client.image())["taskUUID"] == task


async def test_what_was_sent_before_is_not_sent_again(token: str) -> None:
    async with dialled(token) as client:
        session = await client.greet()
        await client.ask()
        await paint()
        await client.image()
        await client.nothing_more()
    async with greeted(token, session) as client:
        await client.nothing_more()


async def test_pictures_from_the_cache_wait_too(token: str) -> None:
    async with greeted(token) as client:
        await client.ask()
        await paint()
        first = await client.image()
    session, task = await cut_off_at_once(token)
    async with greeted(token, session) as client:
        again = await client.image()
        assert (again["imageUUID"], again["taskUUID"]) == (first["imageUUID"], task)


async def cut_off_at_once(token: str) -> tuple[str, str]:
    async with dialled(token) as client:
        session = await client.greet()
        client.connection.reads.clear()
        task = await client.ask(useCache=None)
    return session, task


async def test_a_failure_meanwhile_is_told_on_return(token: str) -> None:
    session, task = await cut_off(token)
    await sync_to_async((await Generation.objects.select_related("payer").aget()).cancel)()
    async with greeted(token, session) as client:
        assert (await client.error())["taskUUID"] == task


async def test_what_was_made_more_than_two_minutes_ago_is_in_the_gallery_alone(
    token: str,
) -> None:
    session, _ = await cut_off(token)
    await paint()
    long_ago = timezone.now() - dt.timedelta(seconds=121)
    await Generation.objects.aupdate(finished_at=long_ago)
    async with dialled(token) as client:
        await resumed(client, session)
        await client.nothing_more()


async def test_a_session_goes_on_where_a_broken_connection_was_not_noticed(token: str) -> None:
    async with dialled(token) as old:
        session = await old.greet()
        task = await old.ask()
        await old.nothing_more()
        async with dialled(token) as client:
            await resumed(client, session)
            await paint()
            assert (await client.image())["taskUUID"] == task
        assert await old.connection.close_code() == 4409


async def test_what_went_into_a_dead_connection_is_sent_again(token: str) -> None:
    async with dialled(token) as old:
        session = await old.greet()
        await old.ask()
        await paint()
        lost = (await old.image())["imageUUID"]
        async with greeted(token, session) as client:
            assert (await client.image())["imageUUID"] == lost


async def test_a_killed_process_loses_no_task(token: str) -> None:
    session, task = await cut_off(token)
    await ParkedSession.objects.all().adelete()
    async with greeted(token, session) as client:
        await paint()
        assert (await client.image())["taskUUID"] == task


async def test_a_session_is_its_owners_alone(token: str, mallory: User) -> None:
    session, _ = await cut_off(token)
    await paint()
    _, headers = await sync_to_async(make_key)(mallory)
    async with greeted(headers["Authorization"].removeprefix("Bearer "), session) as client:
        await client.nothing_more()
    async with greeted(token, session) as client:
        await client.image()


@pytest.mark.parametrize("session", ["", "nonsense", "x" * 500])
async def test_a_session_that_cannot_be_one_is_a_new_one(token: str, session: str) -> None:
    async with dialled(token) as client:
        assert uuid.UUID(await client.greet(session))


def test_of_one_persons_sessions_only_so_many_wait(
    alice: User, mallory: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked_session, "MOST", 2)
    ParkedSession.objects.park(mallory, uuid.uuid4(), {})
    ids = [uuid.uuid4() for _ in range(3)]
    for session in (*ids, ids[1]):
        ParkedSession.objects.park(alice, session, {})
    left = ParkedSession.objects.filter(user=alice).values_list("session", flat=True)
    assert set(left) == set(ids[1:])
    assert ParkedSession.objects.filter(user=mallory).exists()


async def test_a_story_stops_what_began_as_another_of_its_name_ended() -> None:
    story = Story(None, None, None, None)  # type: ignore[arg-type]
    story.start("name", asyncio.sleep(0))
    while not story.jobs["name"].done():
        await asyncio.sleep(0)
    story.start("name", asyncio.sleep(60))
    later = story.jobs["name"]
    await asyncio.sleep(0)
    await story.stop()
    assert later.cancelled()


async def test_sessions_that_nobody_resumes_are_forgotten(alices: Program, token: str) -> None:
    await cut_off(token)
    parked = await ParkedSession.objects.aget()
    parked.parked_at -= dt.timedelta(days=1, minutes=1)
    await parked.asave()
    await sync_to_async(scheduling.forget_old_keys)()
    assert not await ParkedSession.objects.aexists()
