"""A person's keys, for programs that hand out keys of their own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field as About

from accounts.api import fields
from accounts.api.access import caller, key_of, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.fields import Id
from accounts.api.reading import BODY_ERRORS
from accounts.keys import AddsNoKey, TooManyKeys, add_key
from accounts.models import ApiKey, BudgetSpent, Scope
from accounts.models.credit import MAX_AMOUNT

router = Router(tags=["Keys"])

NEW = {
    "name": fields.text(80, "Where it will be used.", required=True),
    "scopes": fields.some_of(Scope.values, "Default: what this key may do."),
    "budget": fields.whole_or_none(
        0, MAX_AMOUNT, "Credits it may spend in its life; they are taken out of this key's own."
    ),
    "expiresAt": fields.later("When it stops; not after this key."),
}


class KeyData(Schema):
    """A key, without its secret."""

    id: int
    name: str
    prefix: str = About(description="How its secret begins.")
    scopes: list[str]
    budget: int | None = About(description="Credits it may spend in its life; null is no limit.")
    spent: int
    expiresAt: str | None
    createdAt: str
    lastUsedAt: str | None
    madeBy: int | None = About(description="The key that made it, and is revoked with it.")


class NewKeyData(KeyData):
    token: str = About(description="The key itself. It is told this once.")


class KeyList(Schema):
    items: list[KeyData]


@router.get("/keys", response={200: KeyList, **errors_declared()}, auth=may_read)
def list_keys(request: HttpRequest) -> HttpResponse:
    """Your keys that were not revoked, newest first."""
    keys = caller(request).api_keys.filter(revoked_at=None)
    return answer(request, {"items": [key_data(key) for key in keys]})


@router.post(
    "/keys",
    response={201: NewKeyData, **errors_declared(409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NEW),
)
def create_key(request: HttpRequest) -> HttpResponse:
    """Make a key that may do no more than this one: its scopes, its time, its budget.

    It is revoked together with this key, and makes no keys itself.
    """
    wanted = fields.read_fields(request, NEW)
    maker = key_of(request)
    try:
        key, token = add_key(
            maker.user,
            wanted["name"],
            wanted.get("scopes", [scope for scope in Scope.values if scope in maker.scopes]),
            budget=wanted.get("budget", _rest(maker)),
            expires_at=wanted.get("expiresAt", maker.expires_at),
            made_by=maker,
        )
    except AddsNoKey as error:
        if error.field:
            raise wrong_fields({error.field: [str(error)]}) from None
        raise refusal(403, str(error)) from None
    except BudgetSpent as error:
        raise wrong_fields({"budget": [error.message]}) from None
    except TooManyKeys as error:
        raise refusal(409, str(error)) from None
    return answer(request, {**key_data(key), "token": token}, 201)


@router.delete(
    "/keys/{int:key_id}", response={204: None, **errors_declared(404, 422)}, auth=may_change
)
def revoke_key(request: HttpRequest, key_id: Id) -> HttpResponse:
    """Stop one of your keys, and those it made, from the next request on."""
    key = caller(request).api_keys.filter(pk=key_id, revoked_at=None).first()
    if key is None:
        raise Http404
    key.revoke()
    return answer(request, None, 204)


def key_data(key: ApiKey) -> dict[str, Any]:
    """A key as `KeyData` describes it."""
    return {
        "id": key.pk,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "budget": key.budget,
        "spent": key.spent,
        "expiresAt": _iso(key.expires_at),
        "createdAt": key.created_at.isoformat(),
        "lastUsedAt": _iso(key.last_used_at),
        "madeBy": key.made_by_id,
    }


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _rest(key: ApiKey) -> int | None:
    """What is left of a budget."""
    return None if key.budget is None else max(0, key.budget - key.spent)
