"""Making webhooks: for whom, how many, and where they may lead."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from generator import doorbell
from generator.engines.remote import guard
from generator.engines.remote.faults import Blocked
from generator.models import Webhook, WebhookDelivery
from generator.models.webhook import MAX_URL

#: Webhooks of one person, or of one team.
MAX_WEBHOOKS = 20


class TooManyWebhooks(Exception):
    """There are `MAX_WEBHOOKS` already; `str()` says so to people."""

    def __init__(self) -> None:
        told = _("There are %d webhooks already. Delete one that nobody needs.")
        super().__init__(told % MAX_WEBHOOKS)


class SwitchedOff(Exception):
    """Nothing is sent there now; `str()` says so to people."""

    def __init__(self) -> None:
        super().__init__(_("Nothing is sent there: switch it on first."))


class BadAddress(ValueError):
    """Nothing is sent there; `str()` says why. The same for all that lies inside our network."""


def check_url(url: str) -> str:
    """`url`, if its form is one we send to; where its name leads is looked up at each delivery."""
    url = url.strip()
    if len(url) > MAX_URL:
        raise BadAddress(_("Must have %d characters at most.") % MAX_URL)
    try:
        guard.check_url(url)
    except Blocked:
        message = _("This address is not allowed. Write one like https://example.org/hook.")
        raise BadAddress(message) from None
    return url


@transaction.atomic
def add(
    owner: User,
    url: str,
    events: Sequence[str],
    *,
    team: Team | None = None,
    description: str = "",
) -> tuple[Webhook, str]:
    """A new webhook, and its secret. Raises BadAddress or TooManyWebhooks.

    Whether `owner` may have one for `team` is the caller's to ask.
    """
    url = check_url(url)
    # Two that are made at once are counted one after the other.
    if team:
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        others = Webhook.objects.filter(team=team)
    else:
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        others = Webhook.objects.filter(owner=owner, team=None)
    if others.count() >= MAX_WEBHOOKS:
        raise TooManyWebhooks
    webhook = Webhook.new(owner, url, list(events), team=team)
    webhook.description = description
    webhook.save(force_insert=True)
    return webhook, webhook.reveal()


def send_test(webhook: Webhook) -> WebhookDelivery:
    """Send a message to see whether it arrives. Raises SwitchedOff."""
    _check_on(webhook)
    delivery = WebhookDelivery.test(webhook)
    doorbell.ring_couriers()
    return delivery


def send_again(webhook: Webhook, delivery: WebhookDelivery) -> bool:
    """Send it once more, under the same id; False while it is on its way. Raises SwitchedOff."""
    _check_on(webhook)
    again = delivery.send_again()
    if again:
        doorbell.ring_couriers()
    return again


def _check_on(webhook: Webhook) -> None:
    if not Webhook.objects.live().filter(pk=webhook.pk).exists():
        raise SwitchedOff
