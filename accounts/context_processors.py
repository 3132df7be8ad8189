"""What every template may ask for."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.admin_site import StaffSite
from accounts.models import Wallet


def wallet(request: HttpRequest) -> dict[str, Any]:
    """`wallet`: the signed-in person's, read when a template first uses it; else falsy."""
    return {"wallet": SimpleLazyObject(lambda: _wallet_of(request))}


def staff_waits(request: HttpRequest) -> dict[str, Any]:
    """`staff_waits`: how much waits in the administration for the member of staff who looks."""
    return {"staff_waits": SimpleLazyObject(lambda: _waiting_for(request))}


def _waiting_for(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if user is None or not user.is_staff:
        return 0
    return sum(count for _page, count in cast(StaffSite, admin.site).waiting(user))


def _wallet_of(request: HttpRequest) -> Wallet | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    # Not user.wallet: what the view charged meanwhile must show.
    return Wallet.objects.filter(owner_id=user.pk).first()
