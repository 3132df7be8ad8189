"""Programs that wait for their picture, through the application we serve."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from asgiref.testing import ApplicationCommunicator

from config.asgi import LANES, application, waits
from gallery.models import Asset
from generator.dialects.registry import FOREIGN
from generator.models import Generation
from tests.config.test_asgi import scope
from tests.generator.api.foreign.services import SERVICES
from tests.generator.api.programs import Program
from tests.generator.api.test_waiting import work

SERVICE = SERVICES[0]
MANY = 200


@pytest_asyncio.fixture
async def http(alices: Program) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application),
        base_url="http://127.0.0.1",
        headers=alices.headers,
        timeout=120,
    ) as client:
        yield client


async def until_queued(count: int) -> None:
    while await Generation.objects.acount() < count:
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("dialect", FOREIGN, ids=lambda dialect: dialect.name)
def test_every_dialect_that_waits_holds_no_thread(dialect: Any) -> None:
    assert waits(scope(dialect.path, method="POST"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
async def test_two_hundred_wait_at_once_without_a_thread_each(
    http: httpx.AsyncClient, settings: Any
) -> None:
    settings.MAX_QUEUED_PER_USER = MANY
    sent = [http.post(SERVICE.dialect.path, json=SERVICE.body) for _ in range(MANY)]
    waiting = [asyncio.create_task(each) for each in sent]
    await until_queued(MANY)
    assert threading.active_count() < MANY // 4 + LANES
    await asyncio.to_thread(work)
    answers = await asyncio.gather(*waiting)
    assert all(SERVICE.succeeded(answer.json()) for answer in answers)


@pytest.mark.django_db(transaction=True)
async def test_who_hangs_up_finds_the_picture_in_the_gallery(alices: Program) -> None:
    headers = {**alices.headers, "Content-Length": "53"}
    body = b'{"prompt":"a red house", "width": 320, "height": 320}'
    visit = ApplicationCommunicator(
        application, scope(SERVICE.dialect.path, method="POST", headers=headers)
    )
    await visit.send_input({"type": "http.request", "body": body, "more_body": False})
    await until_queued(1)
    await visit.send_input({"type": "http.disconnect"})
    await visit.wait(20)
    await asyncio.to_thread(work)
    assert await Asset.objects.visible_to(alices.user).acount() == 1
