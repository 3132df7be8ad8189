"""What a message on PicFinder's socket is handled with, and what its handler gives back."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from accounts.api.answers import refusal
from accounts.models import ApiKey, User
from accounts.throttling import count_request
from generator.api.problems import FAULTS, problem_of
from generator.dialects import Problem

logger = logging.getLogger("limner.sockets")

Given = ParamSpec("Given")
Found = TypeVar("Found")
Body = dict[str, Any]

#: Messages are worked on beside the lanes of `config.asgi`: a handler may fetch a picture, and
#: nobody's ping waits for that.
_hands = ThreadPoolExecutor(8, thread_name_prefix="socket")
FAULT = Problem(status=500, code="fault", message="Something went wrong; nothing was charged.")
TOO_OFTEN = "Too many requests; try again in {} s."


@dataclass(frozen=True)
class Asker:
    """Who sent a message, and on which terms. `session` is the connection's id for its client.

    `costs`: the client wants to be told what each picture cost.
    """

    key: ApiKey
    session: uuid.UUID
    costs: bool = False

    @property
    def user(self) -> User:
        return self.key.user


@dataclass(frozen=True)
class Reply:
    """What to send now, and the generation whose pictures are to follow, if any."""

    messages: tuple[Body, ...] = ()
    follow: uuid.UUID | None = None


#: Runs in a thread of its own kind, may take seconds, and may raise whatever
#: `generator.api.problems.FAULTS` lists: that becomes the client's error.
Handler = Callable[[Asker, Mapping[str, Any]], Reply]


async def handle(handler: Handler, asker: Asker, body: Mapping[str, Any]) -> Reply | Problem:
    """What `handler` makes of `body`, or why it declined; never raises for what a client sent."""
    try:
        return await in_hands(_counted, handler, asker, body)
    except FAULTS as error:
        return problem_of(error)
    except Exception:
        logger.exception("a message could not be handled")
        return FAULT


def _counted(handler: Handler, asker: Asker, body: Mapping[str, Any]) -> Reply:
    # A connection may last for days; its key and owner are what they are now.
    key = ApiKey.objects.usable().select_related("user").filter(pk=asker.key.pk).first()
    if key is None:
        raise refusal(401, "Invalid API key")
    turn = count_request(key)
    if not turn.allowed:
        raise refusal(429, TOO_OFTEN.format(turn.retry_after))
    key.note_use()
    return handler(replace(asker, key=key), body)


async def in_hands(
    work: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs
) -> Found:
    """`work` in a thread for what may take its time."""
    run = sync_to_async(partial(_fresh, work), thread_sensitive=False, executor=_hands)
    return await run(*args, **kwargs)


async def in_lane(work: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs) -> Found:
    """`work` in the connection's lane, for short looks at the database."""
    return await sync_to_async(partial(_fresh, work))(*args, **kwargs)


def _fresh(work: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs) -> Found:
    # No request begins on a socket, which is when Django looks after its connections.
    close_old_connections()
    return work(*args, **kwargs)
