"""What somebody's keys did in the last days: requests, pictures and credits.

Read from the ledger, which knows the key and the model of each purchase, and from the jobs, which
know what was delivered: two queries, whatever the number of keys.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.models import ApiKey, CreditEntry, Kind, User
from generator.models import Generation

DAYS = 30
#: Rows that are read together.
READ_TOGETHER = 2000


@dataclass
class Use:
    """A sum: `credits` after what came back, so it may be less than nothing on one day."""

    requests: int = 0
    pictures: int = 0
    credits: int = 0

    def add(self, other: Use) -> None:
        """Count `other` in."""
        self.requests += other.requests
        self.pictures += other.pictures
        self.credits += other.credits


@dataclass(frozen=True, order=True)
class Cell:
    """What uses are filed under: a day (UTC), a key's name with its beginning, a model."""

    date: dt.date
    key: str
    model: str


@dataclass
class Usage:
    """The uses of so many days, the last of which is `today`."""

    today: dt.date
    days: int = DAYS
    cells: dict[Cell, Use] = field(default_factory=lambda: defaultdict(Use))

    @property
    def total(self) -> Use:
        found = Use()
        for use in self.cells.values():
            found.add(use)
        return found

    def by_day(self) -> list[tuple[dt.date, Use]]:
        """Every day, the oldest first, also those without any use."""
        found = dict(self._by(lambda cell: cell.date))
        dates = [self.today - dt.timedelta(days=back) for back in reversed(range(self.days))]
        return [(date, found.get(date, Use())) for date in dates]

    def by_key(self) -> list[tuple[str, Use]]:
        """What cost most first."""
        return _largest_first(self._by(lambda cell: cell.key))

    def by_model(self) -> list[tuple[str, Use]]:
        """What cost most first."""
        return _largest_first(self._by(lambda cell: cell.model))

    def rows(self) -> Iterator[list[Any]]:
        """Day, key, model, requests, pictures, credits: the newest day first."""
        for cell in sorted(self.cells, reverse=True):
            use = self.cells[cell]
            told = [cell.key, cell.model, use.requests, use.pictures, use.credits]
            yield [cell.date.isoformat(), *told]

    def _by(self, name: Callable[[Cell], Any]) -> Iterable[tuple[Any, Use]]:
        found: dict[Any, Use] = defaultdict(Use)
        for cell, use in self.cells.items():
            found[name(cell)].add(use)
        return found.items()


def of(user: User, days: int = DAYS) -> Usage:
    """What `user` bought with keys, whoever paid, in the last `days` days."""
    today = timezone.now().astimezone(dt.UTC).date()
    first = dt.datetime.combine(today - dt.timedelta(days=days - 1), dt.time(), dt.UTC)
    usage = Usage(today, days)
    names = {key.pk: str(key) for key in ApiKey.objects.filter(user=user)}
    delivered = _delivered(user, first)
    bought = CreditEntry.objects.filter(
        buyer=user, key__isnull=False, kind__in=(Kind.CHARGE, Kind.REFUND), created_at__gte=first
    )
    columns = ("created_at", "key_id", "item", "kind", "amount", "reference")
    for moment, key, item, kind, amount, reference in bought.values_list(*columns).iterator(
        READ_TOGETHER
    ):
        cell = Cell(moment.astimezone(dt.UTC).date(), names.get(key, "–"), item)
        is_charge = kind == Kind.CHARGE
        pictures = delivered.get(reference, 0) if is_charge else 0
        usage.cells[cell].add(Use(int(is_charge), pictures, -amount))
    return usage


def _delivered(user: User, first: dt.datetime) -> dict[str, int]:
    """How many pictures came of each job since `first`, by what the ledger calls it."""
    jobs = Generation.objects.of(user).filter(created_at__gte=first, delivered__gt=0)
    found = jobs.order_by().values_list("pk", "delivered")
    return {f"generation:{pk}": count for pk, count in found.iterator(READ_TOGETHER)}


def _largest_first(found: Iterable[tuple[str, Use]]) -> list[tuple[str, Use]]:
    return sorted(found, key=lambda each: (-each[1].credits, -each[1].requests, each[0]))
