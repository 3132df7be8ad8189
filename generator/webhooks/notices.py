"""One e-mail when a webhook was switched off because nobody listened."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from generator.models import Webhook

logger = logging.getLogger("limner.webhooks")


def tell_all() -> int:
    """Write to the owners of what was switched off since; returns to how many."""
    untold = Webhook.objects.filter(stopped_at__isnull=False, told_at=None, owner__is_active=True)
    return sum(_tell(webhook) for webhook in untold.select_related("owner").order_by("pk"))


def _tell(webhook: Webhook) -> bool:
    now = timezone.now()
    mine = Webhook.objects.filter(pk=webhook.pk)
    # Of two who look one writes, and none when it was switched on again meanwhile.
    if not mine.filter(stopped_at__isnull=False, told_at=None).update(told_at=now):
        return False
    try:
        _message(webhook).send()
    except (OSError, smtplib.SMTPException):
        logger.exception("cannot tell that webhook %s was switched off; trying later", webhook.pk)
        mine.filter(told_at=now).update(told_at=None)
        return False
    return True


def _message(webhook: Webhook) -> EmailMessage:
    address = settings.BASE_URL + reverse("webhook", args=[webhook.pk])
    words = {"webhook": webhook, "url": address}
    body = render_to_string("generator/mail/webhook_stopped.txt", words)
    subject = _("A webhook was switched off")
    return EmailMessage(f"Limner: {subject}", body, to=[webhook.owner.email])
