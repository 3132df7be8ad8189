"""People, teams and movements of credits as programs of the staff see them."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field as About

from accounts.api.credit_data import EntryData, entry_data
from accounts.api.fields import Id
from accounts.models import CreditEntry, Team, User


class PersonData(Schema):
    id: int
    email: str
    name: str
    isActive: bool = About(description="Whether they may sign in.")
    staffRole: str | None
    walletId: int
    balance: int
    createdAt: str


class PersonPage(Schema):
    items: list[PersonData]
    nextCursor: int | None = About(description="Pass it as `cursor`; null on the last page.")


class StaffTeamData(Schema):
    id: int
    name: str
    isOpen: bool
    walletId: int
    balance: int
    members: dict[str, str] = About(description="Role by the id of the person.")
    createdAt: str


class StaffTeamPage(Schema):
    items: list[StaffTeamData]
    nextCursor: int | None = About(description="Pass it as `cursor`; null on the last page.")


class MovementData(Schema):
    """What a grant or a correction did."""

    entry: EntryData
    before: int = About(description="What the wallet held.")
    after: int


class SearchQuery(Schema):
    q: str = About("", max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    limit: int = About(50, ge=1, le=200)
    cursor: Id | None = About(None, description="`nextCursor` of a page.")


def person_data(user: User) -> dict[str, Any]:
    """A person with a wallet."""
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.display_name,
        "isActive": user.is_active,
        "staffRole": user.staff_role or None,
        "walletId": user.wallet.pk,
        "balance": user.wallet.balance,
        "createdAt": user.date_joined.isoformat(),
    }


def staff_team_data(team: Team) -> dict[str, Any]:
    """A team with its wallet and memberships."""
    return {
        "id": team.pk,
        "name": team.name,
        "isOpen": team.closed_at is None,
        "walletId": team.wallet.pk,
        "balance": team.wallet.balance,
        "members": {str(each.user_id): each.role for each in team.memberships.all()},
        "createdAt": team.created_at.isoformat(),
    }


def movement_data(entry: CreditEntry) -> dict[str, Any]:
    """An entry as what it did to the balance."""
    return {
        "entry": entry_data(entry, entry.reason),
        "before": entry.balance - entry.amount,
        "after": entry.balance,
    }
