"""What moved the credits of a wallet, for those who may read it.

A page costs the same number of queries whatever the wallet holds, and each filter has its index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import (
    CreditEntry,
    CreditLot,
    Kind,
    Membership,
    MonthlyUse,
    Team,
    TeamRight,
    User,
    Wallet,
)
from accounts.models.monthly_use import month_after, month_of

#: Lines on one page.
PAGE = 50
#: So many of the latest lines are looked through for models and projects to suggest.
LOOKED_THROUGH = 200
#: Months that the filter offers at most.
MOST_MONTHS = 120


@dataclass(frozen=True)
class Line:
    """An entry as a reader sees it: `said` is empty where it is another member's own words."""

    entry: CreditEntry
    is_own: bool

    @property
    def said(self) -> str:
        return self.entry.reason if self.is_own else ""


@dataclass(frozen=True)
class Total:
    """What `jobs` orders filed under `name` cost, after what came back."""

    name: str
    spent: int
    jobs: int


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which lines; what is None or empty does not count. `member` is a user's id."""

    member: int | None = None
    kind: str = ""
    item: str = ""
    project: str = ""
    month: dt.date | None = None

    def apply(self, entries: QuerySet[CreditEntry]) -> QuerySet[CreditEntry]:
        """Those of `entries`, newest first."""
        wanted = {
            "buyer": self.member,
            "kind": self.kind,
            "item": self.item,
            "project": self.project,
        }
        found = entries.filter(**{name: value for name, value in wanted.items() if value})
        if self.month is None:
            return found.order_by("-id")
        first, end = (_midnight(day) for day in (self.month, month_after(self.month)))
        # In the order of the index that finds the month.
        return found.filter(created_at__gte=first, created_at__lt=end).order_by(
            "-created_at", "-id"
        )


@dataclass(frozen=True)
class Statement:
    """The wallet's lines as `reader` may see them: all when `is_whole`, else their own."""

    wallet: Wallet
    reader: User
    is_whole: bool = True
    knows_balance: bool = True
    may_set_warning: bool = True
    filters: Filters = field(default_factory=Filters)

    @property
    def team(self) -> Team | None:
        return self.wallet.team

    def next_to_end(self) -> CreditLot | None:
        """What is left of the credits that end first."""
        return self.wallet.lots.left().order_by("expires_at", "pk").first()

    def entries(self) -> QuerySet[CreditEntry]:
        """Every line that the filters leave, newest first."""
        return self.filters.apply(self._readable())

    def page(self, before: int | None) -> tuple[list[Line], bool]:
        """The lines after the entry with the id `before`, and whether more follow."""
        entries = self.entries().select_related("actor", "buyer")
        if before:
            entries = entries.filter(self._older_than(before))
        found = self.lines(entries[: PAGE + 1])
        return found[:PAGE], len(found) > PAGE

    def lines(self, entries: Iterable[CreditEntry]) -> list[Line]:
        return list(self.each_line(entries))

    def each_line(self, entries: Iterable[CreditEntry]) -> Iterator[Line]:
        for entry in entries:
            yield Line(entry, entry.buyer_id in (None, self.reader.pk) or self.team is None)

    def totals(self, by: str) -> list[Total]:
        """What was spent per "member", "item" or "project", the most first."""
        column = {"member": "buyer", "item": "item", "project": "project"}[by]
        spent = self.entries().filter(kind__in=(Kind.CHARGE, Kind.REFUND)).order_by()
        rows = spent.values(column).annotate(
            sum=Sum("amount"), jobs=Count("pk", filter=Q(kind=Kind.CHARGE))
        )
        found = list(rows.values_list(column, "sum", "jobs"))
        names = _names({key for key, *_ in found}) if by == "member" else {}
        totals = [Total(names.get(key, key) or "", -sum, jobs) for key, sum, jobs in found]
        return sorted(totals, key=lambda total: (-total.spent, total.name))

    def members(self) -> list[tuple[int, str]]:
        """Whose lines a reader may pick: everybody in the team, or who spent of its credits."""
        if self.team is None or not self.is_whole:
            return []
        now = Membership.objects.filter(team=self.team).values("user")
        ever = MonthlyUse.objects.filter(wallet=self.wallet).values("user")
        people = User.objects.filter(Q(pk__in=now) | Q(pk__in=ever))
        return sorted(((each.pk, each.display_name) for each in people), key=lambda who: who[1])

    def suggestions(self) -> tuple[list[str], list[str]]:
        """Models and projects of the latest lines."""
        latest = list(self._readable().values_list("item", "project")[:LOOKED_THROUGH])
        items, projects = ({pair[n] for pair in latest if pair[n]} for n in (0, 1))
        return sorted(items), sorted(projects)

    def months(self) -> list[dt.date]:
        """The months since the wallet was opened, the newest first."""
        now, first = month_of(timezone.now()), month_of(self.wallet.created_at)
        count = min(MOST_MONTHS, 12 * (now.year - first.year) + now.month - first.month + 1)
        return [_months_before(now, n) for n in range(max(1, count))]

    def _readable(self) -> QuerySet[CreditEntry]:
        entries = CreditEntry.objects.filter(wallet=self.wallet)
        return entries if self.is_whole else entries.filter(buyer=self.reader)

    def _older_than(self, pk: int) -> Q:
        if self.filters.month is None:
            return Q(id__lt=pk)
        mark = self._readable().filter(pk=pk).values_list("created_at", flat=True).first()
        if mark is None:
            return Q(id__lt=pk)
        # "a <= x AND (a < x OR id < y)" walks the index from there.
        return Q(created_at__lte=mark) & (Q(created_at__lt=mark) | Q(id__lt=pk))


def of_person(user: User, filters: Filters | None = None) -> Statement:
    """`user`'s own wallet."""
    return Statement(Wallet.objects.get(owner=user), user, filters=filters or Filters())


def of_team(user: User, team_id: int, filters: Filters | None = None) -> Statement | None:
    """A team's wallet; None for whoever is not in the team."""
    here = Membership.objects.filter(user=user, team=team_id, team__closed_at=None).first()
    if here is None:
        return None
    wallet = Wallet.objects.select_related("team").get(team=team_id)
    return Statement(
        wallet,
        user,
        is_whole=here.may(TeamRight.READ_STATEMENT),
        knows_balance=here.may(TeamRight.SPEND) or here.may(TeamRight.READ_STATEMENT),
        may_set_warning=here.may(TeamRight.SET_WARNING),
        filters=filters or Filters(),
    )


def _names(ids: set[Any]) -> dict[int, str]:
    return {each.pk: each.display_name for each in User.objects.filter(pk__in=ids - {None})}


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)


def _months_before(month: dt.date, n: int) -> dt.date:
    index = 12 * month.year + month.month - 1 - n
    return dt.date(index // 12, index % 12 + 1, 1)
