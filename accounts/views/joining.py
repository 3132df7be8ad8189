"""Coming into a team by an invitation.

The link is opened once: its token stays in the session, and the page that asks is at an address
that may be seen, kept in a history and written to a log.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import invitations
from accounts.models import TeamInvitation, User
from accounts.models.team_invitation import InvitationIsForSomebodyElse, InvitationIsOver
from accounts.rights import rights_of
from accounts.views import errors


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens: 403 when it is for another address, 410 when it is over."""
    found = TeamInvitation.objects.find(token)
    if found is None:
        raise Http404
    response = _refusal(request, found)
    if response is None:
        invitations.remember_team(request, found)
        response = redirect("team_join")
    response["Referrer-Policy"] = "strict-origin"
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Who invites into what, and the button that says yes."""
    found = invitations.into_team(request)
    if found is None:
        # Joined already, perhaps, with the sign-up that came before.
        return redirect("teams")
    if response := _refusal(request, found):
        return response
    if request.method != "POST":
        return render(request, "accounts/team_join.html", _context(request, found))
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("team_join"), settings.LOGIN_URL)
    return _accept(request, found, request.user)


def _accept(request: HttpRequest, found: TeamInvitation, user: User) -> HttpResponse:
    try:
        membership = found.accept(user)
    except InvitationIsForSomebodyElse:
        return errors.invitation_for_another(request)
    except InvitationIsOver:
        return errors.invitation_gone(request)
    invitations.forget_team(request)
    messages.success(request, _("You are in “%s” now.") % found.team.name)
    return redirect("team", membership.team_id)


def _refusal(request: HttpRequest, found: TeamInvitation) -> HttpResponse | None:
    """Why whoever asks cannot come in by it; None when they can."""
    if request.user.is_authenticated:
        try:
            found.check_for(request.user)
        except InvitationIsForSomebodyElse:
            return errors.invitation_for_another(request)
        except InvitationIsOver:
            return errors.invitation_gone(request)
    elif not TeamInvitation.objects.open().contains(found):
        return errors.invitation_gone(request)
    return None


def _context(request: HttpRequest, found: TeamInvitation) -> dict[str, Any]:
    back = "?" + urlencode({"next": reverse("team_join")})
    return {
        "invitation": found,
        "rights": rights_of(found.role),
        "may_sign_up": get_adapter().is_open_for_signup(request),
        "sign_up_url": reverse("account_signup") + back,
        "sign_in_url": reverse("account_login") + back,
    }
