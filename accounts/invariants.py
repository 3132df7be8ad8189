"""What must hold of the ledger, and of what is counted beside it, whatever happened (I1, I2)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from accounts.models import ApiKey, CreditEntry, Kind, MonthlyUse, Wallet


def breaches() -> Iterator[str]:
    """One line per wallet, month of a member and key of which a sum is wrong."""
    yield from _balances()
    yield from _lots()
    yield from _months()
    yield from _keys()


def _balances() -> Iterator[str]:
    total = (
        CreditEntry.objects.filter(wallet=OuterRef("pk"))
        .order_by()
        .values("wallet")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    entries = Coalesce(Subquery(total), 0, output_field=BigIntegerField())
    for wallet in Wallet.objects.annotate(entries_total=entries).iterator():
        if wallet.balance != wallet.entries_total:
            yield f"I1 wallet {wallet.pk}: balance {wallet.balance}, entries {wallet.entries_total}"
        if wallet.balance < 0:
            yield f"I2 wallet {wallet.pk}: balance {wallet.balance} is negative"


def _lots() -> Iterator[str]:
    lots = Wallet.objects.annotate(in_lots=Sum("lots__remaining")).filter(in_lots__gt=F("balance"))
    for pk, balance, in_lots in lots.values_list("pk", "balance", "in_lots").iterator():
        yield f"I2 wallet {pk}: balance {balance}, and {in_lots} in its lots"


def _months() -> Iterator[str]:
    """What members used of a team's credits; a refund counts in the month of its charge."""
    spent = CreditEntry.objects.filter(wallet__team__isnull=False, buyer__isnull=False).order_by()
    charged = CreditEntry.objects.filter(
        kind=Kind.CHARGE, wallet=OuterRef("wallet"), reference=OuterRef("reference")
    )
    found = _by_month(spent.filter(kind=Kind.CHARGE).annotate(spent_at=F("created_at")))
    spent_at = Subquery(charged.values("created_at")[:1])
    found.update(_by_month(spent.filter(kind=Kind.REFUND).annotate(spent_at=spent_at)))
    columns = ("wallet_id", "user_id", "month", "used")
    rows = MonthlyUse.objects.values_list(*columns)
    said = Counter({(wallet, user, day): used for wallet, user, day, used in rows})
    for month in sorted({*found, *said}):
        if found[month] != said[month]:
            wallet, user, day = month
            told = f"says {said[month]} were used, entries {found[month]}"
            yield f"I1 wallet {wallet}, user {user}, {day:%Y-%m}: {told}"


def _by_month(entries: QuerySet[CreditEntry]) -> Counter[tuple[int, int, dt.date]]:
    months = entries.annotate(month=TruncMonth("spent_at", tzinfo=dt.UTC))
    sums = months.values("wallet", "buyer", "month").annotate(sum=Sum("amount"))
    rows = sums.values_list("wallet", "buyer", "month", "sum")
    return Counter({(wallet, buyer, m.date()): -amount for wallet, buyer, m, amount in rows})


def _keys() -> Iterator[str]:
    """What keys spent. A key that made others gave some of its budget to them besides."""
    total = (
        CreditEntry.objects.filter(key=OuterRef("pk"))
        .order_by()
        .values("key")
        .annotate(total=-Sum("amount"))
        .values("total")
    )
    entries = Coalesce(Subquery(total), 0, output_field=BigIntegerField())
    is_maker = Exists(ApiKey.objects.filter(made_by=OuterRef("pk")))
    keys = ApiKey.objects.annotate(entries_total=entries, is_maker=is_maker)
    for key in keys.exclude(spent=F("entries_total")).iterator():
        if not key.is_maker or key.spent < key.entries_total:
            yield f"I1 key {key.pk}: says {key.spent} were spent, entries {key.entries_total}"
