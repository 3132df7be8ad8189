"""Whose key this is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field as About

from accounts.api import fields
from accounts.api.access import caller, key_of, may_change, may_read
from accounts.api.answers import answer, errors_declared
from accounts.api.keys import KeyData, key_data
from accounts.api.reading import BODY_ERRORS
from accounts.models import User

router = Router(tags=["Account"])

CHANGES = {"name": fields.text(80, "What others see; empty is the address up to the @.", low=0)}


class Me(Schema):
    """The person behind the key, and the key."""

    id: int
    name: str = About(description="What others see.")
    email: str
    staffRole: str | None = About(description="`support`, `finance`, `moderator`, `admin`.")
    createdAt: str
    key: KeyData


@router.get("/me", response={200: Me, **errors_declared()}, auth=may_read)
def get_me(request: HttpRequest) -> HttpResponse:
    """Who the key acts for, and what it may do."""
    return _tell(request, caller(request))


@router.patch(
    "/me",
    response={200: Me, **errors_declared(*BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(CHANGES),
)
def change_me(request: HttpRequest) -> HttpResponse:
    """Change the name that others see. Address and password are changed on the pages."""
    changes = fields.read_fields(request, CHANGES)
    user = caller(request)
    if changes:
        User.objects.filter(pk=user.pk).update(**changes)
        user.refresh_from_db(fields=list(changes))
    return _tell(request, user)


def _tell(request: HttpRequest, user: User) -> HttpResponse:
    data = {
        "id": user.pk,
        "name": user.display_name,
        "email": user.email,
        "staffRole": user.staff_role or None,
        "createdAt": user.date_joined.isoformat(),
        "key": key_data(key_of(request)),
    }
    return answer(request, data)
