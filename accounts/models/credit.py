"""The ledger's lines: written once, never changed.

The database holds the invariants: an entry is never changed or deleted (triggers,
migrations 0002 and 0003), its sign fits its kind, and one (wallet, kind, reference)
exists once, so a repeated charge or refund undoes itself. Upper apps name what was paid
for by an opaque reference such as ``generation:<id>``, and by words of their own
(`item`, `project`) that a statement can be sorted by.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models.payment import MAX_PROJECT, Buyer

MAX_AMOUNT = 10**12


class Kind(models.TextChoices):
    GRANT = "grant", _("Grant")
    CHARGE = "charge", _("Charge")
    REFUND = "refund", _("Refund")
    CORRECTION = "correction", _("Correction")
    EXPIRY = "expiry", _("Expiry")


def is_whole(column: str) -> Q:
    """Holds for whole numbers only: a SQLite column keeps whatever fraction it is given."""
    return Q(**{column: Cast(column, models.BigIntegerField())})


class CreditEntry(models.Model):
    """One movement of credits. Written once, never changed."""

    wallet = models.ForeignKey("accounts.Wallet", on_delete=models.PROTECT, related_name="entries")
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
    # Who bought, with which key, which model's work, for which project of theirs.
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    key = models.ForeignKey(
        "accounts.ApiKey", null=True, on_delete=models.PROTECT, related_name="+"
    )
    item = models.CharField(max_length=80, blank=True)
    project = models.CharField(max_length=MAX_PROJECT, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["wallet", "-id"], name="entry_statement"),
            models.Index(fields=["wallet", "buyer", "-id"], name="entry_statement_of_buyer"),
            models.Index(fields=["wallet", "kind", "-id"], name="entry_statement_of_kind"),
            models.Index(fields=["wallet", "item", "-id"], name="entry_statement_of_item"),
            models.Index(fields=["wallet", "project", "-id"], name="entry_statement_of_project"),
            models.Index(fields=["wallet", "created_at", "id"], name="entry_statement_of_month"),
            models.Index(fields=["buyer", "-id"], name="entry_latest_of_buyer"),
            # Holds all that the overview sums up, so that it looks at no row.
            models.Index(fields=["kind", "created_at", "amount"], name="entry_by_day"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["wallet", "kind", "reference"], name="entry_once_per_reference"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.CHARGE, amount__lte=0)
                | Q(kind__in=[Kind.GRANT, Kind.REFUND], amount__gt=0)
                | (Q(kind=Kind.CORRECTION) & ~Q(amount=0))
                | Q(kind=Kind.EXPIRY, amount__lt=0),
                name="entry_sign_fits_kind",
            ),
            models.CheckConstraint(condition=Q(balance__gte=0), name="entry_balance_not_negative"),
            models.CheckConstraint(condition=is_whole("amount"), name="entry_amount_whole"),
        )
        verbose_name = _("credit entry")
        verbose_name_plural = _("credit entries")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d} ({self.reference})"

    @property
    def said_by(self) -> Buyer | None:
        """Who bought, in the words that a refund of it is filed under too."""
        if self.buyer is None:
            return None
        return Buyer(user=self.buyer, key=self.key, item=self.item, project=self.project)

    @property
    def subject(self) -> str:
        """What kind of thing it was for: "generation", "start"; pages may know where that is."""
        return self.reference.partition(":")[0]

    @property
    def subject_id(self) -> str:
        return self.reference.partition(":")[2]


def check_amount(amount: int, *, low: int) -> None:
    """TypeError or ValueError unless `amount` is a whole number from `low` to `MAX_AMOUNT`."""
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError("credits are whole numbers")
    if not low <= amount <= MAX_AMOUNT:
        raise ValueError(f"credits must be between {low} and {MAX_AMOUNT}")
