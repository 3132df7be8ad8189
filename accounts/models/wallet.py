"""What a person or a team may spend. `docs/decisions/0013` has the rules of expiring credits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.credit import MAX_AMOUNT, CreditEntry, Kind, check_amount
from accounts.models.lot import CreditLot
from accounts.models.monthly_use import MonthlyUse
from accounts.models.payment import Buyer, InsufficientCredits, MayNotSpend
from accounts.rights import TeamRight, roles_with

if TYPE_CHECKING:
    from accounts.models.user import User


class WalletQuerySet(models.QuerySet["Wallet"]):
    def spendable_by(self, user: User) -> Self:
        """The wallets that `user` may pay with: their own, then those of their teams."""
        spenders = {
            "team__closed_at": None,
            "team__memberships__user": user,
            "team__memberships__role__in": roles_with(TeamRight.SPEND),
        }
        mine = self.filter(Q(owner=user) | Q(**spenders)).select_related("team", "owner")
        return mine.order_by(F("owner").asc(nulls_last=True), "team__name", "pk")


class Wallet(models.Model):
    """What a person or a team may spend, in whole credits.

    `balance` equals the sum of its entries. Credits that expire are counted a second time in
    its lots, whose sum is never more than the balance.
    """

    # One of the two.
    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="wallet"
    )
    team = models.OneToOneField(
        "accounts.Team", null=True, on_delete=models.PROTECT, related_name="wallet"
    )
    balance = models.BigIntegerField(default=0)
    # What it is given each month, and the first day of the last month that it was given for.
    allowance = models.ForeignKey(
        "accounts.AllowancePlan",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="wallets",
    )
    allowed_for = models.DateField(null=True, editable=False)
    # Below so many credits those who answer for it are told, once until it rises again.
    low_below = models.PositiveIntegerField(null=True, blank=True)
    low_told_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WalletQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(balance__gte=0), name="wallet_balance_not_negative"),
            models.CheckConstraint(
                condition=Q(owner=None, team__isnull=False) | Q(owner__isnull=False, team=None),
                name="wallet_of_a_person_or_a_team",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.balance}"

    @property
    def name(self) -> str:
        """Whose it is, for staff: an e-mail address, or a team's name."""
        return self.owner.email if self.owner else str(self.team)

    def charge(
        self, amount: int, *, reference: str, reason: str = "", by: Buyer | None = None
    ) -> None:
        """Take `amount` (0 or more), never twice per reference.

        Raises a `CannotPay`: InsufficientCredits, and where `by` is given MayNotSpend,
        LimitReached (of a member) or BudgetSpent (of a key); nothing is written then.
        """
        check_amount(amount, low=0)
        with transaction.atomic():
            self.expire_lots()
            entry = self._move(Kind.CHARGE, -amount, reference, reason, by=by)
            CreditLot.objects.spend(entry)
            if by:
                self._count(amount, by)
        self.balance = entry.balance

    def refund(self, amount: int, *, reference: str, reason: str = "") -> bool:
        """Give back `amount` for `reference`, once; False when that was done before."""
        check_amount(amount, low=1)
        try:
            with transaction.atomic():
                entry = self._move(Kind.REFUND, amount, reference, reason)
                self._take_back(amount, reference)
        except IntegrityError:
            if not self.entries.filter(kind=Kind.REFUND, reference=reference).exists():
                raise
            return False
        self.balance = entry.balance
        return True

    def grant(
        self,
        amount: int,
        *,
        reference: str,
        reason: str = "",
        actor: User | None = None,
        expires_at: dt.datetime | None = None,
    ) -> None:
        """Add `amount` (1 or more), for good or until `expires_at`.

        IntegrityError when `reference` was granted before.
        """
        check_amount(amount, low=1)
        with transaction.atomic():
            entry = self._move(Kind.GRANT, amount, reference, reason, actor=actor)
            if expires_at:
                CreditLot.objects.open(entry, expires_at)
        self.balance = entry.balance

    def correct(self, amount: int, *, reference: str, reason: str, actor: User | None) -> None:
        """Add or take by a compensating entry; taking more than there is raises."""
        check_amount(amount, low=-MAX_AMOUNT)
        if not amount or not reason:
            raise ValueError("a correction needs an amount other than 0, and a reason")
        with transaction.atomic():
            entry = self._move(Kind.CORRECTION, amount, reference, reason, actor=actor)
            if amount < 0:
                CreditLot.objects.spend(entry)
        self.balance = entry.balance

    def expire_lots(self) -> int:
        """Take what has passed its day; returns how many credits that were."""
        due = self.lots.left().filter(expires_at__lte=timezone.now())
        if not due.exists():
            return 0
        with transaction.atomic():
            # Whoever moves credits holds the wallet's row, so what the lots say holds then.
            Wallet.objects.select_for_update().get(pk=self.pk)
            taken, entry = 0, None
            for lot in due.order_by("expires_at", "pk"):
                entry = self._move(Kind.EXPIRY, -lot.remaining, lot.end(), "")
                taken += lot.remaining
        if entry:
            self.balance = entry.balance
        return taken

    def _move(
        self,
        kind: Kind,
        amount: int,
        reference: str,
        reason: str,
        *,
        actor: User | None = None,
        by: Buyer | None = None,
    ) -> CreditEntry:
        """The one place where a balance changes; inside the caller's transaction."""
        affordable = Wallet.objects.filter(pk=self.pk, balance__gte=-amount)
        moved = affordable.update(balance=F("balance") + amount)
        # The update locked the row, so this is what our own entry left behind.
        balance = Wallet.objects.values_list("balance", flat=True).get(pk=self.pk)
        if not moved:
            raise InsufficientCredits(-amount, balance)
        # A repeated reference breaks the unique constraint and undoes the update.
        return CreditEntry.objects.create(
            wallet=self,
            kind=kind,
            amount=amount,
            balance=balance,
            reference=reference,
            reason=reason,
            actor=actor,
            buyer=by.user if by else None,
            key=by.key if by else None,
            item=by.item if by else "",
            project=by.project if by else "",
        )

    def _count(self, amount: int, by: Buyer) -> None:
        """Hold the buyer to their right, their limit and their key's budget."""
        if self.team:
            here = self.team.memberships.filter(user=by.user, team__closed_at=None)
            membership = here.first()
            if membership is None or not membership.may(TeamRight.SPEND):
                raise MayNotSpend
            MonthlyUse.objects.add(self, by.user, amount, limit=membership.monthly_limit)
        elif self.owner_id != by.user.pk:
            raise MayNotSpend
        if by.key:
            by.key.spend(amount)

    def _take_back(self, amount: int, reference: str) -> None:
        """What a refund undoes of its charge, apart from the balance."""
        charge = self.entries.filter(kind=Kind.CHARGE, reference=reference).first()
        if charge is None:
            return
        CreditLot.objects.give_back(charge, amount)
        if self.team_id and charge.buyer_id:
            MonthlyUse.objects.take_back(charge, amount)
        if charge.key:
            charge.key.unspend(amount)
