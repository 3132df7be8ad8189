"""`newTask` and its pictures: from the cache, and painted as every other door's."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from gallery import alt_text
from generator import delivery, languages, links, result_cache
from generator.api.pictures import kept
from generator.api.submitting import RANDOM_SEEDS, fingerprint
from generator.contract import ImageRequest
from generator.dialects import Defaults, picfinder
from generator.dialects.picfinder import Wish
from generator.models import Generation, IdempotencyKey
from generator.models.status import Status
from generator.result_cache import Found
from generator.results import with_bytes
from generator.sockets.asking import Asker, Body, Reply
from generator.submission import Order, submit

#: A task that ended with nothing may be asked for again by its own id; and that so often.
MOST_TRIES = 20


def new_task(asker: Asker, body: Mapping[str, Any]) -> Reply:
    """Answer with what the cache has, and queue the rest."""
    order, wish = order_of(asker, body), picfinder.wish(body)
    if was_sent_before(order):
        return Reply(follow=submit(order).pk)
    if wish.endpoint:
        delivery.check_endpoint(wish.endpoint)
    request = languages.settled(_with_guides(asker.user, order.request))
    order = replace(order, request=request)
    found = _found(order, wish)
    generation = _queued(found, wish)
    if wish.endpoint and found.pictures:
        ids = [picture.asset["id"] for picture in found.pictures]
        delivery.ask_for_kept(asker.user, ids, wish.endpoint)
    messages = tuple(_kept_images(found, wish, costs=asker.costs))
    return Reply(messages, follow=generation.pk if generation else None)


def _with_guides(user: User, request: ImageRequest) -> ImageRequest:
    """`request` with the guides that are links fetched, and kept like those that are sent in."""
    controls = []
    for number, control in enumerate(request.controls):
        if links.is_link(control.guide):
            field = f"controlNet.{number}.guideImageUrl"
            upload = kept(field, partial(links.take, user, control.guide, field=field))
            control = replace(control, guide=str(upload.pk))
        controls.append(control)
    return replace(request, controls=tuple(controls))


def _found(order: Order, wish: Wish) -> Found:
    if wish.use_cache:
        return result_cache.look(order, offset=wish.offset, same_seed=bool(wish.seed))
    return result_cache.nothing(order)


def _queued(found: Found, wish: Wish) -> Generation | None:
    """What the cache did not have, with all that its client wants done with it."""
    if found.rest is None:
        return None
    with transaction.atomic():
        generation = submit(found.rest)
        if wish.endpoint:
            delivery.ask(generation, wish.endpoint)
        if wish.save_to_cache:
            result_cache.remember(generation, found)
    return generation


def _kept_images(found: Found, wish: Wish, *, costs: bool) -> Iterator[Body]:
    """One message a picture: with the files in them, several may be too large together."""
    for picture in found.pictures:
        shown = with_bytes([picture]) if wish.base64 else [picture]
        told = alt_text.of_prompt(picture.asset["prompt"])
        images = [picfinder.image(each, wish.task, told) for each in shown]
        if costs:
            images = [{**image, "cost": 0} for image in images]
        yield picfinder.images(images, found.total)


def was_sent_before(order: Order) -> bool:
    """A task sent once more goes on with what it began, whatever the cache has by now."""
    name = order.idempotency_key
    return IdempotencyKey.objects.filter(user=order.owner, key=name).exists()


def order_of(asker: Asker, body: Mapping[str, Any]) -> Order:
    """The order that the task spells. Its id makes sending it again harmless."""
    request = picfinder.read(body, Defaults(model="", seed=secrets.randbelow(RANDOM_SEEDS) + 1))
    wish = picfinder.wish(body)
    wire: Body = {"task": wish.task, "session": str(asker.session)}
    if wish.seed and wish.seed != request.seed:
        wire["seed"] = str(wish.seed)
    if wish.base64:
        wire["base64"] = True
    mark = fingerprint(body)
    return Order(
        owner=asker.user,
        request=request,
        omitted=picfinder.omitted(body),
        any_model=picfinder.any_model(body),
        dialect=picfinder.name,
        wire=wire,
        idempotency_key=unused_name(asker, f"picfinder:{wish.task}:{mark}"),
        fingerprint=mark,
        key=asker.key,
    )


def unused_name(asker: Asker, name: str) -> str:
    """`name`, or what it is called after its tries that ended with nothing.

    Those were refunded, and a client that sends the same task once more wants pictures.
    """
    names = [f"{name}:{number}" for number in range(MOST_TRIES)]
    tries = IdempotencyKey.objects.filter(user=asker.user, key__in=names)
    ended = (Status.FAILED, Status.CANCELLED)
    failed = tries.filter(generation__status__in=ended).count()
    return names[min(failed, MOST_TRIES - 1)]
