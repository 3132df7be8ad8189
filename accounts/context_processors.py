"""What every template may ask for."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db import DEFAULT_DB_ALIAS, models
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.admin_site import StaffSite
from accounts.models import Wallet
from accounts.prepared import Prepared

_COLUMNS = [field.attname for field in Wallet._meta.concrete_fields]
_WALLET = Prepared(
    lambda owner: Wallet.objects.filter(owner_id=owner).values_list(*_COLUMNS),
    {"owner": models.BigAutoField()},
)


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
    found = _WALLET.rows(owner=user.pk)
    return Wallet.from_db(DEFAULT_DB_ALIAS, _COLUMNS, found[0]) if found else None
