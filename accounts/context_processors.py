"""What every template may ask for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Wallet


def wallet(request: HttpRequest) -> dict[str, Any]:
    """`wallet`: the signed-in person's, read when a template first uses it; else falsy."""
    return {"wallet": SimpleLazyObject(lambda: _wallet_of(request))}


def _wallet_of(request: HttpRequest) -> Wallet | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    # Not user.wallet: what the view charged meanwhile must show.
    return Wallet.objects.filter(owner_id=user.pk).first()
