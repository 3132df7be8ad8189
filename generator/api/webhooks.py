"""Webhooks: where the news of tasks is sent, what was sent, and sending it again."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from accounts.api import fields
from accounts.api.access import caller, key_of, may_change, may_read, require
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.fields import Id
from accounts.api.reading import BODY_ERRORS, only_parameters
from accounts.models import Scope, Team, TeamRight, User
from gallery.listing import BadCursor
from generator.api.webhook_data import (
    CHANGES,
    NEW,
    DeliveryData,
    DeliveryPage,
    DeliveryQuery,
    NewWebhookData,
    WebhookData,
    WebhookList,
    delivery_data,
    webhook_data,
)
from generator.models import Webhook, WebhookDelivery, WebhookEvent
from generator.webhooks import managing
from generator.webhooks.log import log_of

router = Router(tags=["Webhooks"])
_ONE = "/webhooks/{int:webhook_id}"
#: What is sent is what this scope shows, so a key without it may not have it sent.
_WHAT_IT_SENDS = Scope.READ


@router.get("/webhooks", response={200: WebhookList, **errors_declared()}, auth=may_read)
def list_webhooks(request: HttpRequest) -> HttpResponse:
    """Your webhooks, and those of teams where you manage them, newest first."""
    mine = Webhook.objects.managed_by(caller(request))
    return answer(request, {"items": [webhook_data(webhook) for webhook in mine]})


@router.post(
    "/webhooks",
    response={201: NewWebhookData, **errors_declared(409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NEW),
)
def create_webhook(request: HttpRequest) -> HttpResponse:
    """Have a program told of your tasks, or of those that a team pays. Needs `read` as well."""
    require(key_of(request), _WHAT_IT_SENDS)
    wanted = fields.read_fields(request, NEW)
    try:
        webhook, secret = managing.add(
            caller(request),
            wanted["url"],
            wanted.get("events", WebhookEvent.values),
            team=_team(caller(request), wanted.get("team")),
            description=wanted.get("description", ""),
        )
    except managing.TooManyWebhooks as error:
        raise refusal(409, str(error)) from None
    return answer(request, {**webhook_data(webhook), "secret": secret}, 201)


@router.get(_ONE, response={200: WebhookData, **errors_declared(404, 422)}, auth=may_read)
def get_webhook(request: HttpRequest, webhook_id: Id) -> HttpResponse:
    """One of them."""
    return answer(request, webhook_data(_mine(request, webhook_id)))


@router.patch(
    _ONE,
    response={200: WebhookData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(CHANGES),
)
def change_webhook(request: HttpRequest, webhook_id: Id) -> HttpResponse:
    """Change it, or switch it off and on. Whoever changes a team's answers for it from then on."""
    webhook = _mine(request, webhook_id)
    require(key_of(request), _WHAT_IT_SENDS)
    if wanted := fields.read_fields(request, CHANGES):
        webhook.change(caller(request), **wanted)
    return answer(request, webhook_data(webhook))


@router.delete(_ONE, response={204: None, **errors_declared(404, 422)}, auth=may_change)
def delete_webhook(request: HttpRequest, webhook_id: Id) -> HttpResponse:
    """Delete it with its log; nothing more is sent."""
    _mine(request, webhook_id).delete()
    return answer(request, None, 204)


@router.post(
    f"{_ONE}/rotate", response={200: NewWebhookData, **errors_declared(404, 422)}, auth=may_change
)
def rotate_webhook(request: HttpRequest, webhook_id: Id) -> HttpResponse:
    """Sign with a new secret. For 24 hours the old one signs as well."""
    webhook = _mine(request, webhook_id)
    require(key_of(request), _WHAT_IT_SENDS)
    secret = webhook.rotate(caller(request))
    return answer(request, {**webhook_data(webhook), "secret": secret})


@router.post(
    f"{_ONE}/test",
    response={202: DeliveryData, **errors_declared(404, 409, 422)},
    auth=may_change,
)
def try_webhook(request: HttpRequest, webhook_id: Id) -> HttpResponse:
    """Send a `webhook.test`, to see whether it arrives."""
    try:
        delivery = managing.send_test(_mine(request, webhook_id))
    except managing.SwitchedOff as error:
        raise refusal(409, str(error)) from None
    return _tell(request, webhook_id, delivery.pk)


@router.get(
    f"{_ONE}/deliveries",
    response={200: DeliveryPage, **errors_declared(400, 404, 422)},
    auth=may_read,
)
def list_deliveries(
    request: HttpRequest, webhook_id: Id, query: Query[DeliveryQuery]
) -> HttpResponse:
    """What was sent there within the last month, newest first, with every try."""
    only_parameters(request, *DeliveryQuery.model_fields)
    webhook = _mine(request, webhook_id)
    try:
        rows, cursor = log_of(webhook, query.limit, query.cursor)
    except BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    return answer(request, {"items": [delivery_data(row) for row in rows], "nextCursor": cursor})


@router.post(
    f"{_ONE}/deliveries/{{delivery_id}}/redeliver",
    response={202: DeliveryData, **errors_declared(404, 409, 422)},
    auth=may_change,
)
def redeliver(request: HttpRequest, webhook_id: Id, delivery_id: str) -> HttpResponse:
    """Send it again, whatever became of it, under the same id."""
    webhook = _mine(request, webhook_id)
    delivery = webhook.deliveries.filter(pk=_message(delivery_id)).first()
    if delivery is None:
        raise Http404
    try:
        again = managing.send_again(webhook, delivery)
    except managing.SwitchedOff as error:
        raise refusal(409, str(error)) from None
    if not again:
        raise refusal(409, "It is on its way; look again in a minute.")
    return _tell(request, webhook_id, delivery.pk)


def _mine(request: HttpRequest, webhook_id: int) -> Webhook:
    found = Webhook.objects.managed_by(caller(request)).filter(pk=webhook_id).first()
    if found is None:
        raise Http404
    return found


def _team(user: User, team_id: int | None) -> Team | None:
    if team_id is None:
        return None
    found = Team.objects.of(user, TeamRight.MANAGE_WEBHOOKS).filter(pk=team_id).first()
    if found is None:
        raise wrong_fields({"team": ["You manage no webhooks of such a team."]})
    return found


def _message(sent: str) -> uuid.UUID:
    try:
        return uuid.UUID(sent.removeprefix("msg_"))
    except ValueError:
        raise Http404 from None


def _tell(request: HttpRequest, webhook_id: int | None, pk: uuid.UUID) -> HttpResponse:
    rows = WebhookDelivery.objects.filter(webhook=webhook_id, pk=pk)
    return answer(request, delivery_data(rows.prefetch_related("attempts").get()), 202)
