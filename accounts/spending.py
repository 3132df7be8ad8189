"""Who may spend how much of what this month: for the form that asks, and for the team's page."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import CreditEntry, MonthlyUse, User, Wallet

#: So many of somebody's latest entries are looked through for the projects they named.
LOOKED_THROUGH = 200


@dataclass(frozen=True)
class Purse:
    """A wallet that somebody may pay with, and how much of it is for them this month (UTC).

    `limit` is what the team lets them spend in a month (None: all there is), `used` what
    they did.
    """

    wallet: Wallet
    limit: int | None = None
    used: int = 0

    @property
    def left(self) -> int:
        """What they may spend now."""
        if self.limit is None:
            return self.wallet.balance
        return max(0, min(self.wallet.balance, self.limit - self.used))


def purses(user: User) -> list[Purse]:
    """What `user` may pay with, their own first; the same number of queries for any teams."""
    wallets = list(Wallet.objects.spendable_by(user))
    limits = dict(user.memberships.values_list("team_id", "monthly_limit"))
    mine = MonthlyUse.objects.this_month().filter(user=user)
    used = dict(mine.values_list("wallet_id", "used")) if len(wallets) > 1 else {}
    return [
        Purse(each, limits.get(each.team_id) if each.team_id else None, used.get(each.pk, 0))
        for each in wallets
    ]


def latest_projects(user: User, *, at_most: int = 12) -> list[str]:
    """The projects that `user` named last, newest first."""
    mine = CreditEntry.objects.filter(buyer=user).values_list("project", flat=True)
    named = dict.fromkeys(project for project in mine[:LOOKED_THROUGH] if project)
    return list(named)[:at_most]
