"""How much each member spent of a team's wallet, month by month (UTC)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.payment import LimitReached

if TYPE_CHECKING:
    from accounts.models.credit import CreditEntry


def month_of(moment: dt.datetime) -> dt.date:
    """The first day of its month, in UTC."""
    return moment.astimezone(dt.UTC).date().replace(day=1)


def month_after(month: dt.date) -> dt.date:
    """The first day of the month after the one that began on `month`."""
    return (month + dt.timedelta(days=31)).replace(day=1)


class MonthlyUseQuerySet(models.QuerySet["MonthlyUse"]):
    def this_month(self) -> Self:
        return self.filter(month=month_of(timezone.now()))

    def add(self, charge: CreditEntry, *, limit: int | None) -> None:
        """Count `charge` or raise `LimitReached`; whoever asks holds the wallet's row."""
        amount = -charge.amount
        if not amount:
            return
        mine, _made = self.get_or_create(
            wallet_id=charge.wallet_id,
            user_id=charge.buyer_id,
            # The entry's month, not the clock's: a refund looks for it there.
            month=month_of(charge.created_at),
        )
        fits = Q() if limit is None else Q(used__lte=limit - amount)
        if not self.filter(fits, pk=mine.pk).update(used=F("used") + amount):
            raise LimitReached(amount, mine.used, limit or 0)

    def take_back(self, charge: CreditEntry, amount: int) -> None:
        """Count what came back in the month that it was spent in."""
        spent = self.filter(
            wallet_id=charge.wallet_id,
            user_id=charge.buyer_id,
            month=month_of(charge.created_at),
        )
        spent.update(used=F("used") - amount)


class MonthlyUse(models.Model):
    """So many credits of `wallet` did `user` spend in the month that began on `month`."""

    wallet = models.ForeignKey(
        "accounts.Wallet", on_delete=models.CASCADE, related_name="monthly_uses"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="monthly_uses"
    )
    month = models.DateField()
    used = models.BigIntegerField(default=0)

    objects = MonthlyUseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["wallet", "user", "month"], name="use_once_a_month"),
            models.CheckConstraint(condition=Q(used__gte=0), name="use_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.used} in {self.month:%Y-%m}"
