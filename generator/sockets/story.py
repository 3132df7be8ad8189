"""Telling one client of PicFinder's socket what it asked for, as it comes."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Coroutine
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError

from generator import watching
from generator.dialects import Problem
from generator.sockets import following
from generator.sockets.asking import Asker, Reply, in_lane
from generator.sockets.handlers import Words
from generator.sockets.sessions import Session
from generator.sockets.voice import Voice

logger = logging.getLogger("limner.sockets")

#: Seconds after which a generation is looked at again though nothing was heard of it.
PATIENCE = 60.0
#: Seconds until a look that found no database is repeated.
PAUSE = 1.0


class Story:
    """What is told on one connection, and what of it its session is still owed."""

    def __init__(self, asker: Asker, session: Session, voice: Voice, words: Words) -> None:
        self.asker, self.session, self.voice, self.words = asker, session, voice, words
        self.jobs: dict[object, asyncio.Task[None]] = {}

    def begin(self) -> None:
        """Tell what a resumed session is owed."""
        if self.session.letters:
            self.start("letters", self._read_letters())
        for pk in self.session.owed:
            self.start(pk, self._follow(pk))

    def start(self, name: object, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside all else, until it ends or the story is stopped."""
        job = self.jobs[name] = asyncio.create_task(work)
        job.add_done_callback(partial(self._ended, name))

    def _ended(self, name: object, job: asyncio.Task[None]) -> None:
        # Another may have begun under the same name by the time that we hear of it.
        if self.jobs.get(name) is job:
            del self.jobs[name]

    async def stop(self) -> None:
        """Tell nothing more."""
        jobs = list(self.jobs.values())
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)

    async def answer(self, reply: Reply | Problem, body: object) -> None:
        """Send a handler's reply, and follow what it began; what does not get through is kept."""
        if isinstance(reply, Problem):
            await self.complain(reply, body)
            return
        for message in reply.messages:
            await self._tell(message)
        if reply.follow and not self.session.follows(reply.follow):
            self.session.begin(reply.follow)
            if not self.voice.lost.is_set():
                self.start(reply.follow, self._follow(reply.follow))

    async def complain(self, problem: Problem, body: object) -> None:
        """An error, and at once what sets clients right that take it for a failed greeting."""
        await self._tell(self.words.error_about(problem, body))
        if self.words.NEEDS_CURE:
            await self._tell(self.words.session(str(self.session.id)))

    async def _tell(self, message: Any) -> None:
        if not await self.voice.say(message):
            self.session.keep(message)

    async def _read_letters(self) -> None:
        letters = self.session.letters
        while letters and await self.voice.say_text(letters[0][1]):
            letters.popleft()

    async def _follow(self, pk: uuid.UUID) -> None:
        """Tell of a generation until it ended and all was told."""
        while True:
            try:
                await self._follow_while_there_is_a_database(pk)
            except (OperationalError, InterfaceError) as error:
                logger.error("the database did not answer", exc_info=error)
                await asyncio.sleep(PAUSE)
            else:
                return

    async def _follow_while_there_is_a_database(self, pk: uuid.UUID) -> None:
        sent = self.session.owed[pk]
        costs, user = self.asker.costs, self.asker.user
        while True:
            found = await in_lane(following.look, pk, user, set(sent), costs=costs)
            for position, message in found.pictures:
                if not await self.voice.say(message):
                    return
                sent[position] = time.monotonic()
            if found.revision is None:
                break
            if not found.pictures:
                await watching.changed({pk: found.revision}, PATIENCE)
        if found.problem:
            await self.complain(found.problem, found.body)
        self.session.end(pk)
