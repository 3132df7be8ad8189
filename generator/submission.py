"""From a wish to a queued generation: check, price, charge, save, ring the doorbell.

Every door (form, API, dialect) comes through `submit`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import ngettext

from accounts.models import ApiKey, Buyer, CannotPay, User, Wallet
from gallery import files, quota
from gallery.models import Asset
from generator import (
    abilities,
    choosing,
    doorbell,
    pricing,
    prompt_policy,
    references,
    scheduling,
)
from generator.catalog import samplers, styles
from generator.choosing import Choice
from generator.contract import ImageRequest, InvalidRequest
from generator.models import EngineModel, Generation, IdempotencyKey, Status
from generator.models.idempotency import MAX_LENGTH
from generator.models.status import UNFINISHED

#: Which fields must agree for two generations to share a forward pass.
BATCH_FIELDS = (
    "model",
    "width",
    "height",
    "steps",
    "sampler",
    "guidance_scale",
    "clip_skip",
    "loras",
    "controls",
    "strength",
)


class Refusal(Exception):
    """We will not take this order now. `status` is the HTTP status that says so.

    `retry_after` is in seconds, None when trying again later does not help.
    """

    def __init__(
        self, code: str, message: str, *, status: int, retry_after: int | None = None
    ) -> None:
        self.code, self.message = code, message
        self.status, self.retry_after = status, retry_after
        super().__init__(message)


@dataclass(frozen=True, kw_only=True)
class Order:
    """Who wants what, through which door.

    `omitted` are the contract's fields that the model may decide. `wire` is what the dialect
    must echo later. `fingerprint` is a hash of what the
    client sent: a repeated `idempotency_key` must come with the same one.
    `expected_cost` is the price the person saw, and a different one is refused.
    `any_model`: the default model serves names that nobody knows.
    `payer` is the owner's own wallet unless it says another; `key` asked for it, and
    `project` is the label that its statement files it under.
    """

    owner: User
    request: ImageRequest
    dialect: str = "web"
    wire: Mapping[str, Any] = field(default_factory=dict)
    omitted: Collection[str] = ()
    any_model: bool = False
    idempotency_key: str | None = None
    fingerprint: str = ""
    parent: Asset | None = None
    retry_of: Generation | None = None
    expected_cost: int | None = None
    payer: Wallet | None = None
    key: ApiKey | None = None
    project: str = ""

    @property
    def what(self) -> str:
        """What was bought, for the statement."""
        count, request = self.request.count, self.request
        pictures = ngettext("%d picture", "%d pictures", count) % count
        return f"{pictures}, {request.width} × {request.height}"


def submit(order: Order) -> Generation:
    """Charge and queue `order`; returns the generation, or the earlier one of the same key.

    Raises InvalidRequest, CannotPay or Refusal, and then nothing was
    written or charged.
    """
    key = order.idempotency_key
    if key is not None and not 0 < len(key) <= MAX_LENGTH:
        message = f"An Idempotency-Key has 1 to {MAX_LENGTH} characters."
        raise Refusal("idempotency_key_length", message, status=400)
    if key and (earlier := _earlier(order)):
        return earlier
    choice = choosing.choose(order.request.model, order.owner, any_name=order.any_model)
    order = replace(order, request=choice.complete(order.request, order.omitted))
    _check_choices(order.request, choice.model)
    team = order.payer.team if order.payer else None
    prompt_policy.check(order.request.prompt, order.owner, team)
    _check_pictures(order)
    _check_engine(order.request, choice.model)
    _check_disk()
    _check_room(order.owner)
    try:
        return _save(order, choice)
    except (IntegrityError, CannotPay, Refusal):
        # Its twin, sent at the same time, may have been faster and taken the last credits.
        if key and (earlier := _earlier(order)):
            return earlier
        raise


def retry(generation: Generation, owner: User, *, key: ApiKey | None = None) -> Generation:
    """Submit the same request once more, charged to the same wallet and to `key`'s budget.

    Asking twice at once is one retry.
    """
    ended = Generation.objects.filter(retry_of=generation).exclude(status__in=UNFINISHED)
    return submit(
        Order(
            owner=owner,
            request=generation.request,
            dialect=generation.dialect,
            wire=generation.wire,
            parent=generation.parent_asset,
            retry_of=generation,
            payer=generation.payer,
            key=key,
            project=generation.project,
            idempotency_key=f"retry:{generation.pk}:{ended.count()}",
        )
    )


def _check_choices(request: ImageRequest, model: EngineModel) -> None:
    styles.by_slug(request.style)
    samplers.by_slug(request.sampler)
    if problems := model.sides.problems(request.width, request.height):
        raise InvalidRequest(problems)


def _check_pictures(order: Order) -> None:
    """A picture to work from must be one that its user may see."""
    for name, named in references.of(order.request).items():
        if named and references.missing(order.owner, named):
            raise InvalidRequest({name: [references.GONE]})


def _hold_pictures(order: Order) -> None:
    """Keep the uploads among them; one may have been cleared away since it was looked for."""
    for name, named in references.of(order.request).items():
        if named and references.hold(order.owner, named):
            raise InvalidRequest({name: [references.GONE]})


def _check_engine(request: ImageRequest, model: EngineModel) -> None:
    """What the model could only refuse is refused before anybody pays."""
    if reason := abilities.why_not(request, model):
        raise Refusal("not_possible", reason, status=422)


def _check_disk() -> None:
    if files.disk_is_nearly_full():
        message = "The server's disk is nearly full; nothing was charged."
        raise Refusal("disk_full", message, status=503, retry_after=300)


def _check_room(owner: User) -> None:
    """Before the charge; what waits already may still go over the limit."""
    if quota.is_full(owner):
        message = f"{quota.FULL} Nothing was charged."
        raise Refusal("storage_full", message, status=413)


@transaction.atomic
def _save(order: Order, choice: Choice) -> Generation:
    request, model = order.request, choice.model
    payer, project = order.payer or order.owner.wallet, " ".join(order.project.split())
    unit_price = pricing.unit_price(request, model)
    _check_price(order, unit_price)
    _hold_pictures(order)
    generation = Generation(
        owner=order.owner,
        payer=payer,
        project=project,
        model=model,
        engine=model.engine,
        spec=request.to_json(),
        batch_key=batch_key(request),
        dialect=order.dialect,
        wire=dict(order.wire),
        note=choice.note,
        parent_asset=_held(order.parent),
        retry_of=order.retry_of,
        count=request.count,
        unit_price=unit_price,
        provider_cost=model.provider_cost,
        steps=request.steps * request.count,
    )
    buyer = Buyer(user=order.owner, key=order.key, item=model.slug, project=project)
    # No prompt: the ledger outlives whoever wrote it. The job holds it.
    payer.charge(generation.cost, reference=generation.reference, reason=order.what, by=buyer)
    _check_queue(order.owner)
    generation.turn = scheduling.next_turn(model.engine, order.owner)
    generation.save(force_insert=True)
    if order.idempotency_key:
        IdempotencyKey.objects.create(
            user=order.owner,
            key=order.idempotency_key,
            fingerprint=order.fingerprint,
            generation=generation,
        )
    transaction.on_commit(partial(doorbell.ring, model.engine), robust=True)
    return generation


def _held(parent: Asset | None) -> Asset | None:
    """The picture, kept from being purged until we commit; None when it was purged already."""
    if parent is None:
        return None
    return Asset.objects.select_for_update().filter(pk=parent.pk).first()


def _check_price(order: Order, unit_price: int) -> None:
    cost = unit_price * order.request.count
    if order.expected_cost is not None and order.expected_cost != cost:
        now = ngettext("This costs %d credit now", "This costs %d credits now", cost) % cost
        message = f"{now}, not {order.expected_cost}. Nothing was charged."
        raise Refusal("price_changed", message, status=409)


def _check_queue(owner: User) -> None:
    queued = Generation.objects.filter(status=Status.QUEUED)
    limit = owner.most_queued
    if not (limit and owner.most_running):
        message = "You may have no pictures made for now. Ask whoever runs this server."
        raise Refusal("paused", message, status=429, retry_after=3600)
    if queued.filter(owner=owner).count() >= limit:
        message = ngettext("You have %d job waiting", "You have %d jobs waiting", limit) % limit
        message += "; let some finish first."
        raise Refusal("too_many_queued", message, status=429, retry_after=10)
    if queued.count() >= settings.MAX_QUEUED:
        message = "The queue is full; try again in a minute. Nothing was charged."
        raise Refusal("queue_full", message, status=503, retry_after=60)


def _earlier(order: Order) -> Generation | None:
    """What this owner's key was used for; Refusal when it was for something else."""
    used = IdempotencyKey.objects.filter(user=order.owner, key=order.idempotency_key)
    known = used.select_related("generation").first()
    if known is None:
        return None
    if known.fingerprint != order.fingerprint:
        message = "This Idempotency-Key was used for a different request."
        raise Refusal("idempotency_key_reused", message, status=422)
    return known.generation


def batch_key(request: ImageRequest) -> str:
    """Equal for requests that one forward pass can serve."""
    spec = replace(request, count=1).to_json()
    shared = [spec[name] for name in BATCH_FIELDS]
    shared += [spec[name] is None for name in ("initial_image", "mask")]
    return hashlib.sha256(json.dumps(shared).encode()).hexdigest()
