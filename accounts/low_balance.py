"""One e-mail each time a wallet falls below what its owners chose.

The mark that somebody was told is set by whoever sends, in an UPDATE of its own and not in the
transaction that spent; it goes with the credits that lift the balance again (`Wallet._move`).
"""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User, Wallet

log = logging.getLogger("limner.accounts")


def choose(wallet: Wallet, below: int | None) -> None:
    """Warn when `wallet` falls below so many credits; None: never."""
    Wallet.objects.filter(pk=wallet.pk).update(low_below=below, low_told_at=None)
    wallet.low_below, wallet.low_told_at = below, None


def tell_all() -> int:
    """Write to those who answer for the wallets that fell; returns for how many wallets."""
    fallen = Wallet.objects.running_low().select_related("owner", "team")
    return sum(_tell(wallet) for wallet in fallen.order_by("pk"))


def _tell(wallet: Wallet) -> bool:
    now = timezone.now()
    mine = Wallet.objects.filter(pk=wallet.pk)
    # Of two sweepers one writes, and none when credits came meanwhile.
    still_low = mine.filter(balance__lt=F("low_below"), low_told_at=None)
    if not still_low.update(low_told_at=now):
        return False
    try:
        _message(wallet).send()
    except (OSError, smtplib.SMTPException):
        log.exception("cannot tell that wallet %s runs low; trying again later", wallet.pk)
        mine.filter(low_told_at=now).update(low_told_at=None)
        return False
    return True


def owners(wallet: Wallet) -> list[User]:
    """Who answers for `wallet` and may still sign in."""
    if wallet.owner_id:
        people = User.objects.filter(pk=wallet.owner_id)
    else:
        people = User.objects.filter(
            memberships__team=wallet.team_id,
            memberships__role=Role.OWNER,
            memberships__team__closed_at=None,
        )
    return list(people.filter(is_active=True).order_by("pk"))


def _message(wallet: Wallet) -> EmailMessage:
    """One for all of them, so that a failure halfway tells nobody twice."""
    team = wallet.team
    address = reverse("team_credits", args=[team.pk]) if team else reverse("account_credits")
    # A name may hold line ends, and those would make headers.
    name = " ".join(team.name.split()) if team else ""
    subject = _("%s runs low on credits") % name if team else _("Your credits run low")
    words = {"wallet": wallet, "name": name, "url": settings.BASE_URL + address}
    body = render_to_string("accounts/mail/low_balance.txt", words)
    return EmailMessage(f"Limner: {subject}", body, to=[each.email for each in owners(wallet)])
