"""Notices keys that stop opening anything while a connection uses them.

All connections of a process share one look: a single query per second.
"""

from __future__ import annotations

import asyncio
import logging
from weakref import WeakKeyDictionary

from django.db import Error

from accounts.models import ApiKey
from generator.sockets.asking import in_lane

logger = logging.getLogger("limner.sockets")

#: Seconds between two looks.
REFRESH = 1.0


class Attendance:
    """The keys in use on one event loop. It looks only while there are any."""

    def __init__(self) -> None:
        self.present: dict[asyncio.Future[None], int] = {}
        self.looking: asyncio.Task[None] | None = None

    async def until_useless(self, key_id: int) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.present[future] = key_id
        if self.looking is None or self.looking.done():
            self.looking = asyncio.create_task(self._look())
        try:
            await future
        finally:
            self.present.pop(future, None)

    async def _look(self) -> None:
        while self.present:
            await asyncio.sleep(REFRESH)
            # Who comes while we look is not in the question, and so not in the answer.
            asked = dict(self.present)
            try:
                usable = await in_lane(_usable, set(asked.values()))
            except Error as error:
                logger.error("the database did not answer", exc_info=error)
                continue
            for future, key_id in asked.items():
                if key_id not in usable and not future.done():
                    future.set_result(None)


_attendances: WeakKeyDictionary[asyncio.AbstractEventLoop, Attendance] = WeakKeyDictionary()


async def until_useless(key_id: int) -> None:
    """Return when this key is revoked or past, or its owner may not sign in any more."""
    loop = asyncio.get_running_loop()
    await _attendances.setdefault(loop, Attendance()).until_useless(key_id)


def _usable(ids: set[int]) -> set[int]:
    return set(ApiKey.objects.usable().filter(pk__in=ids).values_list("pk", flat=True))
