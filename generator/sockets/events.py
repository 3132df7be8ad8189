"""The WebSocket /v1/events: tells its caller about each change of their unfinished tasks.

Sends `{"type": "task", "task": {…}}`, with the task as `GET /v1/tasks/{id}` shows it.
`{"type": "ping"}` is answered with `{"type": "pong"}`. Opened with a Bearer key, or with
the session of a page of ours.

A slow reader costs nothing but its own freshness: while a message waits to be taken,
changes are not queued; when it was taken, the newest state of each task follows.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPMethod
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

from accounts.authentication import authenticate_key, bearer_token
from accounts.models import ApiKey, Scope, User
from accounts.throttling import count_wrong_key
from generator import watching
from generator.dialects import native
from generator.models import Generation
from generator.models.status import UNFINISHED
from generator.results import results
from generator.sockets.ending import (
    FORBIDDEN,
    TOO_LARGE,
    TOO_OFTEN,
    UNAUTHENTICATED,
    Channel,
    Closed,
    Connection,
)
from generator.sockets.places import place_of

#: Seconds after which new tasks and revoked keys are looked for.
REFRESH = 1.0
MAX_MESSAGE = 1000
NOT_A_PING = {"type": "error", "message": "The only message understood here is a ping."}


@dataclass(frozen=True)
class Look:
    """A task as it was when we looked last."""

    revision: int
    finished: bool


@dataclass(frozen=True)
class Caller:
    """Who opened the connection, and how to ask whether that still holds."""

    user: User
    still_may: Callable[[], bool]


async def serve(scope: Connection, receive: Channel, send: Channel) -> None:
    """One accepted connection, until its end; raises `Closed`."""
    caller = await _authenticate(scope)
    with place_of(caller.user.pk):
        await _serve(caller, receive, send)


async def _serve(caller: Caller, receive: Channel, send: Channel) -> None:
    """Report and listen until either ends."""
    lock = asyncio.Lock()

    async def say(message: Mapping[str, Any]) -> None:
        async with lock:
            await send({"type": "websocket.send", "text": json.dumps(message)})

    jobs = [asyncio.create_task(_report(caller, say)), asyncio.create_task(_listen(receive, say))]
    try:
        done, _running = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    for job in done:
        with contextlib.suppress(OSError):  # the other side is gone
            job.result()


async def _report(caller: Caller, say: Channel) -> None:
    seen: dict[uuid.UUID, Look] | None = None
    while True:
        now, tasks = await _changes(caller, seen)
        for task in tasks:
            await say({"type": "task", "task": task})
        seen = now
        unfinished = {pk: look.revision for pk, look in now.items() if not look.finished}
        await watching.changed(unfinished, REFRESH)


async def _listen(receive: Channel, say: Channel) -> None:
    while (message := await receive())["type"] == "websocket.receive":
        text = message.get("text") or ""
        if len(text) > MAX_MESSAGE:
            raise Closed(TOO_LARGE, f"Messages have at most {MAX_MESSAGE} characters.")
        await say({"type": "pong"} if _is_ping(text) else NOT_A_PING)


def _is_ping(text: str) -> bool:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(message, dict) and message.get("type") == "ping"


@sync_to_async
def _changes(
    caller: Caller, seen: Mapping[uuid.UUID, Look] | None
) -> tuple[dict[uuid.UUID, Look], list[dict[str, Any]]]:
    """The caller's latest tasks as they are now, and those that changed since `seen`.

    At first, those that have ended are no news; later they are, for a short task may begin
    and end between two looks.
    """
    if not caller.still_may():
        raise Closed(UNAUTHENTICATED, "This key or session is no longer valid.")
    now = _latest(caller.user, seen or {})
    if seen is None:
        moved = [pk for pk, look in now.items() if not look.finished]
    else:
        moved = [pk for pk, look in now.items() if seen.get(pk) != look]
    tasks = results(moved, caller.user) if moved else []
    return now, [native.write(result) for result in tasks]


def _latest(user: User, seen: Mapping[uuid.UUID, Look]) -> dict[uuid.UUID, Look]:
    """More of the newest than may wait at once, and older ones that were not finished yet."""
    mine = Generation.objects.of(user).values_list("pk", "revision", "status")
    at_once = 2 * max(settings.MAX_QUEUED_PER_USER, user.most_queued)
    newest = mine.order_by("-created_at", "-pk")[:at_once]
    now = {pk: Look(revision, status not in UNFINISHED) for pk, revision, status in newest}
    older = [pk for pk, look in seen.items() if pk not in now and not look.finished]
    for pk, revision, status in mine.filter(pk__in=older) if older else ():
        now[pk] = Look(revision, status not in UNFINISHED)
    return now


@sync_to_async
def _authenticate(scope: Connection) -> Caller:
    request = ASGIRequest({**scope, "method": HTTPMethod.GET.value}, io.BytesIO())
    found = _by_key(request) if bearer_token(request) else _by_session(request)
    if found is None:
        raise Closed(UNAUTHENTICATED, "Unauthenticated.")
    return found


def _by_key(request: HttpRequest) -> Caller | None:
    key = authenticate_key(request)
    if key is None:
        if not count_wrong_key(request).allowed:
            raise Closed(TOO_OFTEN, "Too many wrong keys; try again later.")
        return None
    if not key.allows(Scope.READ):
        raise Closed(FORBIDDEN, "This key lacks the scope “read”.")
    return Caller(key.user, ApiKey.objects.usable().filter(pk=key.pk).exists)


def _by_session(request: HttpRequest) -> Caller | None:
    # A browser sends the cookie whoever's page opens the socket; Origin tells whose it is.
    if not _is_ours(request):
        raise Closed(FORBIDDEN, "This origin may not connect.")
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    user = _user_of(session_key)
    return Caller(user, lambda: _user_of(session_key) == user) if user else None


def _user_of(session_key: str | None) -> User | None:
    """Whom a session belongs to now; None when it ended."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) else None


def _is_ours(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    try:
        here = f"{'https' if request.is_secure() else 'http'}://{request.get_host()}"
    except DisallowedHost:
        return False
    return origin in {here, *settings.CSRF_TRUSTED_ORIGINS}
