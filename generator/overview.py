"""How the place is doing: today's figures, the last thirty days, and whether anything is wrong.

Every figure of a day is a sum over one range of one index, and all days of a figure are one
query: the page asks the same few questions on the first day and after a million jobs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Aggregate,
    Avg,
    BigIntegerField,
    Count,
    Expression,
    F,
    FloatField,
    Func,
    Max,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import CreditEntry, Kind
from generator.models import Generation
from generator.models.status import Status

DAYS = 30


@dataclass(frozen=True)
class Day:
    """What happened on one day (UTC). Credits, jobs, seconds, and millionths of money."""

    date: dt.date
    used: int = 0
    refunded: int = 0
    ended: int = 0
    failed: int = 0
    pictures: int = 0
    wait: float = 0.0
    longest_wait: float = 0.0
    cost: int = 0


@dataclass(frozen=True)
class Queue:
    """What waits and runs now; `oldest` is how long the first has waited, in seconds."""

    waiting: int
    running: int
    abandoned: int
    oldest: float


class Seconds(Func):
    """How many seconds passed from the first moment to the second, by the database itself."""

    output_field = FloatField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        days = "(JULIANDAY(%(expressions)s))"
        return self.as_sql(
            compiler,
            connection,
            template=f"{days} * 86400.0",
            arg_joiner=") - JULIANDAY(",
            **context,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # The second less the first, as above: the arguments come in this order.
        template = "EXTRACT(EPOCH FROM (%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)


def last_days(count: int = DAYS) -> list[Day]:
    """The figures of the last `count` days, today last."""
    today = timezone.now().date()
    dates = [today - dt.timedelta(days=back) for back in reversed(range(count))]
    entries = CreditEntry.objects.all()
    charges, refunds = (entries.filter(kind=kind) for kind in (Kind.CHARGE, Kind.REFUND))
    tables = [
        per_day(charges, "created_at", dates, used=-Sum("amount")),
        per_day(refunds, "created_at", dates, refunded=Sum("amount")),
        per_day(Generation.objects.all(), "finished_at", dates, **_of_jobs()),
    ]
    return [Day(date, **{k: v for t in tables for k, v in t[date].items()}) for date in dates]


def _of_jobs() -> dict[str, Aggregate]:
    waited = Seconds(F("started_at"), F("queued_at"))
    # What was never begun has not waited for its turn to the end.
    begun = Q(started_at__gte=F("queued_at"))
    return {
        # Counted by a column of the index; the key would have to be looked up.
        "ended": Count("status"),
        "failed": Count("status", filter=Q(status=Status.FAILED)),
        "pictures": Sum("delivered"),
        "cost": Sum(F("delivered") * F("provider_cost"), output_field=BigIntegerField()),
        "wait": Avg(waited, filter=begun),
        "longest_wait": Max(waited, filter=begun),
    }


def per_day(
    rows: QuerySet[Any], moment: str, dates: Sequence[dt.date], **figures: Expression
) -> Mapping[dt.date, dict[str, Any]]:
    """`figures` of the rows whose `moment` lies in each day, in one query; 0 where none does."""
    parts = []
    for number, date in enumerate(dates):
        begin = dt.datetime.combine(date, dt.time(), dt.UTC)
        within = {f"{moment}__gte": begin, f"{moment}__lt": begin + dt.timedelta(days=1)}
        part = rows.filter(**within).order_by().annotate(day=Value(number)).values("day")
        parts.append(part.annotate(**figures))
    found: dict[dt.date, dict[str, Any]] = {}
    for row in parts[0].union(*parts[1:], all=True):
        found[dates[row["day"]]] = {name: row[name] or 0 for name in figures}
    return found


def queue() -> Queue:
    """What waits and runs at this moment."""
    waiting = Generation.objects.filter(status=Status.QUEUED).aggregate(
        count=Count("pk"), oldest=Max(Seconds(Now(), F("queued_at")))
    )
    running = Generation.objects.filter(status=Status.RUNNING).aggregate(
        count=Count("pk"), abandoned=Count("pk", filter=Q(lease_until__lt=Now()))
    )
    oldest = max(0.0, waiting["oldest"] or 0.0)
    return Queue(waiting["count"], running["count"], running["abandoned"], oldest)
