"""What webhooks and their deliveries look like to programs."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Schema
from pydantic import Field as About

from accounts.api import fields
from accounts.api.fields import Field, Wrong
from generator.models import Webhook, WebhookDelivery, WebhookEvent
from generator.models.webhook import MAX_URL
from generator.webhooks.managing import BadAddress, check_url


def _address(*, required: bool = False) -> Field:
    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Wrong("Must be text.")
        try:
            return check_url(value)
        except BadAddress as error:
            raise Wrong(str(error)) from None

    about = "An http or https address. None inside the server's own network; not redirected."
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_URL, "description": about}
    return Field(schema, read, required)


CHANGES = {
    "url": _address(),
    "events": fields.some_of(WebhookEvent.values, "Default: all of them."),
    "description": fields.text(120, "What it is for.", low=0),
    "enabled": fields.yes_or_no("Whether anything is sent. Switching it on forgets its failures."),
}
NEW = {
    **{name: field for name, field in CHANGES.items() if name != "enabled"},
    "url": _address(required=True),
    "team": fields.whole_or_none(
        1, fields.MAX_ID, "A team of yours: it is told of what the team pays. Null: of your own."
    ),
}


class WebhookData(Schema):
    """A webhook, without its secret."""

    id: int
    url: str
    description: str
    events: list[str]
    team: int | None
    ownerId: int = About(description="Who answers for it: what is sent is what they may see.")
    enabled: bool
    failingSince: str | None = About(description="Since when nothing was taken there.")
    stoppedAt: str | None = About(description="When it was switched off because of that.")
    stoppedBecause: str | None
    createdAt: str


class NewWebhookData(WebhookData):
    secret: str = About(description="What its messages are signed with. It is told this once.")


class WebhookList(Schema):
    items: list[WebhookData]


class AttemptData(Schema):
    """One try to deliver."""

    at: str
    status: int | None = About(description="The HTTP status; null when nobody answered.")
    failure: str | None
    milliseconds: int
    answer: str = About(description="The beginning of the answer's body.")


class DeliveryData(Schema):
    id: str = About(description="The `webhook-id`, the same in every try.")
    type: str
    taskId: str | None
    state: Literal["pending", "delivered", "failed"]
    createdAt: str
    nextTryAt: str | None
    attempts: list[AttemptData]


class DeliveryPage(Schema):
    items: list[DeliveryData]
    nextCursor: str | None = About(description="Pass it as `cursor`; null on the last page.")


class DeliveryQuery(Schema):
    limit: int = About(50, ge=1, le=200)
    cursor: str | None = About(None, max_length=200, description="`nextCursor` of a page.")


def webhook_data(webhook: Webhook) -> dict[str, Any]:
    """As `WebhookData` describes it."""
    return {
        "id": webhook.pk,
        "url": webhook.url,
        "description": webhook.description,
        "events": webhook.events,
        "team": webhook.team_id,
        "ownerId": webhook.owner_id,
        "enabled": webhook.enabled,
        "failingSince": _iso(webhook.failing_since),
        "stoppedAt": _iso(webhook.stopped_at),
        "stoppedBecause": webhook.stopped_because or None,
        "createdAt": webhook.created_at.isoformat(),
    }


def delivery_data(delivery: WebhookDelivery) -> dict[str, Any]:
    """As `DeliveryData` describes it; its attempts were prefetched."""
    return {
        "id": delivery.message_id,
        "type": delivery.event,
        "taskId": str(delivery.generation_id) if delivery.generation_id else None,
        "state": delivery.state,
        "createdAt": delivery.created_at.isoformat(),
        "nextTryAt": _iso(delivery.due_at),
        "attempts": [
            {
                "at": attempt.made_at.isoformat(),
                "status": attempt.status,
                "failure": attempt.failure or None,
                "milliseconds": attempt.milliseconds,
                "answer": attempt.excerpt,
            }
            for attempt in delivery.attempts.all()
        ],
    }


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
