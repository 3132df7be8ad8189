"""Teams, members and invitations as programs see them."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import Field as About

from accounts.models import Membership, TeamInvitation, TeamRight

RoleName = Literal["owner", "editor", "contributor", "viewer"]


class TeamData(Schema):
    """A team, as its member sees it."""

    id: int
    name: str
    role: RoleName = About(description="Yours.")
    permissions: list[str] = About(description="What you may do in it.")
    members: int
    walletId: int
    balance: int | None = About(description="Its credits; null where you may not know them.")
    monthlyLimit: int | None = About(description="Yours; null is no limit.")
    keepsPictures: bool = About(description="Whether it keeps what a leaving member shared.")
    reviewsPublications: bool = About(description="Whether an editor says what becomes public.")
    createdAt: str


class TeamList(Schema):
    items: list[TeamData]


class RemovalQuery(Schema):
    pictures: Literal["keep", "return"] | None = About(
        None,
        description="What they shared: the team keeps it, or they take it along. "
        "Default: what the team has settled on.",
    )


class MemberData(Schema):
    userId: int
    name: str
    email: str | None = About(description="Only for those who manage people, and your own.")
    role: RoleName
    monthlyLimit: int | None
    usedThisMonth: int
    joinedAt: str


class MemberList(Schema):
    items: list[MemberData]


class InvitationData(Schema):
    """A way into a team."""

    id: int
    role: RoleName
    email: str | None = About(description="For this address alone; null: for whoever has the link.")
    uses: int
    used: int
    isOpen: bool
    createdAt: str
    expiresAt: str


class InvitationList(Schema):
    items: list[InvitationData]


class NewInvitationData(InvitationData):
    token: str = About(description="What lets somebody in. It is told this once.")


def team_data(membership: Any) -> dict[str, Any]:
    """One of `teams.memberships` as `TeamData`."""
    team = membership.team
    knows = membership.may(TeamRight.SPEND) or membership.may(TeamRight.READ_STATEMENT)
    return {
        "id": team.pk,
        "name": team.name,
        "role": membership.role,
        "permissions": [right for right in TeamRight.values if membership.may(TeamRight(right))],
        "members": membership.size,
        "walletId": team.wallet.pk,
        "balance": team.wallet.balance if knows else None,
        "monthlyLimit": membership.monthly_limit,
        "keepsPictures": team.keeps_pictures,
        "reviewsPublications": team.reviews_publications,
        "createdAt": team.created_at.isoformat(),
    }


def member_data(member: Any, looker: Membership) -> dict[str, Any]:
    """A membership with `used`, as `looker` may see it."""
    knows = looker.may(TeamRight.MANAGE_PEOPLE) or looker.user_id == member.user_id
    return {
        "userId": member.user_id,
        "name": member.user.display_name,
        "email": member.user.email if knows else None,
        "role": member.role,
        "monthlyLimit": member.monthly_limit,
        "usedThisMonth": member.used or 0,
        "joinedAt": member.joined_at.isoformat(),
    }


def invitation_data(invitation: TeamInvitation, *, is_open: bool) -> dict[str, Any]:
    """An invitation without what opens it."""
    return {
        "id": invitation.pk,
        "role": invitation.role,
        "email": invitation.email or None,
        "uses": invitation.uses,
        "used": invitation.used,
        "isOpen": is_open,
        "createdAt": invitation.created_at.isoformat(),
        "expiresAt": invitation.expires_at.isoformat(),
    }
