"""The way in for those who were invited: the link, and what the session remembers of it.

Staff invite to an account, teams into themselves. Where sign-up is by invitation, a team's
invitation to an address counts as one; a team's link that can be passed on does not.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Invitation, TeamInvitation

SESSION_KEY = "invitation"
TEAM_SESSION_KEY = "team_invitation"


def link(token: str) -> str:
    """The address to send to whoever is invited."""
    return settings.BASE_URL + reverse("account_invitation", args=[token])


def remember(request: HttpRequest, invitation: Invitation) -> None:
    request.session[SESSION_KEY] = invitation.pk


def invited(request: HttpRequest) -> Invitation | None:
    """The invitation this session came with, while it is open."""
    kept = request.session.get(SESSION_KEY)
    return Invitation.objects.open().filter(pk=kept).first() if kept else None


def spend(request: HttpRequest, email: str) -> bool:
    """Use up this session's invitation if it was for `email`; False if there is none such."""
    invitation = invited(request)
    if invitation is None or invitation.email != email.lower():
        return False
    request.session.pop(SESSION_KEY, None)
    return invitation.use()


def remember_team(request: HttpRequest, invitation: TeamInvitation) -> None:
    # By the token's hash: with a new token, who has the old one is nobody's guest.
    request.session[TEAM_SESSION_KEY] = invitation.hash


def forget_team(request: HttpRequest) -> None:
    request.session.pop(TEAM_SESSION_KEY, None)


def into_team(request: HttpRequest) -> TeamInvitation | None:
    """The invitation into a team that this session came with, open or not."""
    kept = request.session.get(TEAM_SESSION_KEY)
    found = TeamInvitation.objects.filter(hash=kept).select_related("team", "invited_by")
    return found.first() if kept else None


def into_team_for(request: HttpRequest, email: str) -> TeamInvitation | None:
    """The same, while it is open, if it is for this address and no other."""
    invitation = into_team(request)
    if invitation is None or not invitation.email or invitation.email != email.lower():
        return None
    return invitation if TeamInvitation.objects.open().contains(invitation) else None


def addressee(request: HttpRequest) -> str:
    """The address that this session was invited for; empty when for none."""
    by_staff, by_team = invited(request), into_team(request)
    if by_staff:
        return by_staff.email
    return by_team.email if by_team and into_team_for(request, by_team.email) else ""
