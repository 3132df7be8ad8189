"""Speaking on a socket: one message at a time, and no longer than anybody listens."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from generator.sockets.ending import Channel

#: Seconds for which a client may take nothing of what it is sent.
SLOWEST = 60.0


class Voice:
    """Sends messages in turn; who speaks waits until the message before was taken.

    So a slow reader costs no memory, only its own freshness.
    """

    def __init__(self, send: Channel) -> None:
        self._send = send
        self._turn = asyncio.Lock()
        #: Set once nothing gets through any more.
        self.lost = asyncio.Event()

    async def say(self, message: Any) -> bool:
        """Send `message` as JSON; False when it did not get through, now or for good."""
        return await self.say_text(json.dumps(message))

    async def say_text(self, text: str) -> bool:
        """The same for JSON that was written before."""
        async with self._turn:
            if self.lost.is_set():
                return False
            try:
                async with asyncio.timeout(SLOWEST):
                    await self._send({"type": "websocket.send", "text": text})
            except (OSError, TimeoutError):
                self.lost.set()
                return False
            return True
