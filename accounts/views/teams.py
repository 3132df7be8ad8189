"""Teams: mine, one of them, its settings and its end."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import inviting
from accounts.models import Membership, Role, Team, TeamRight, TooManyTeams, User
from accounts.team_forms import DeletionForm, LinkForm, MailForm, NewTeamForm, TeamForm, roles


@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest) -> HttpResponse:
    """The teams of whoever asks; POST founds another."""
    user = cast(User, request.user)
    form = NewTeamForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            team = Team.objects.found(form.cleaned_data["name"], user)
        except TooManyTeams as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("“%s” is yours. Invite the others.") % team.name)
            return redirect("team", team.pk)
    mine = user.memberships.filter(team__closed_at=None).select_related("team__wallet")
    context = {"memberships": mine.with_size().order_by("team__name", "team"), "form": form}
    return render(request, "accounts/teams.html", context, status=422 if form.errors else 200)


@require_safe
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Its credits, people and invitations."""
    mine = membership_or_404(request, pk)
    return render(request, "accounts/team.html", team_context(mine))


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename it; settle what becomes of pictures of those who leave, and who publishes."""
    mine = membership_or_404(request, pk, TeamRight.RENAME)
    form = TeamForm(mine.team, request.POST)
    if not form.is_valid():
        return team_page(request, mine, settings_form=form)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("team", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it, after its name was typed; the page says what that means."""
    mine = membership_or_404(request, pk, TeamRight.DELETE)
    form = DeletionForm(mine.team, request.POST if request.method == "POST" else None)
    if form.is_valid():
        mine.team.close()
        messages.success(request, _("“%s” is closed.") % mine.team.name)
        return redirect("teams")
    context = {"team": mine.team, "form": form, "people": mine.team.memberships.count()}
    status = 422 if form.errors else 200
    return render(request, "accounts/team_deletion.html", context, status=status)


def membership_or_404(
    request: HttpRequest, pk: int, right: TeamRight = TeamRight.SEE
) -> Membership:
    """What whoever asks is in the team: 404 for strangers, 403 for those without `right`."""
    user = cast(User, request.user)
    mine = user.memberships.filter(team__in=Team.objects.open().filter(pk=pk))
    membership = mine.select_related("team__wallet", "user").first()
    if membership is None:
        raise Http404
    if not membership.may(right):
        raise PermissionDenied(_("Your role in this team does not allow it."))
    return membership


def team_page(request: HttpRequest, mine: Membership, **forms: Form) -> HttpResponse:
    """The team's page with forms that were filled in wrong."""
    return render(request, "accounts/team.html", team_context(mine) | forms, status=422)


def team_context(mine: Membership) -> dict[str, Any]:
    """What the page shows, as far as `mine` may know it, in a constant number of queries."""
    team, invites = mine.team, mine.may(TeamRight.INVITE)
    people: list[Any] = list(team.memberships.with_use().select_related("user"))
    used = sum(person.used or 0 for person in people)
    return {
        "mine": mine,
        "team": team,
        "people": people,
        "used": used,
        "roles": roles(),
        "may": {right.value: mine.may(right) for right in TeamRight},
        "invitations": team.invitations.pending() if invites else (),
        "settings_form": TeamForm(team),
        "mail_form": MailForm(initial={"role": Role.CONTRIBUTOR}),
        "link_form": LinkForm(initial={"role": Role.CONTRIBUTOR}),
        "mail_leaves": inviting.mail_leaves(),
    }
