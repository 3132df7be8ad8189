"""Grants to many wallets in a handful of statements; one by one each would take four.

Whoever writes to many wallets keeps everybody else waiting meanwhile, so it has to be short.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, F, When

from accounts.models.credit import CreditEntry, Kind, check_amount
from accounts.models.lot import CreditLot
from accounts.models.wallet import Wallet

if TYPE_CHECKING:
    from accounts.models.user import User


@dataclass(frozen=True, kw_only=True)
class Gift:
    """One grant: what `Wallet.grant` takes."""

    wallet_id: int
    amount: int
    reference: str
    reason: str
    expires_at: dt.datetime | None = None


@transaction.atomic
def give(gifts: Sequence[Gift], actor: User) -> list[CreditEntry]:
    """Grant all of them, at most one to a wallet; the entries, in the same order.

    IntegrityError when one was granted before; then nothing is written.
    """
    ids = [gift.wallet_id for gift in gifts]
    if len(set(ids)) < len(ids):
        raise ValueError("one gift for each wallet")
    # In one order, so that two of these do not wait for each other.
    list(Wallet.objects.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))
    by_amount: dict[int, list[int]] = defaultdict(list)
    for gift in gifts:
        check_amount(gift.amount, low=1)
        by_amount[gift.amount].append(gift.wallet_id)
    for amount, wallets in by_amount.items():
        _raise(wallets, amount)
    entries = CreditEntry.objects.bulk_create(_entries(gifts, actor))
    CreditLot.objects.bulk_create(_lots(gifts, entries))
    return entries


def _raise(ids: list[int], amount: int) -> None:
    enough = When(low_below__lte=F("balance") + amount, then=None)
    Wallet.objects.filter(pk__in=ids).update(
        balance=F("balance") + amount, low_told_at=Case(enough, default=F("low_told_at"))
    )


def _entries(gifts: Sequence[Gift], actor: User) -> list[CreditEntry]:
    ids = [gift.wallet_id for gift in gifts]
    # The updates locked the rows, so this is what our own entries leave behind.
    balances = dict(Wallet.objects.filter(pk__in=ids).values_list("pk", "balance"))
    return [
        CreditEntry(
            wallet_id=gift.wallet_id,
            kind=Kind.GRANT,
            amount=gift.amount,
            balance=balances[gift.wallet_id],
            reference=gift.reference,
            reason=gift.reason,
            actor=actor,
        )
        for gift in gifts
    ]


def _lots(gifts: Sequence[Gift], entries: Sequence[CreditEntry]) -> list[CreditLot]:
    return [
        CreditLot(
            wallet_id=gift.wallet_id,
            grant=entry,
            amount=gift.amount,
            remaining=gift.amount,
            expires_at=gift.expires_at,
        )
        for gift, entry in zip(gifts, entries, strict=True)
        if gift.expires_at
    ]
