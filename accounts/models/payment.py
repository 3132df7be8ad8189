"""Who pays with what right, and why a payment can be refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from accounts.models.api_key import ApiKey
    from accounts.models.user import User


#: Characters of a project's label.
MAX_PROJECT = 60


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who buys, and the words that the statement files it under.

    `key` is the key that asked, whose budget pays too. `item` is what was bought (a model's
    slug, at most 80 characters), `project` the buyer's own label (at most `MAX_PROJECT`).
    """

    user: User
    key: ApiKey | None = None
    item: str = ""
    project: str = ""


class CannotPay(Exception):
    """The payment is refused and nothing was written; `str()` says why to people.

    `code` is for programs, `status` the HTTP status that says so.
    """

    code = "cannot_pay"
    status = 402

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class InsufficientCredits(CannotPay):
    """The wallet holds less than the price."""

    code = "insufficient_credits"

    def __init__(self, cost: int, balance: int) -> None:
        self.cost, self.balance = cost, balance
        super().__init__(f"costs {cost}, holds {balance}")


class LimitReached(CannotPay):
    """The team lets this member spend less than that in a month."""

    code = "limit_reached"

    def __init__(self, cost: int, used: int, limit: int) -> None:
        self.cost, self.used, self.limit = cost, used, limit
        super().__init__(
            _(
                "This costs %(cost)d, and you have used %(used)d of the %(limit)d credits "
                "that the team lets you spend this month."
            )
            % {"cost": cost, "used": used, "limit": limit}
        )


class BudgetSpent(CannotPay):
    """The key may spend less than that."""

    code = "key_budget_spent"

    def __init__(self, cost: int, left: int) -> None:
        self.cost, self.left = cost, left
        said = ngettext("this key may spend %d more credit", "this key may spend %d more", left)
        super().__init__(_("This costs %d, and ") % cost + said % left + ".")


class MayNotSpend(CannotPay):
    """It is somebody else's wallet, or a team's in which this person may only look."""

    code = "may_not_spend"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("You may not spend the credits of this wallet."))
