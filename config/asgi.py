"""One port: pages through WSGI threads, what waits and WebSockets as native async.

Pages are faster as WSGI and keep their database connections; a request that waits for a
picture must not hold one of those threads. Measured in docs/decisions/0003-one-port.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import itertools
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from a2wsgi import WSGIMiddleware
from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from config.wsgi import application as pages_as_wsgi
from generator.dialects import a1111, modelslab, openai_edits, picfinder_array
from generator.dialects.registry import FOREIGN

#: Threads for pages; stack measurements showed no gain beyond eight.
PAGE_THREADS = 8
#: Threads that waiting requests share for their short database calls.
LANES = 4
#: So many more objects than before are looked through for garbage; Python's own number is 700.
NEW_OBJECTS = 10_000
#: Bytes of a body that are kept, more than anything here reads: Django writes all to disk first.
MOST_TAKEN = 64 * 2**20

_TASK = re.compile(r"^/v1/tasks/(?:text-to-image/)?[0-9a-fA-F-]+/?$")
#: Zips are made while they are sent, and a slow line must not hold a thread either.
_ZIP = re.compile(r"^/(?:gallery|collections)/(?:[^/]+/)?zip/$")
_SUBMIT = "/v1/tasks/text-to-image"
#: Services that answer with the picture, and never before.
_FROM_PICTURES = {openai_edits.path, a1111.FROM_PICTURES}
_FOREIGN = frozenset(dialect.path for dialect in FOREIGN).union(
    modelslab.PATHS, _FROM_PICTURES, picfinder_array.PATHS
)

# Django would give each async request a thread, and so a database connection, of its own.
_lanes = [ThreadSensitiveContext() for _ in range(LANES)]
_next_lane = itertools.cycle(_lanes)


async def _in_a_lane(app: Any, scope: Any, receive: Any, send: Any) -> None:
    """`app` for one request, on a few lasting threads and in a context of its own.

    After a large body uvicorn hands on the context in which it was read to the next request of
    the same connection, with an executor in it that has ended by then.
    """
    context = contextvars.Context()
    context.run(SyncToAsync.thread_sensitive_context.set, next(_next_lane))
    await asyncio.create_task(app(scope, _in_bounds(receive), send), context=context)


def _in_bounds(receive: Any) -> Any:
    """`receive`, which drops what is beyond `MOST_TAKEN`: whoever reads finds enough to refuse."""
    taken = 0

    async def bounded() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        over = message["type"] == "http.request" and taken > MOST_TAKEN
        return {**message, "body": b""} if over else message

    return bounded


_pages: Any = WSGIMiddleware(pages_as_wsgi, workers=PAGE_THREADS)
_waiting = ASGIHandler().handle


def waits(scope: dict[str, Any]) -> bool:
    """Whether this HTTP request may wait for a picture, and so must not hold a thread.

    Dialects that wait say so by being in their registry; any other is added here.
    """
    path = scope["path"]
    if path in _FOREIGN or _ZIP.match(path):
        return True
    if scope["method"] == "GET" and _TASK.match(path):
        return "wait" in parse_qs(
            scope["query_string"].decode("latin-1"), keep_blank_values=True
        ) or _prefers_wait(scope)
    return scope["method"] == "POST" and path.rstrip("/") == _SUBMIT and _prefers_wait(scope)


def _prefers_wait(scope: dict[str, Any]) -> bool:
    """RFC 7240: `Prefer: wait=10`, perhaps among other preferences."""
    preferences = b",".join(value for name, value in scope["headers"] if name == b"prefer")
    words = (word.partition(b"=")[0].strip().lower() for word in preferences.split(b","))
    return b"wait" in words


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """What uvicorn serves."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket":
        await _in_a_lane(import_module("generator.sockets").application, scope, receive, send)
    elif waits(scope):
        await _in_a_lane(_waiting, scope, receive, send)
    else:
        await _pages(scope, receive, send)


async def _live(receive: Any, send: Any) -> None:
    await receive()
    with _settled():
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


@contextlib.contextmanager
def _settled() -> Iterator[None]:
    """While we serve: what is loaded stays, so that nobody looks through it for garbage.

    Python would, after every few hundred new objects, and a page of pictures makes thousands.
    """
    import_module(settings.ROOT_URLCONF)
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
