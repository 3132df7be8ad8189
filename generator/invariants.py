"""What must hold of generations and their money (I3, I4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, F
from django.db.models.functions import Now

from accounts.models import CreditEntry, Kind
from generator.models import Generation, Status

LATE = dt.timedelta(seconds=90)


def breaches() -> Iterator[str]:
    """One line per generation whose charge, refund, outputs or lease are not as they must be."""
    yield from _money()
    yield from _outputs()
    abandoned = Generation.objects.filter(status=Status.RUNNING, lease_until__lt=Now() - LATE)
    for pk in abandoned.values_list("pk", flat=True):
        yield f"I4 generation {pk}: running, and its lease ended over 90 s ago"


def _money() -> Iterator[str]:
    columns = ("pk", "status", "count", "delivered", "unit_price", "refunded")
    charges, refunds = _entries(Kind.CHARGE), _entries(Kind.REFUND)
    for generation in Generation.objects.only(*columns).iterator():
        reference = generation.reference
        charged, refunded = charges.pop(reference, []), refunds.pop(reference, [])
        if charged != [-generation.cost]:
            yield f"I3 {reference}: charged {charged}, costs {generation.cost}"
        due = _refund_due(generation)
        if sum(refunded) != due or len(refunded) > 1 or generation.refunded != due:
            yield f"I3 {reference}: refunded {refunded}, says {generation.refunded}, due {due}"
    for reference in [*charges, *refunds]:
        yield f"I3 {reference}: in the ledger, but there is no such generation"


def _refund_due(generation: Generation) -> int:
    if not generation.is_finished:
        return 0
    return generation.unit_price * (generation.count - generation.delivered)


def _entries(kind: Kind) -> dict[str, list[int]]:
    """Amounts by reference, of the entries that generations caused."""
    found: dict[str, list[int]] = {}
    rows = CreditEntry.objects.filter(kind=kind, reference__startswith="generation:")
    for reference, amount in rows.order_by("id").values_list("reference", "amount").iterator():
        found.setdefault(reference, []).append(amount)
    return found


def _outputs() -> Iterator[str]:
    counted = Generation.objects.annotate(outputs_count=Count("outputs"))
    for pk, delivered, found in counted.exclude(delivered=F("outputs_count")).values_list(
        "pk", "delivered", "outputs_count"
    ):
        yield f"I3 generation {pk}: delivered {delivered}, has {found} outputs"
    undelivered = Generation.objects.filter(status=Status.SUCCEEDED, delivered=0)
    for pk in undelivered.values_list("pk", flat=True):
        yield f"I3 generation {pk}: succeeded without a picture"
