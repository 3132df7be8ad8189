"""Await the next change of a generation.

Whatever waits in this process (synchronous APIs, WebSockets) shares one poller:
a single query per tick, whatever the number of waiters.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async

from generator.models import Generation

#: Seconds between looks while somebody has waited for less than `IMPATIENCE` seconds, and after.
TICK, SLOW_TICK = 0.02, 0.1
IMPATIENCE = 3.0
#: Ids in one query; SQLite takes no more variables than this comfortably.
CHUNK = 500


class Watcher:
    """One event loop's poller. It runs only while somebody waits."""

    def __init__(self) -> None:
        self.waiters: dict[asyncio.Future[set[uuid.UUID]], dict[uuid.UUID, int]] = {}
        self.poller: asyncio.Task[None] | None = None
        self.newest = 0.0

    async def changed(self, seen: Mapping[uuid.UUID, int], timeout: float) -> set[uuid.UUID]:
        future: asyncio.Future[set[uuid.UUID]] = asyncio.get_running_loop().create_future()
        self.waiters[future] = dict(seen)
        self.newest = time.monotonic()
        if self.poller is None or self.poller.done():
            self.poller = asyncio.create_task(self._poll())
        try:
            return await asyncio.wait_for(future, timeout)
        except TimeoutError:
            return set()
        finally:
            self.waiters.pop(future, None)

    async def _poll(self) -> None:
        try:
            while self.waiters:
                await self._look()
                young = time.monotonic() - self.newest < IMPATIENCE
                await asyncio.sleep(TICK if young else SLOW_TICK)
        except Exception as error:
            for future in self.waiters:
                if not future.done():
                    future.set_exception(error)
            raise

    async def _look(self) -> None:
        watched = list({pk for seen in self.waiters.values() for pk in seen})
        revisions = await revisions_of(watched)
        for future, seen in list(self.waiters.items()):
            moved = {pk for pk, revision in seen.items() if revisions.get(pk) != revision}
            # A waiter that came while we looked asks for ids that were not in the query.
            moved &= set(watched)
            if moved and not future.done():
                future.set_result(moved)


_watchers: WeakKeyDictionary[asyncio.AbstractEventLoop, Watcher] = WeakKeyDictionary()


async def changed(seen: Mapping[uuid.UUID, int], timeout: float) -> set[uuid.UUID]:
    """The generations whose revision is not what `seen` says, as soon as there are any.

    Empty after `timeout` seconds. A generation that is gone counts as changed.
    """
    loop = asyncio.get_running_loop()
    watcher = _watchers.get(loop)
    if watcher is None:
        watcher = _watchers[loop] = Watcher()
    return await watcher.changed(seen, timeout)


@sync_to_async(thread_sensitive=True)
def revisions_of(ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    found: dict[uuid.UUID, int] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Generation.objects.filter(pk__in=ids[start : start + CHUNK])
        found.update(rows.values_list("pk", "revision"))
    return found
