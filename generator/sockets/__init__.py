"""WebSockets, by their path: our own events, and PicFinder's protocol."""

from __future__ import annotations

import asyncio
import contextlib

from generator.sockets import events, picfinder
from generator.sockets.ending import UNKNOWN_PATH, Channel, Closed, Connection

#: PicFinder's clients differ about the last slash, and none follows a redirect.
PATHS = {"/v1/events": events.serve, "/v1": picfinder.serve, "/v1/": picfinder.serve}

#: Seconds for saying why; who takes nothing does not take that either.
FAREWELL = 5.0


async def application(scope: Connection, receive: Channel, send: Channel) -> None:
    """Plain ASGI: one call per connection."""
    if (await receive())["type"] != "websocket.connect":
        return
    # A refusal before accepting reaches a browser's script without its code.
    await send({"type": "websocket.accept"})
    try:
        serve = PATHS.get(scope["path"])
        if serve is None:
            raise Closed(UNKNOWN_PATH, "Nothing is served at this path.")
        await serve(scope, receive, send)
    except Closed as end:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await send({"type": "websocket.close", "code": end.code, "reason": end.reason})
