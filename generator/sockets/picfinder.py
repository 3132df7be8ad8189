"""PicFinder's WebSocket at /v1: greeting, pings, tasks, and pictures as they are made.

Reading goes on while messages are worked on, so that pings are answered; what waits to be
worked on is a short row, and when that is full its client waits as well. What a client could not
be sent is kept for it (`sessions`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Mapping
from typing import Any

from accounts.models import ApiKey
from generator.dialects import Problem, picfinder_array
from generator.sockets import attendance, frames, greeting, sessions
from generator.sockets.asking import Asker, handle, in_lane
from generator.sockets.ending import (
    FAULT,
    TOO_OFTEN,
    UNAUTHENTICATED,
    Channel,
    Closed,
    Connection,
)
from generator.sockets.handlers import ARRAYS, NEW_TASK, Speech
from generator.sockets.places import place_of
from generator.sockets.story import Story
from generator.sockets.voice import Voice

logger = logging.getLogger("limner.sockets")

#: Seconds until a client must have greeted with a key that opens something.
GREETING = 30.0
#: Messages that wait to be worked on; they may have 16 MiB each.
WAITING = 4
#: Seconds for handing a session over to another connection.
HANDING_OVER = 5.0
RESUMED, TOO_SLOW = 4409, 4408
STRANGER = "Send {} first."
#: Tasks of one array; more may follow in the next.
MOST_TASKS = 20
NO_OBJECT = "Send one JSON object a message."
NO_TASKS = f"Send an array of 1 to {MOST_TASKS} tasks a message."

GREETING_TASK = {"taskType": picfinder_array.GREETING}

#: The connections of this process by user and session, to hand a session over.
_live: dict[tuple[int, uuid.UUID], Talk] = {}


async def serve(scope: Connection, receive: Channel, send: Channel) -> None:
    """One accepted connection, until its end; raises `Closed`."""
    await Talk(scope, receive, send).run()


class Talk:
    """One connection. `asker` and `story` are there once its client has greeted."""

    def __init__(self, scope: Connection, receive: Channel, send: Channel) -> None:
        self.scope, self.receive, self.voice = scope, receive, Voice(send)
        #: The dialect of the first message is that of the connection.
        self.speech: Speech | None = None
        self.asker: Asker | None = None
        self.story: Story | None = None
        self.name: tuple[int, uuid.UUID] | None = None
        self.place = contextlib.ExitStack()
        self.superseded = False
        self.heard = time.monotonic()
        self.waiting: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue(WAITING)
        self.end: asyncio.Future[Closed | None] = asyncio.get_running_loop().create_future()
        self.finished = asyncio.Event()

    async def run(self) -> None:
        """Listen until either side ends it; then keep what did not get through."""
        jobs = [asyncio.create_task(each) for each in (self._listen(), self._notice_silence())]
        jobs[0].add_done_callback(self._listened)
        working = asyncio.create_task(self._work())
        try:
            end = await self.end
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            await self._leave(working)
        finally:
            working.cancel()
            self.place.close()
            if self.name and _live.get(self.name) is self:
                del _live[self.name]
            self.finished.set()
        if end:
            raise end

    async def hand_over(self) -> None:
        """End this connection, whose client has opened another, and park its session."""
        self.superseded = True
        self._finish(Closed(RESUMED, "The session goes on on another connection."))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.finished.wait(), HANDING_OVER)

    def _finish(self, end: Closed | None) -> None:
        if not self.end.done():
            self.end.set_result(end)

    def _listened(self, job: asyncio.Task[None]) -> None:
        """Nothing more is heard: the client is gone, or is to be."""
        error = None if job.cancelled() else job.exception()
        if error is None or isinstance(error, Closed):
            self._finish(error)
        else:
            logger.error("a socket could not be listened to", exc_info=error)
            self._finish(Closed(FAULT, "Something went wrong; connect again."))

    async def _notice_silence(self) -> None:
        await self.voice.lost.wait()
        self._finish(Closed(TOO_SLOW, "Nothing was taken of what was sent."))

    async def _leave(self, working: asyncio.Task[None]) -> None:
        """Stop telling, work off what was asked for, and park the session."""
        self.voice.lost.set()
        if self.story:
            await self.story.stop()
        await self.waiting.put(None)
        await working
        if self.story is None or self.asker is None:
            return
        if self.superseded:
            # The client gave this connection up: what came after its last word is lost.
            self.story.session.unsend(self.heard)
        await in_lane(self.story.session.park)

    # Hearing.

    async def _listen(self) -> None:
        deadline = time.monotonic() + GREETING
        while True:
            left = None if self.asker else max(0.0, deadline - time.monotonic())
            try:
                event = await asyncio.wait_for(self.receive(), left)
            except TimeoutError:
                # A clean end: after any other, the service's Python client would come again.
                raise Closed(1000, "Nobody greeted with a usable key.") from None
            if event["type"] != "websocket.receive":
                return
            self.heard = time.monotonic()
            await self._hear(event)

    async def _hear(self, event: Mapping[str, Any]) -> None:
        try:
            message = frames.read(event, known=self.asker is not None)
        except frames.Unreadable as wrong:
            await self._complain(_senseless(str(wrong)))
            return
        if self.speech is None and isinstance(message, list | dict):
            self.speech = ARRAYS if isinstance(message, list) else NEW_TASK
        heard = _tasks(message) if self.speech is ARRAYS else _messages(message)
        if not heard:
            await self._complain(_senseless(NO_TASKS if self.speech is ARRAYS else NO_OBJECT))
        for name, body in heard:
            await self._hear_one(name, body)

    async def _hear_one(self, name: str, body: Any) -> None:
        if name == "ping":
            await self.voice.say(self._said.words.PONG)
        elif name == self._said.greeting:
            await self._greet(body if isinstance(body, dict) else {})
        elif self.story is None:
            told = STRANGER.format(self._said.greeting)
            await self._complain(Problem(status=403, code="forbidden", message=told), body)
        elif name not in self._said.handlers or not isinstance(body, dict):
            told = f"“{name[:60]}” is no message that is understood here."
            await self._complain(_senseless(told), body)
        else:
            self.story.session.used = True
            await self.waiting.put((name, body))

    async def _greet(self, body: Mapping[str, Any]) -> None:
        before = self.asker.key if self.asker else None
        key = await in_lane(greeting.admitted, self.scope, body.get("apiKey"), before)
        if isinstance(key, Problem):
            await self._complain(key, GREETING_TASK)
            if key.status == 429:
                self._finish(Closed(TOO_OFTEN, key.message))
        elif self.story:
            await self.voice.say(self._said.words.session(str(self.story.session.id)))
        else:
            await self._begin(key, body.get("connectionSessionUUID"))

    async def _begin(self, key: ApiKey, wanted: object) -> None:
        """Go on with the session that is wanted, or begin a new one."""
        resumed = sessions.read_id(wanted)
        session_id = resumed or uuid.uuid4()
        name = self.name = (key.user.pk, session_id)
        before, _live[name] = _live.get(name), self
        if before:
            await before.hand_over()
        self.place.enter_context(place_of(key.user.pk))
        owed = sessions.resume if resumed else sessions.Session
        session = await in_lane(owed, session_id, key.user)
        self.asker = Asker(key, session_id, greeting.wants_costs(self.scope))
        words = self._said.words
        self.story = Story(self.asker, session, self.voice, words)
        await self.voice.say(words.session(str(session_id)))
        self.story.begin()
        self.story.start("key", self._attend(key))

    async def _attend(self, key: ApiKey) -> None:
        await attendance.until_useless(key.pk)
        await self.voice.say(self._said.words.error_about(greeting.WRONG_KEY, GREETING_TASK))
        self._finish(Closed(UNAUTHENTICATED, "This key opens nothing any more."))

    # Answering.

    async def _work(self) -> None:
        """Handle what was asked for, one message after the other."""
        while item := await self.waiting.get():
            name, body = item
            if self.asker and self.story:
                answer = await handle(self._said.handlers[name], self.asker, body)
                await self.story.answer(answer, body)

    @property
    def _said(self) -> Speech:
        return self.speech or NEW_TASK

    async def _complain(self, problem: Problem, body: object = None) -> None:
        if self.story:
            await self.story.complain(problem, body)
        else:
            await self.voice.say(self._said.words.error_about(problem, body))


def _senseless(told: str) -> Problem:
    return Problem(status=400, code="bad_request", message=told)


def _messages(message: Any) -> list[tuple[str, Any]]:
    """What an object says, by name; nothing where it is none."""
    return list(message.items()) if isinstance(message, dict) else []


def _tasks(message: Any) -> list[tuple[str, Any]]:
    """The tasks of an array, by type; nothing where it is none, or too long."""
    if not isinstance(message, list) or len(message) > MOST_TASKS:
        return []
    return [(picfinder_array.type_of(task), task) for task in message]
