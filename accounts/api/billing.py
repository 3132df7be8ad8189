"""What is left to spend."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from accounts.api.access import caller, may_read
from accounts.api.answers import answer, errors_declared

router = Router(tags=["Account"])


class Subscription(Schema):
    """There is one plan: credits that an administrator gives."""

    id: str
    name: str


class Billing(Schema):
    subscription: Subscription
    remaining: int = Field(description="Credits in the wallet.")


@router.get("/billing", response={200: Billing, **errors_declared()}, auth=may_read)
def billing(request: HttpRequest) -> HttpResponse:
    """How many credits the key's owner has left."""
    data = {
        "subscription": {"id": "credits", "name": "Credits"},
        "remaining": caller(request).wallet.balance,
    }
    return answer(request, data)
