"""`imageInference` of the dialect of arrays: queued as every other door's."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.models import User
from generator import delivery
from generator.api.submitting import RANDOM_SEEDS, fingerprint
from generator.contract import ImageRequest
from generator.dialects import Defaults, picfinder, picfinder_array
from generator.models import Generation
from generator.sockets.asking import Asker, Reply
from generator.sockets.image_upload import taken
from generator.sockets.new_task import unused_name, was_sent_before
from generator.sockets.sessions import read_id
from generator.submission import Order, submit


def image_inference(asker: Asker, body: Mapping[str, Any]) -> Reply:
    """Queue what the task spells; its pictures follow."""
    order, wish = _order_of(asker, body), picfinder_array.wish(body)
    if was_sent_before(order):
        return Reply(follow=submit(order).pk)
    if wish.endpoint:
        delivery.check_endpoint(wish.endpoint)
    request = _with_pictures(asker.user, order.request, picfinder_array.pictures(body))
    return Reply(follow=_queued(replace(order, request=request), wish.endpoint).pk)


def _queued(order: Order, endpoint: str) -> Generation:
    with transaction.atomic():
        generation = submit(order)
        if endpoint:
            delivery.ask(generation, endpoint)
    return generation


def _order_of(asker: Asker, body: Mapping[str, Any]) -> Order:
    """The order that the task spells. Its id makes sending it again harmless."""
    defaults = Defaults(model="", seed=secrets.randbelow(RANDOM_SEEDS) + 1)
    request = picfinder_array.read(body, defaults)
    wish = picfinder_array.wish(body)
    mark = fingerprint(body)
    return Order(
        owner=asker.user,
        request=request,
        omitted=picfinder_array.omitted(body),
        any_model=picfinder_array.any_model(body),
        dialect=picfinder.name,
        wire={**picfinder_array.keep(wish), "session": str(asker.session)},
        idempotency_key=unused_name(asker, f"picfinder:{wish.task}:{mark}"),
        fingerprint=mark,
        key=asker.key,
    )


def _with_pictures(user: User, request: ImageRequest, sent: Mapping[str, str]) -> ImageRequest:
    """`request` with the ids of what was `sent` as a link or as a file, which is kept."""
    ids = {field: _id_of(user, text, field) for field, text in sent.items()}
    controls = tuple(
        replace(control, guide=ids[f"controlNet.{number}.guideImage"])
        for number, control in enumerate(request.controls)
    )
    return replace(
        request,
        initial_image=ids.get("seedImage"),
        mask=ids.get("maskImage"),
        controls=controls,
    )


def _id_of(user: User, text: str, field: str) -> str:
    return str(read_id(text) or taken(user, text, field).pk)
