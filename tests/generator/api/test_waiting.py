"""An answer that is held back until the task is finished, through the application we serve."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from django.db import connections

from config.asgi import LANES, application
from tests.generator.api.programs import TASKS, Program, body
from tests.generator.orders import run_all

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = {"ratio": None, "width": 256, "height": 256}


@pytest_asyncio.fixture
async def http(alices: Program) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application)
    base = "http://127.0.0.1"
    async with httpx.AsyncClient(
        transport=transport, base_url=base, headers=alices.headers, timeout=60
    ) as client:
        yield client


async def until_queued(http: httpx.AsyncClient, count: int = 1) -> list[str]:
    """The ids of `count` queued tasks, once there are so many."""
    while True:
        items = (await http.get("/v1/tasks?status=queued")).json()["items"]
        if len(items) >= count:
            return [item["id"] for item in items]
        await asyncio.sleep(0.01)


def work() -> None:
    """What a worker would do, on a thread of its own."""
    try:
        run_all()
    finally:
        connections.close_all()


async def test_a_submission_that_waits_is_answered_with_the_picture(
    http: httpx.AsyncClient,
) -> None:
    waiting = asyncio.create_task(
        http.post(TASKS, json=body(**SMALL), headers={"Prefer": "respond-async, wait=50"})
    )
    await until_queued(http)
    await asyncio.to_thread(work)
    answer = await waiting
    assert (answer.status_code, answer.json()["status"]) == (202, "succeeded")
    assert answer.headers["Preference-Applied"] == "wait=50"


@pytest.mark.parametrize("path", ["/v1/tasks/{}?wait=50", "/v1/tasks/text-to-image/{}?wait=50"])
async def test_a_look_that_waits_is_answered_with_the_picture(
    http: httpx.AsyncClient, path: str
) -> None:
    task = (await http.post(TASKS, json=body(**SMALL))).json()
    waiting = asyncio.create_task(http.get(path.format(task["id"])))
    await asyncio.to_thread(work)
    assert (await waiting).json()["output"]["image"]


async def test_the_wait_ends_when_its_time_is_over(http: httpx.AsyncClient) -> None:
    answer = await http.post(TASKS, json=body(), headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")


async def test_a_cancelled_task_ends_the_wait(http: httpx.AsyncClient) -> None:
    task = (await http.post(TASKS, json=body())).json()
    waiting = asyncio.create_task(http.get(f"/v1/tasks/{task['id']}?wait=50"))
    await http.post(f"/v1/tasks/{task['id']}/cancel", json={})
    assert (await waiting).json()["meta"]["error"]["code"] == "cancelled"


async def test_more_wait_than_there_are_threads(http: httpx.AsyncClient) -> None:
    waiting = [
        asyncio.create_task(http.post(TASKS, json=body(**SMALL), headers={"Prefer": "wait=50"}))
        for _ in range(5 * LANES)
    ]
    await until_queued(http, len(waiting))
    await asyncio.to_thread(work)
    answers = await asyncio.gather(*waiting)
    assert {answer.json()["status"] for answer in answers} == {"succeeded"}


async def test_a_stranger_cannot_wait_for_a_task(
    http: httpx.AsyncClient, mallorys: Program
) -> None:
    task = (await http.post(TASKS, json=body())).json()
    answer = await http.get(f"/v1/tasks/{task['id']}?wait=50", headers=mallorys.headers)
    assert answer.status_code == 404


@pytest.mark.parametrize("wait", ["-1", "61", "x", ""])
async def test_a_wrong_wait_is_named(http: httpx.AsyncClient, wait: str) -> None:
    task = (await http.post(TASKS, json=body())).json()
    answer = await http.get(f"/v1/tasks/{task['id']}?wait={wait}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["wait"])
