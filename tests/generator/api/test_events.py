"""The WebSocket /v1/events: what it tells, to whom, and what it refuses."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as limner
from django.db import connections
from django.db.models import F
from django.test import Client

from accounts.models import User
from generator import watching
from generator.models import Generation
from generator.sockets import places
from tests.generator.api.connections import PATIENCE, Connection, connected
from tests.generator.api.programs import Program
from tests.generator.orders import run_all, submit

pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = "/v1/events"


@sync_to_async
def submitted(owner: User) -> str:
    return str(submit(owner).pk)


def cancelled(owner: User) -> None:
    submit(owner).cancel()


def work() -> None:
    try:
        run_all()
    finally:
        connections.close_all()


def cookies_of(user: User) -> dict[str, str]:
    """Headers of a browser in which `user` signed in."""
    client = Client()
    client.force_login(user)
    name = limner.SESSION_COOKIE_NAME
    return {"Cookie": f"{name}={client.cookies[name].value}"}


async def pinged(connection: Connection) -> None:
    """It is let in by then."""
    await connection.say('{"type": "ping"}')
    assert await connection.message() == {"type": "pong"}


async def test_it_tells_each_state_until_the_picture_is_there(alices: Program) -> None:
    task_id = await submitted(alices.user)
    async with connected(EVENTS, alices.headers) as connection:
        first = await connection.message()
        assert (first["type"], first["task"]["id"]) == ("task", task_id)
        assert first["task"]["status"] == "queued"
        await asyncio.to_thread(work)
        while (last := await connection.message())["task"]["status"] != "succeeded":
            pass
        assert last["task"]["output"]["image"]


async def test_it_tells_of_tasks_that_come_later(alices: Program) -> None:
    async with connected(EVENTS, alices.headers) as connection:
        task_id = await submitted(alices.user)
        assert (await connection.message())["task"]["id"] == task_id


async def test_it_tells_of_a_task_that_began_and_ended_between_two_looks(
    alices: Program,
) -> None:
    async with connected(EVENTS, alices.headers) as connection:
        await connection.say('{"type": "ping"}')
        await connection.message()
        await submitted(alices.user)
        await asyncio.to_thread(work)
        while (await connection.message())["task"]["status"] != "succeeded":
            pass


async def test_what_ended_before_is_no_news(alices: Program) -> None:
    await submitted(alices.user)
    await asyncio.to_thread(work)
    later = await submitted(alices.user)
    async with connected(EVENTS, alices.headers) as connection:
        assert (await connection.message())["task"]["id"] == later


async def test_a_task_is_followed_though_many_come_after_it(alices: Program, settings: Any) -> None:
    first = await submitted(alices.user)
    async with connected(EVENTS, alices.headers) as connection:
        await connection.message()
        settings.MAX_QUEUED_PER_USER = 2
        for _ in range(5):
            await sync_to_async(cancelled)(alices.user)
        await reach(first, 2)
        while (task := (await connection.message())["task"])["id"] != first:
            pass
        assert task["meta"]["progress"]["step"] == 2


async def test_it_tells_nothing_of_other_peoples_tasks(alices: Program, mallory: User) -> None:
    await submitted(mallory)
    mine = await submitted(alices.user)
    async with connected(EVENTS, alices.headers) as connection:
        assert (await connection.message())["task"]["id"] == mine
        await connection.say('{"type": "ping"}')
        assert await connection.message() == {"type": "pong"}


async def test_a_slow_reader_gets_the_newest_state_alone(alices: Program) -> None:
    task_id = await submitted(alices.user)
    async with connected(EVENTS, alices.headers) as connection:
        await connection.message()
        connection.reads.clear()
        for step in range(1, 30):
            before = await reach(task_id, step)
            # Whoever in this process waits for the task has heard of this step by then.
            assert await watching.changed(before, PATIENCE)
        connection.reads.set()
        steps = [0]
        while steps[-1] < 29:
            steps.append((await connection.message())["task"]["meta"]["progress"]["step"])
        # One was on its way when the reader stopped; all between it and the last are left out.
        assert len(steps) <= 4


@sync_to_async
def reach(task_id: str, step: int) -> dict[uuid.UUID, int]:
    """Go to `step`; returns the revision that the task had before it."""
    generation = Generation.objects.get(pk=task_id)
    Generation.objects.filter(pk=task_id).update(step=step, revision=F("revision") + 1)
    return {generation.pk: generation.revision}


@pytest.mark.parametrize("text", ["", "ping", "[1]", '{"type": "pong"}', "[" * 900])
async def test_anything_but_a_ping_is_answered_with_an_error(alices: Program, text: str) -> None:
    async with connected(EVENTS, alices.headers) as connection:
        await connection.say(text)
        assert (await connection.message())["type"] == "error"


async def test_a_long_message_closes(alices: Program) -> None:
    async with connected(EVENTS, alices.headers) as connection:
        await connection.say("x" * 1001)
        assert await connection.close_code() == 4413


@pytest.mark.parametrize("path", ["/v2", "/v1/events/", "/", "/v1/tasks"])
async def test_another_path_is_closed_as_unknown(alices: Program, path: str) -> None:
    async with connected(path, alices.headers) as connection:
        assert await connection.close_code() == 4404


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer lim_no"}, {"Origin": limner.BASE_URL}]
)
async def test_who_has_no_key_and_no_session_is_closed(headers: dict[str, str]) -> None:
    async with connected(EVENTS, headers) as connection:
        assert await connection.close_code() == 4401


async def test_a_key_that_may_not_read_is_closed(alice: User) -> None:
    program = await sync_to_async(Program)(alice, ["generate"])
    async with connected(EVENTS, program.headers) as connection:
        assert await connection.close_code() == 4403


async def test_more_connections_than_anybody_needs_are_closed(
    alices: Program, mallory: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST", 1)
    mallorys = await sync_to_async(Program)(mallory)
    async with connected(EVENTS, alices.headers) as first:
        await pinged(first)
        async with connected(EVENTS, alices.headers) as second:
            assert await second.close_code() == 4429
        async with connected(EVENTS, mallorys.headers) as another:
            await pinged(another)
    async with connected(EVENTS, alices.headers) as later:
        await pinged(later)


async def test_a_revoked_key_is_closed(alices: Program) -> None:
    async with connected(EVENTS, alices.headers) as connection:
        await sync_to_async(alices.key.revoke)()
        assert await connection.close_code() == 4401


async def test_a_page_of_ours_is_let_in_by_its_session(alice: User) -> None:
    headers = await sync_to_async(cookies_of)(alice)
    await submitted(alice)
    async with connected(EVENTS, {**headers, "Origin": limner.BASE_URL}) as connection:
        assert (await connection.message())["type"] == "task"


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1.evil"])
async def test_a_page_of_another_site_is_closed(alice: User, origin: str | None) -> None:
    headers: dict[str, Any] = await sync_to_async(cookies_of)(alice)
    if origin:
        headers["Origin"] = origin
    async with connected(EVENTS, headers) as connection:
        assert await connection.close_code() == 4403


async def test_signing_out_closes(alice: User) -> None:
    headers = await sync_to_async(cookies_of)(alice)
    async with connected(EVENTS, {**headers, "Origin": limner.BASE_URL}) as connection:
        await sync_to_async(sign_out)(headers)
        assert await connection.close_code() == 4401


def sign_out(headers: dict[str, str]) -> None:
    client = Client(headers=headers)
    client.cookies.load(headers["Cookie"])
    client.logout()
