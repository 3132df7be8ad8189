"""A WebSocket client for tests that speaks ASGI to the application we serve."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from config.asgi import application

#: Seconds after which a test gives a message up.
PATIENCE = 20


class Connection:
    """What the application sent, in order, and a way to send."""

    def __init__(self) -> None:
        self.to_application: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.from_application: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        #: Cleared, it is a reader that takes nothing.
        self.reads = asyncio.Event()
        self.reads.set()
        self.hung_up = False
        #: The application, while it serves this.
        self.running: asyncio.Task[None]

    async def send_to_client(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        if self.hung_up:
            raise OSError("nobody is there")
        await self.from_application.put(message)

    async def event(self) -> dict[str, Any]:
        """The next ASGI message of the application."""
        return await asyncio.wait_for(self.from_application.get(), PATIENCE)

    async def message(self) -> Any:
        """The next text of the application, read as JSON."""
        return json.loads((await self.event())["text"])

    async def say(self, text: str) -> None:
        await self.to_application.put({"type": "websocket.receive", "text": text})

    async def close_code(self) -> int:
        """The code it is closed with, whatever is said before."""
        while (event := await self.event())["type"] != "websocket.close":
            pass
        code: int = event["code"]
        return code


@asynccontextmanager
async def connected(address: str, headers: Mapping[str, str]) -> AsyncIterator[Connection]:
    """An accepted connection to `address`, a path with or without a query; its end hangs up."""
    path, _, query = address.partition("?")
    connection = Connection()
    sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "websocket", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "scheme": "ws",
        "headers": [(b"host", b"127.0.0.1"), *sent], "subprotocols": [],
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await connection.to_application.put({"type": "websocket.connect"})
    connection.running = asyncio.create_task(
        application(scope, connection.to_application.get, connection.send_to_client)
    )
    try:
        assert await connection.event() == {"type": "websocket.accept"}
        yield connection
    finally:
        connection.hung_up = True
        connection.reads.set()
        await connection.to_application.put({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(connection.running, PATIENCE)
