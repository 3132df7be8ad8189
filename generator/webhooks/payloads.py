"""What a receiver is told: written when it is sent, so that its links still open."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.conf import settings

from generator import buckets
from generator.dialects import modelslab, native
from generator.models import WebhookDelivery
from generator.models.webhook_delivery import TEST_EVENT
from generator.results import paid_for, result_of


def body(delivery: WebhookDelivery) -> bytes | None:
    """The JSON of `delivery`; None when there is nothing left that its sender may tell."""
    told = _event(delivery) if delivery.webhook else _callback(delivery)
    return None if told is None else json.dumps(told, ensure_ascii=False).encode()


def _event(delivery: WebhookDelivery) -> dict[str, Any] | None:
    """`type`, `timestamp` and `data`, as the specification recommends."""
    data = _test() if delivery.event == TEST_EVENT else _task(delivery)
    if data is None:
        return None
    moment = delivery.created_at.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    timestamp = moment.replace("+00:00", "Z")
    return {"type": delivery.event, "timestamp": timestamp, "data": data}


def _test() -> dict[str, Any]:
    return {"message": "This webhook works.", "url": settings.BASE_URL}


def _task(delivery: WebhookDelivery) -> dict[str, Any] | None:
    """The task as the webhook's owner may see it: somebody else's words are not told.

    A team's webhook hears of what the team paid; of the pictures, of those in its gallery.
    """
    if delivery.generation is None:
        return None
    if delivery.generation.owner_id == delivery.owner_id:
        result = result_of(delivery.generation.pk, delivery.owner)
        return native.write(result) if result else None
    result = paid_for(delivery.generation.pk, delivery.owner)
    if result is None:
        return None
    task = native.write(result)
    if error := task["meta"]["error"]:
        task["meta"]["error"] = {**error, "message": "The person who asked for it knows why."}
    return {**task, "input": {}, "permissions": ["view"]}


def _callback(delivery: WebhookDelivery) -> dict[str, Any] | None:
    """What a request of ModelsLab's that named a webhook is answered with."""
    if delivery.generation is None:
        return None
    result = result_of(delivery.generation.pk, delivery.owner)
    return modelslab.called_back(buckets.at_home(result)) if result else None
