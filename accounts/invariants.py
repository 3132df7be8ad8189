"""What must hold of the ledger whatever happened (I1, I2)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import BigIntegerField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import CreditEntry, Wallet


def breaches() -> Iterator[str]:
    """One line per wallet whose balance is negative or not the sum of its entries."""
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
    lots = Wallet.objects.annotate(in_lots=Sum("lots__remaining")).filter(in_lots__gt=F("balance"))
    for pk, balance, in_lots in lots.values_list("pk", "balance", "in_lots").iterator():
        yield f"I2 wallet {pk}: balance {balance}, and {in_lots} in its lots"
