"""Why an order was not taken, in sentences for people."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import CannotPay, InsufficientCredits, Wallet


def cannot_pay(short: CannotPay, payer: Wallet) -> str:
    """Why `payer` does not pay: the cost, the balance and whom to ask."""
    if not isinstance(short, InsufficientCredits):
        return short.message
    costs = ngettext("This costs %(n)d credit", "This costs %(n)d credits", short.cost)
    if payer.team:
        holds = _("%(team)s has %(n)d.") % {"team": payer.team, "n": short.balance}
        whom = _("Whoever runs this server can give more.")
    else:
        holds = _("you have %(n)d.") % {"n": short.balance}
        whom = _("Whoever runs this server can give you more.")
    return f"{costs % {'n': short.cost}}; {holds} {whom}"


def new_price(cost: int) -> str:
    """The price is not the one that was shown."""
    text = ngettext(
        "This costs %(n)d credit now. Nothing was charged; press Create to agree.",
        "This costs %(n)d credits now. Nothing was charged; press Create to agree.",
        cost,
    )
    return text % {"n": cost}
