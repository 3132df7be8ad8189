"""What happens by the clock. Each task does what is due, however late it comes."""

from __future__ import annotations

from celery import shared_task

from accounts import allowances, erasure, exports, low_balance
from accounts.models import Wallet


@shared_task(ignore_result=True)
def keep_wallets() -> None:
    """End what has passed its day, give what is due, and tell whose credits run low."""
    for wallet in Wallet.objects.with_ended_lots():
        wallet.expire_lots()
    allowances.give_all()
    low_balance.tell_all()


@shared_task(ignore_result=True)
def keep_promises() -> None:
    """Erase whoever is leaving, and make and forget copies of what people have here."""
    erasure.go_on_all()
    exports.make_all()
    exports.forget_past()
