"""A client of PicFinder's socket, as the tests see it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.db import connections

from generator.models import Generation
from tests.generator.api.connections import Connection, connected
from tests.generator.orders import run_all
from tests.waiting import until

SESSION = "newConnectionSessionUUID"


def work() -> None:
    """Paint whatever waits, once something does."""
    try:
        until(lambda: Generation.objects.filter(status="queued").exists())
        for engine in ("blank", "scripted"):
            run_all(engine)
    finally:
        connections.close_all()


async def paint() -> None:
    await asyncio.to_thread(work)


class Client:
    """Says one object a message, and hears one."""

    def __init__(self, connection: Connection, token: str) -> None:
        self.connection, self.token = connection, token

    async def say(self, message: Any) -> None:
        await self.connection.say(json.dumps(message))

    async def hear(self) -> Any:
        return await self.connection.message()

    async def greet(self, session: str = "") -> str:
        """The session's id."""
        known = {"connectionSessionUUID": session} if session else {}
        await self.say({"newConnection": {"apiKey": self.token, **known}})
        answer: str = (await self.hear())[SESSION]["connectionSessionUUID"]
        return answer

    async def ask(self, **fields: Any) -> str:
        """Send a small newTask; gives its id."""
        sent = task(**fields)
        await self.say({"newTask": sent})
        return str(sent["taskUUID"])

    async def image(self) -> dict[str, Any]:
        """The one picture of the next message."""
        [found] = (await self.hear())["newImages"]["images"]
        return dict(found)

    async def error(self) -> dict[str, Any]:
        """The next message, which is an error, and the cure behind it."""
        found = await self.hear()
        assert found["error"] is True
        assert set(await self.hear()) == {SESSION}
        return dict(found)

    async def nothing_more(self) -> None:
        """Nothing was said but the answer to a ping."""
        await self.say({"ping": True})
        assert await self.hear() == {"pong": True}


def task(**fields: Any) -> dict[str, Any]:
    plain = {
        "taskUUID": str(uuid.uuid4()),
        "promptText": "a red house",
        "numberResults": 1,
        "modelId": "4",
        "sizeId": 1,
        "taskType": 1,
        "useCache": False,
    }
    return {name: value for name, value in {**plain, **fields}.items() if value is not ...}


@asynccontextmanager
async def dialled(token: str, address: str = "/v1") -> AsyncIterator[Client]:
    """A connection that nobody greeted on."""
    async with connected(address, {}) as connection:
        yield Client(connection, token)


@asynccontextmanager
async def greeted(token: str, session: str = "", address: str = "/v1") -> AsyncIterator[Client]:
    """A connection after the greeting."""
    async with dialled(token, address) as client:
        await client.greet(session)
        yield client
