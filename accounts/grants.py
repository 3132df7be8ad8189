"""Staff move credits: into one wallet, or out of it. Every movement is in the audit log."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, CreditEntry, Kind, User, Wallet

#: What one movement by staff may be at most.
MOST = 10**9
#: How long granted credits may last when they end at all.
LONGEST = dt.timedelta(days=3660)


class NobodyToSpend(Exception):
    """The wallet is closed, and nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("The account or the team is closed: nobody could spend them."))


class DoneBefore(Exception):
    """A movement with this ticket exists; `entry` is it, and nothing was written."""

    def __init__(self, entry: CreditEntry) -> None:
        self.entry = entry
        super().__init__(f"done before as entry {entry.pk}")


def end_of(day: dt.date) -> dt.datetime:
    """When credits end whose last day is `day` (UTC)."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)


def check_last_day(day: dt.date) -> None:
    """ValidationError unless credits that are granted now may end after `day`."""
    today = timezone.now().date()
    if day < today:
        raise ValidationError(_("This day has passed."))
    if day > today + LONGEST:
        raise ValidationError(_("That is more than ten years from now; leave it empty instead."))


def move(
    wallet: Wallet,
    amount: int,
    *,
    actor: User,
    reason: str,
    ticket: str,
    expires_at: dt.datetime | None = None,
    is_correction: bool = False,
) -> CreditEntry:
    """Add `amount` to `wallet`, or take it away when it is below 0; at most `MOST` either way.

    What is taken, and what `is_correction`, becomes a correction; all else a grant, which may
    end at `expires_at`. `ticket` (at most 100 characters) names the deed: the second movement
    of one wallet with the same ticket raises `DoneBefore`. InsufficientCredits when the wallet
    holds less than is taken, NobodyToSpend when a grant is for a closed one.
    """
    kind = Kind.CORRECTION if is_correction or amount < 0 else Kind.GRANT
    if kind == Kind.GRANT and wallet.is_closed:
        raise NobodyToSpend
    reference = f"staff:{ticket}"
    try:
        with transaction.atomic():
            if kind == Kind.CORRECTION:
                wallet.correct(amount, reference=reference, reason=reason, actor=actor)
            else:
                wallet.grant(
                    amount, reference=reference, reason=reason, actor=actor, expires_at=expires_at
                )
            entry = wallet.entries.get(kind=kind, reference=reference)
            AuditEntry.objects.record(
                actor, f"credits.{kind}", wallet, **before_and_after(entry), reason=reason
            )
    except IntegrityError:
        earlier = wallet.entries.filter(kind=kind, reference=reference).first()
        if earlier is None:
            raise
        raise DoneBefore(earlier) from None
    return entry


def before_and_after(entry: CreditEntry) -> dict[str, dict[str, int]]:
    """What the audit log says of the balance."""
    return {
        "before": {"balance": entry.balance - entry.amount},
        "after": {"balance": entry.balance},
    }
