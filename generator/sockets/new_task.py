"""`newTask` and its pictures: from the cache, and painted as every other door's."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from generator.api.submitting import RANDOM_SEEDS, fingerprint
from generator.dialects import Defaults, picfinder
from generator.models import IdempotencyKey
from generator.models.status import Status
from generator.sockets.asking import Asker, Reply
from generator.submission import Order, submit

#: A task that ended with nothing may be asked for again by its own id; and that so often.
MOST_TRIES = 20


def new_task(asker: Asker, body: Mapping[str, Any]) -> Reply:
    """Queue what the task asks for."""
    order = order_of(asker, body)
    return Reply(follow=submit(order).pk)


def order_of(asker: Asker, body: Mapping[str, Any]) -> Order:
    """The order that the task spells. Its id makes sending it again harmless."""
    request = picfinder.read(body, Defaults(model="", seed=secrets.randbelow(RANDOM_SEEDS) + 1))
    wish = picfinder.wish(body)
    wire = {"task": wish.task, "session": str(asker.session)}
    if wish.seed and wish.seed != request.seed:
        wire["seed"] = str(wish.seed)
    mark = fingerprint(body)
    return Order(
        owner=asker.user,
        request=request,
        omitted=picfinder.omitted(body),
        any_model=picfinder.any_model(body),
        dialect=picfinder.name,
        wire=wire,
        idempotency_key=_unused_name(asker, f"picfinder:{wish.task}:{mark}"),
        fingerprint=mark,
        key=asker.key,
    )


def _unused_name(asker: Asker, name: str) -> str:
    """`name`, or what it is called after its tries that ended with nothing.

    Those were refunded, and a client that sends the same task once more wants pictures.
    """
    names = [f"{name}:{number}" for number in range(MOST_TRIES)]
    tries = IdempotencyKey.objects.filter(user=asker.user, key__in=names)
    ended = (Status.FAILED, Status.CANCELLED)
    failed = tries.filter(generation__status__in=ended).count()
    return names[min(failed, MOST_TRIES - 1)]
