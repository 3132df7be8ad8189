"""The way in for those who were invited: the link, and what the session remembers of it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Invitation

SESSION_KEY = "invitation"


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
