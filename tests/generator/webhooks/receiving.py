"""Receivers of webhooks, and those who have something to tell them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Verifier

from accounts.models import Team, User
from generator.models import Generation, Webhook, WebhookDelivery, WebhookEvent
from generator.webhooks import couriers
from tests.generator.orders import run_all, submit
from tests.generator.remote.provider import Provider, Says, Seen, serving

EVERYTHING = WebhookEvent.values


@dataclass
class Receiver:
    """A server on loopback. `says` is its answer; `seen` what arrived, in order."""

    provider: Provider
    says: Says

    @property
    def url(self) -> str:
        return f"{self.provider.url}/hook"

    @property
    def seen(self) -> list[Seen]:
        return self.provider.seen

    @property
    def types(self) -> list[str]:
        return [seen.body["type"] for seen in self.seen]


@contextlib.contextmanager
def receiving(says: Says | None = None) -> Iterator[Receiver]:
    def script(_seen: Seen) -> Says:
        return found.says

    with serving(script) as provider:
        found = Receiver(provider, says or Says({}))
        yield found


def make_webhook(
    owner: User, url: str, *, team: Team | None = None, events: list[str] | None = None
) -> Webhook:
    webhook = Webhook.new(owner, url, events or list(EVERYTHING), team=team)
    webhook.save()
    return webhook


def verified(seen: Seen, secret: str) -> Any:
    """What arrived, by the specification's own library; it raises when the signature is wrong."""
    return Verifier(secret).verify(seen.raw, seen.headers)


def paint(owner: User, **fields: Any) -> Generation:
    """A task from order to end."""
    generation = submit(owner, **fields)
    run_all()
    generation.refresh_from_db()
    return generation


def deliver_all() -> int:
    """Carry out everything that is due; says how many messages left."""
    count = 0
    while couriers.deliver_next():
        count += 1
    return count


def let_time_pass(delivery: WebhookDelivery, **time: float) -> None:
    """Its moments lie so much earlier: the same as waiting."""
    earlier = dt.timedelta(**time)
    delivery.refresh_from_db()
    columns = {"created_at": delivery.created_at - earlier}
    for name in ("due_at", "finished_at"):
        if moment := getattr(delivery, name):
            columns[name] = moment - earlier
    WebhookDelivery.objects.filter(pk=delivery.pk).update(**columns)


def fail_until_given_up(delivery: WebhookDelivery, *, most: int = 30) -> int:
    """Try until nobody tries any more; says how many tries that took."""
    for tries in range(1, most):
        assert couriers.deliver_next()
        delivery.refresh_from_db()
        if delivery.due_at is None:
            return tries
        make_due(delivery)
    raise AssertionError("it is tried for ever")


def make_due(delivery: WebhookDelivery) -> None:
    past = timezone.now() - dt.timedelta(seconds=1)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(due_at=past)
