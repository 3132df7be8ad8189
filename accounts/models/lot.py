"""Credits with a last day. Only these are counted in lots; the rest of a balance keeps for ever.

A charge takes from the lot that ends first, and from what keeps only afterwards. A refund goes
the same way back: first what kept, then the lots, the one that ends last first. Credits that come
back after their day are taken again at the next look.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from accounts.models.credit import CreditEntry


class CreditLotQuerySet(models.QuerySet["CreditLot"]):
    def left(self) -> Self:
        return self.filter(remaining__gt=0)

    def open(self, grant: CreditEntry, expires_at: dt.datetime) -> CreditLot:
        """Remember that what `grant` brought ends at `expires_at`."""
        return self.create(
            wallet_id=grant.wallet_id,
            grant=grant,
            amount=grant.amount,
            remaining=grant.amount,
            expires_at=expires_at,
        )

    def spend(self, entry: CreditEntry) -> None:
        """Take what `entry` took from the lots, as far as they go; the wallet's row is held."""
        wanted = -entry.amount
        if not wanted:
            return
        for lot in self.left().filter(wallet_id=entry.wallet_id).order_by("expires_at", "pk"):
            taken = min(wanted, lot.remaining)
            self.filter(pk=lot.pk).update(remaining=F("remaining") - taken)
            LotUse.objects.create(lot=lot, entry=entry, amount=taken)
            wanted -= taken
            if not wanted:
                return

    def give_back(self, charge: CreditEntry, amount: int) -> None:
        """Put back into the lots what of `amount` came from them; the wallet's row is held."""
        uses = list(charge.lot_uses.order_by("-lot__expires_at", "-lot_id"))
        kept = -charge.amount - sum(use.amount for use in uses)
        wanted = max(0, amount - kept)
        for use in uses:
            back = min(wanted, use.amount)
            if back:
                self.filter(pk=use.lot_id).update(remaining=F("remaining") + back)
            wanted -= back


class CreditLot(models.Model):
    """A grant that ends at `expires_at`, and what is left of it."""

    wallet = models.ForeignKey("accounts.Wallet", on_delete=models.PROTECT, related_name="lots")
    grant = models.OneToOneField(
        "accounts.CreditEntry", on_delete=models.PROTECT, related_name="lot"
    )
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    expires_at = models.DateTimeField()
    # How often it was taken: a refund may fill it again after its day.
    ended = models.PositiveIntegerField(default=0)

    objects = CreditLotQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["wallet", "expires_at"],
                condition=Q(remaining__gt=0),
                name="lot_next_to_end",
            ),
            models.Index(
                fields=["expires_at"], condition=Q(remaining__gt=0), name="lot_next_of_all"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(remaining__gte=0, remaining__lte=F("amount")),
                name="lot_remaining_within_amount",
            ),
        )

    def __str__(self) -> str:
        return f"{self.remaining} of {self.amount} until {self.expires_at:%Y-%m-%d}"

    def end(self) -> str:
        """Empty it; returns the reference of the entry that says so."""
        CreditLot.objects.filter(pk=self.pk).update(remaining=0, ended=F("ended") + 1)
        return f"expiry:{self.pk}:{self.ended + 1}"


class LotUse(models.Model):
    """What an entry took from a lot, so that a refund can put it back there."""

    lot = models.ForeignKey(CreditLot, on_delete=models.PROTECT, related_name="uses")
    entry = models.ForeignKey(
        "accounts.CreditEntry", on_delete=models.PROTECT, related_name="lot_uses"
    )
    amount = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["lot", "entry"], name="lot_use_once_per_entry"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="lot_use_takes_something"),
        )

    def __str__(self) -> str:
        return f"{self.amount} of lot {self.lot_id}"
