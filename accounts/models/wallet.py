"""What a person or a team may spend. `docs/decisions/0013` has the rules of expiring credits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from accounts.models.credit import MAX_AMOUNT, CreditEntry, Kind, check_amount, is_whole
from accounts.models.lot import CreditLot
from accounts.models.monthly_use import MonthlyUse
from accounts.models.payment import Buyer, InsufficientCredits, MayNotSpend
from accounts.rights import TeamRight, roles_with

if TYPE_CHECKING:
    from accounts.models.user import User


class WalletQuerySet(models.QuerySet["Wallet"]):
    def spendable_by(self, user: User) -> Self:
        """The wallets that `user` may pay with: their own, then those of their teams."""
        spends = user.memberships.filter(role__in=roles_with(TeamRight.SPEND), team__closed_at=None)
        # Read first: a join below an OR would look at every wallet there is.
        teams = list(spends.values_list("team", flat=True))
        mine = self.filter(Q(owner=user) | Q(team__in=teams)).select_related("team", "owner")
        return mine.order_by(F("owner").asc(nulls_last=True), "team__name", "pk")

    def with_ended_lots(self) -> Self:
        """Those that hold credits whose day has passed."""
        ended = CreditLot.objects.left().filter(expires_at__lte=timezone.now())
        return self.filter(pk__in=ended.values("wallet")).order_by("pk")

    def running_low(self) -> Self:
        """Those that hold less than they should, of which nobody was told yet."""
        return self.filter(balance__lt=F("low_below"), low_told_at=None)


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
            models.CheckConstraint(condition=is_whole("balance"), name="wallet_balance_whole"),
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

    @property
    def is_closed(self) -> bool:
        """Whether nobody can spend from it: its person's account, or its team, is closed."""
        if self.team:
            return self.team.closed_at is not None
        return self.owner is None or not self.owner.is_active

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
                self._count(entry, by)
        self.balance = entry.balance

    def refund(self, amount: int, *, reference: str, reason: str = "") -> bool:
        """Give back `amount` for `reference`, once; False when that was done before."""
        check_amount(amount, low=1)
        # Written once, so it may be read before the wallet's row is held.
        charges = self.entries.filter(kind=Kind.CHARGE, reference=reference)
        charge = charges.select_related("buyer", "key").first()
        by = charge.said_by if charge else None
        try:
            with transaction.atomic():
                entry = self._move(Kind.REFUND, amount, reference, reason, by=by)
                if charge:
                    self._take_back(amount, charge)
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

    @property
    def is_low(self) -> bool:
        return self.low_below is not None and self.balance < self.low_below

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
        """Where a balance changes (and in `gift`, for many); inside the caller's transaction."""
        affordable = Wallet.objects.filter(pk=self.pk, balance__gte=-amount)
        risen = When(low_below__lte=F("balance") + amount, then=None)
        moved = affordable.update(
            balance=F("balance") + amount, low_told_at=Case(risen, default=F("low_told_at"))
        )
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

    def _count(self, entry: CreditEntry, by: Buyer) -> None:
        """Hold the buyer to their right, their limit and their key's budget."""
        if self.team:
            here = self.team.memberships.filter(user=by.user, team__closed_at=None)
            membership = here.first()
            if membership is None or not membership.may(TeamRight.SPEND):
                raise MayNotSpend
            MonthlyUse.objects.add(entry, limit=membership.monthly_limit)
        elif self.owner_id != by.user.pk:
            raise MayNotSpend
        if by.key:
            by.key.spend(-entry.amount)

    def _take_back(self, amount: int, charge: CreditEntry) -> None:
        """What a refund undoes of its charge, apart from the balance."""
        CreditLot.objects.give_back(charge, amount)
        if self.team_id and charge.buyer_id:
            MonthlyUse.objects.take_back(charge, amount)
        if charge.key:
            charge.key.unspend(amount)
