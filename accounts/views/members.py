"""The people of a team: their roles and limits, leaving, and being removed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import LastOwner, Membership, TeamRight
from accounts.team_forms import MemberForm, RemovalForm, roles
from accounts.views.teams import membership_or_404

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
def member(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    """Somebody else's role and monthly limit."""
    mine = membership_or_404(request, pk, TeamRight.MANAGE_PEOPLE)
    theirs = _other(mine, user_id)
    form = MemberForm(theirs, request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            _change(theirs, form)
        except LastOwner:
            form.add_error("role", _("Somebody must own the team."))
            status = 409
        else:
            messages.success(request, _("Saved; it holds from now on."))
            return redirect("team", pk)
    context = {"team": mine.team, "theirs": theirs, "form": form, "roles": roles()}
    return render(request, "accounts/team_member.html", context, status=status)


@require_http_methods(FORMS)
def remove(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    """Remove somebody, after a look at what becomes of their pictures."""
    mine = membership_or_404(request, pk, TeamRight.MANAGE_PEOPLE)
    theirs = _other(mine, user_id)
    form = RemovalForm(theirs, request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            theirs.end(keep=form.cleaned_data["pictures"] == "keep", heir=mine.user)
        except LastOwner:
            # Whoever asks was an owner a moment ago.
            form.add_error(None, _("Somebody must own the team."))
            status = 409
        else:
            told = _("%s is not in the team any more.") % theirs.user.display_name
            messages.success(request, told)
            return redirect("team", pk)
    context = {"team": mine.team, "theirs": theirs, "form": form}
    return render(request, "accounts/team_removal.html", context, status=status)


@require_http_methods(FORMS)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave, after a look at what becomes of one's pictures. The last owner cannot."""
    mine = membership_or_404(request, pk)
    status = 200
    if request.method == "POST":
        try:
            mine.end()
        except LastOwner:
            status = 409
        else:
            messages.success(request, _("You have left “%s”.") % mine.team.name)
            return redirect("teams")
    invites = mine.may(TeamRight.INVITE)
    context = {"team": mine.team, "last_owner": mine.is_last_owner, "invites": invites}
    return render(request, "accounts/team_leaving.html", context, status=status)


def _other(mine: Membership, user_id: int) -> Membership:
    """Somebody else of the same team: 404 for who is not in it, 403 for oneself."""
    if user_id == mine.user_id:
        raise PermissionDenied(_("Nobody changes their own role; another owner can."))
    theirs = mine.team.memberships.filter(user__pk=user_id).select_related("user", "team").first()
    if theirs is None:
        raise Http404
    return theirs


@transaction.atomic
def _change(theirs: Membership, form: MemberForm) -> None:
    theirs.take_role(form.cleaned_data["role"])
    theirs.limit_to(form.cleaned_data["monthly_limit"])
