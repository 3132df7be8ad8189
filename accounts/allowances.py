"""Credits that come by themselves on the first of the month (UTC).

The ledger takes each month once per wallet (`allowance:2026-11`), and the wallet remembers the
last month that it was given, so it does not matter how often or how late the sweeper looks. After
downtime, a plan that rolls over gives every month that was missed, and one that does not gives
only the current month: the others would have ended already. Whoever joins a plan is given the
current month at the next look; months without a plan are not given afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AllowancePlan, Kind, Wallet
from accounts.models.monthly_use import month_after, month_of

#: A wallet that nobody swept for so long is given no more than these months.
MOST_MONTHS = 24

_OPEN = Q(owner__is_active=True) | Q(team__isnull=False, team__closed_at=None)


def give_all() -> int:
    """Give every wallet on a plan what is due; returns how many were given something."""
    month = month_of(timezone.now())
    _forget_those_without_a_plan(month)
    return sum(_give(pk, month) for pk in _due(month).values_list("pk", flat=True).order_by("pk"))


def reference(month: dt.date) -> str:
    """How the ledger names the allowance of the month that began on `month`."""
    return f"allowance:{month:%Y-%m}"


def _due(month: dt.date) -> QuerySet[Wallet]:
    behind = Q(allowed_for=None) | Q(allowed_for__lt=month)
    return Wallet.objects.filter(_OPEN, behind, allowance__isnull=False)


def _forget_those_without_a_plan(month: dt.date) -> None:
    """Or a plan of next year would give them the months until then."""
    idle = Wallet.objects.filter(Q(allowance=None) | ~_OPEN, allowed_for__lt=month)
    idle.update(allowed_for=None)


@transaction.atomic
def _give(pk: int, month: dt.date) -> bool:
    # Another sweeper may be at it: whoever holds the row looks again.
    held = Wallet.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    plan = held.allowance if held else None
    if held is None or plan is None or not _due(month).filter(pk=pk).exists():
        return False
    given = [each for each in _months(held, plan, month) if _grant(held, plan, each)]
    Wallet.objects.filter(pk=pk).update(allowed_for=month)
    return bool(given)


def _months(wallet: Wallet, plan: AllowancePlan, now: dt.date) -> Iterator[dt.date]:
    """The months to give, the oldest first."""
    missed: list[dt.date] = [now]
    while plan.rolls_over and wallet.allowed_for and len(missed) < MOST_MONTHS:
        before = _month_before(missed[-1])
        if before <= wallet.allowed_for:
            break
        missed.append(before)
    return reversed(missed)


def _grant(wallet: Wallet, plan: AllowancePlan, month: dt.date) -> bool:
    name = reference(month)
    if wallet.entries.filter(kind=Kind.GRANT, reference=name).exists():
        return False
    wallet.grant(
        plan.amount,
        reference=name,
        reason=f"{plan.name}, {month:%Y-%m}"[:200],
        expires_at=None if plan.rolls_over else _beginning(month_after(month)),
    )
    return True


def _month_before(month: dt.date) -> dt.date:
    return (month - dt.timedelta(days=1)).replace(day=1)


def _beginning(month: dt.date) -> dt.datetime:
    return dt.datetime.combine(month, dt.time(), tzinfo=dt.UTC)
