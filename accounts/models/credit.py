"""The ledger: wallets and their append-only entries.

The database holds the invariants: a balance is never negative, an entry is
never changed or deleted (triggers, migration 0002), an entry's sign fits its
kind, and one (wallet, kind, reference) exists once, so a repeated charge or refund
undoes itself. Upper apps name what was paid for by an opaque reference such as
``generation:<id>``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.user import User

MAX_AMOUNT = 10**12


class InsufficientCredits(Exception):
    """The wallet holds less than the price; nothing was written."""

    def __init__(self, cost: int, balance: int) -> None:
        self.cost, self.balance = cost, balance
        super().__init__(f"costs {cost}, holds {balance}")


class Kind(models.TextChoices):
    GRANT = "grant", _("Grant")
    CHARGE = "charge", _("Charge")
    REFUND = "refund", _("Refund")
    CORRECTION = "correction", _("Correction")


class Wallet(models.Model):
    """What somebody may spend, in whole credits. `balance` equals the sum of its entries."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="wallet"
    )
    balance = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(balance__gte=0), name="wallet_balance_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.owner.email}: {self.balance}"

    def charge(self, amount: int, *, reference: str, reason: str = "") -> None:
        """Take `amount` (0 or more) or raise `InsufficientCredits`; never twice per reference."""
        _check_amount(amount, low=0)
        self._move(Kind.CHARGE, -amount, reference, reason, actor=None)

    def refund(self, amount: int, *, reference: str, reason: str = "") -> bool:
        """Give back `amount` for `reference`, once; False when that was done before."""
        _check_amount(amount, low=1)
        try:
            self._move(Kind.REFUND, amount, reference, reason, actor=None)
        except IntegrityError:
            if not self.entries.filter(kind=Kind.REFUND, reference=reference).exists():
                raise
            return False
        return True

    def grant(
        self, amount: int, *, reference: str, reason: str = "", actor: User | None = None
    ) -> None:
        """Add `amount` (1 or more). IntegrityError when `reference` was granted before."""
        _check_amount(amount, low=1)
        self._move(Kind.GRANT, amount, reference, reason, actor=actor)

    def correct(self, amount: int, *, reference: str, reason: str, actor: User | None) -> None:
        """Add or take by a compensating entry; taking more than there is raises."""
        _check_amount(amount, low=-MAX_AMOUNT)
        if not amount or not reason:
            raise ValueError("a correction needs an amount other than 0, and a reason")
        self._move(Kind.CORRECTION, amount, reference, reason, actor=actor)

    @transaction.atomic
    def _move(
        self, kind: Kind, amount: int, reference: str, reason: str, *, actor: User | None
    ) -> None:
        affordable = Wallet.objects.filter(pk=self.pk, balance__gte=-amount)
        moved = affordable.update(balance=F("balance") + amount)
        # The update locked the row, so this is what our own entry left behind.
        balance = Wallet.objects.values_list("balance", flat=True).get(pk=self.pk)
        if not moved:
            raise InsufficientCredits(-amount, balance)
        # A repeated reference breaks the unique constraint and undoes the update.
        self.entries.create(
            kind=kind,
            amount=amount,
            balance=balance,
            reference=reference,
            reason=reason,
            actor=actor,
        )
        self.balance = balance


class CreditEntry(models.Model):
    """One movement of credits. Written once, never changed."""

    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind)
    # Signed: negative leaves the wallet.
    amount = models.BigIntegerField()
    # What the wallet held afterwards.
    balance = models.BigIntegerField()
    # What it was for, in the words of the app that asked: "generation:<id>", "start:7".
    reference = models.CharField(max_length=120)
    reason = models.CharField(max_length=200, blank=True)
    # The member of staff behind a grant or correction.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["wallet", "-id"], name="entry_statement"),)
        constraints = (
            models.UniqueConstraint(
                fields=["wallet", "kind", "reference"], name="entry_once_per_reference"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.CHARGE, amount__lte=0)
                | Q(kind__in=[Kind.GRANT, Kind.REFUND], amount__gt=0)
                | (Q(kind=Kind.CORRECTION) & ~Q(amount=0)),
                name="entry_sign_fits_kind",
            ),
            models.CheckConstraint(condition=Q(balance__gte=0), name="entry_balance_not_negative"),
        )
        verbose_name = _("credit entry")
        verbose_name_plural = _("credit entries")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d} ({self.reference})"


def _check_amount(amount: int, *, low: int) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError("credits are whole numbers")
    if not low <= amount <= MAX_AMOUNT:
        raise ValueError(f"credits must be between {low} and {MAX_AMOUNT}")
