"""Many grants at once: look at all of them first, then write all of them or none.

Each line is granted once: its reference is made of the wallet, the amount, the reason and the
last day, so that a file that is sent again, or a line that is copied into the next one, is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts import grant_table, grants
from accounts.grant_table import Line, Problem
from accounts.models import AuditEntry, CreditEntry, Kind, Team, User, Wallet
from accounts.models.gift import Gift, give

#: Names a team by its number, where several have the same name.
TEAM = "team:"


@dataclass(frozen=True)
class Row:
    """What a line would do: which wallet gets how much."""

    line: Line
    wallet: Wallet

    @property
    def after(self) -> int:
        return self.wallet.balance + self.line.amount

    @property
    def reference(self) -> str:
        words = (self.wallet.pk, self.line.amount, self.line.reason, self.line.last_day or "")
        text = "\n".join(str(word) for word in words)
        return f"bulk:{hashlib.sha256(text.encode()).hexdigest()[:32]}"

    @property
    def gift(self) -> Gift:
        day = self.line.last_day
        return Gift(
            wallet_id=self.wallet.pk,
            amount=self.line.amount,
            reference=self.reference,
            reason=self.line.reason,
            expires_at=grants.end_of(day) if day else None,
        )


@dataclass
class Plan:
    """What a table would do, and everything that speaks against it."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(row.line.amount for row in self.rows)

    @property
    def before(self) -> int:
        return sum(row.wallet.balance for row in self.rows)

    @property
    def after(self) -> int:
        return self.before + self.total


def plan(text: str) -> Plan:
    """The dry run: nothing is written. Raises `grant_table.Unreadable`."""
    table = grant_table.read(text)
    made = Plan(problems=list(table.problems))
    wallets = _Wallets(table.lines)
    seen: dict[int, int] = {}
    for line in table.lines:
        wallet = wallets.of(line)
        if isinstance(wallet, str):
            made.problems.append(Problem(line.number, wallet))
        elif wallet.pk in seen:
            told = _("%(who)s is in line %(number)d already.")
            said = told % {"who": wallet.name, "number": seen[wallet.pk]}
            made.problems.append(Problem(line.number, said))
        else:
            seen[wallet.pk] = line.number
            made.rows.append(Row(line, wallet))
    made.problems += _done_before(made.rows)
    made.problems.sort(key=lambda problem: problem.number)
    return made


def carry_out(text: str, actor: User) -> Plan:
    """Grant every line, or none of them where one has a problem. Raises like `plan`."""
    try:
        with transaction.atomic():
            made = plan(text)
            if not made.problems:
                _grant(made.rows, actor)
            return made
    except IntegrityError:
        # Somebody confirmed the same lines meanwhile; by now the plan says so.
        made = plan(text)
        if not made.problems:
            raise
        return made


def _grant(rows: list[Row], actor: User) -> None:
    entries = give([row.gift for row in rows], actor)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=actor,
            action="credits.grant",
            subject=f"wallet:{entry.wallet_id}",
            reason=entry.reason,
            **grants.before_and_after(entry),
        )
        for entry in entries
    )


def _done_before(rows: list[Row]) -> Iterable[Problem]:
    earlier = CreditEntry.objects.filter(
        wallet__in=[row.wallet for row in rows], kind=Kind.GRANT, reference__startswith="bulk:"
    )
    days = dict(earlier.values_list("reference", "created_at"))
    told = _("%(who)s was granted just this on %(day)s; another reason makes it another grant.")
    for row in rows:
        if row.reference in days:
            day = f"{days[row.reference]:%Y-%m-%d %H:%M}"
            yield Problem(row.line.number, told % {"who": row.wallet.name, "day": day})


class _Wallets:
    """The wallets that lines name, read in three queries at most whatever their number."""

    def __init__(self, lines: list[Line]) -> None:
        names = [line.who for line in lines]
        emails = {name.lower() for name in names if "@" in name}
        people = User.objects.annotate(address=Lower("email")).filter(address__in=emails)
        self.people = {u.address: u for u in people.select_related("wallet__owner")}
        self.teams = _by_name([name for name in names if "@" not in name])

    def of(self, line: Line) -> Wallet | str:
        """The wallet, or what is wrong with its name."""
        name = line.who
        if "@" in name:
            user = self.people.get(name.lower())
            if user is None:
                return _("Nobody here has the address %s.") % name
            closed = user.wallet.is_closed
            return _("The account of %s is closed.") % name if closed else user.wallet
        teams = self.teams.get(name.lower(), [])
        if not teams:
            return _("There is no person and no team called “%s”.") % name
        if len(teams) > 1:
            known = ", ".join(f"{TEAM}{team.pk}" for team in teams)
            return _("Several teams have this name; write %s.") % known
        team = teams[0]
        return _("The team “%s” is closed.") % team if team.wallet.is_closed else team.wallet


def _by_name(names: list[str]) -> Mapping[str, list[Team]]:
    """Teams by their names and by their numbers ("team:7"), in small letters."""
    lowered = {name.lower() for name in names}
    numbers = {name.removeprefix(TEAM) for name in lowered if name.startswith(TEAM)}
    rows = Team.objects.annotate(lowered=Lower("name")).select_related("wallet__team")
    found: dict[str, list[Team]] = {}
    for team in rows.filter(Q(lowered__in=lowered) | Q(name__in=names)):
        found.setdefault(team.name.lower(), []).append(team)
    for team in rows.filter(pk__in=[n for n in numbers if n.isdecimal() and len(n) < 19]):
        found[f"{TEAM}{team.pk}"] = [team]
    return {name: _open_first(teams) for name, teams in found.items()}


def _open_first(teams: list[Team]) -> list[Team]:
    """Closed ones count only where no open one has the name."""
    return [team for team in teams if not team.closed_at] or teams[:1]
