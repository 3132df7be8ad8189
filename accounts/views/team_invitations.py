"""An owner's side of invitations: by mail, by link, again, and not any more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts import inviting
from accounts.inviting import CannotInvite
from accounts.models import Membership, TeamInvitation, TeamRight
from accounts.team_forms import LinkForm, MailForm
from accounts.views.teams import membership_or_404, team_context, team_page


@never_cache
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """`by=mail` sends an invitation; otherwise the answer shows a new link, this once."""
    mine = membership_or_404(request, pk, TeamRight.INVITE)
    if request.POST.get("by") == "mail":
        return _by_mail(request, mine, MailForm(request.POST))
    return _by_link(request, mine, LinkForm(request.POST))


@never_cache
@require_POST
def send_again(request: HttpRequest, pk: int, invitation_id: int) -> HttpResponse:
    """The mail once more, with a new link instead of the old; a link is shown anew."""
    mine = membership_or_404(request, pk, TeamRight.INVITE)
    invitation = _pending(mine, invitation_id)
    try:
        if not invitation.email:
            return _shown(request, mine, invitation, inviting.link_again(invitation))
        inviting.send_again(mine, invitation)
    except CannotInvite as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Sent again. The link in the earlier mail is void."))
    return redirect("team", pk)


@require_POST
def revoke(request: HttpRequest, pk: int, invitation_id: int) -> HttpResponse:
    """Let nobody in by it from now on."""
    mine = membership_or_404(request, pk, TeamRight.INVITE)
    _pending(mine, invitation_id).revoke()
    messages.success(request, _("This invitation lets nobody in any more."))
    return redirect("team", pk)


def _by_mail(request: HttpRequest, mine: Membership, form: MailForm) -> HttpResponse:
    if not form.is_valid():
        return team_page(request, mine, mail_form=form)
    try:
        invitation = inviting.by_mail(mine, form.cleaned_data["email"], form.cleaned_data["role"])
    except CannotInvite as error:
        form.add_error("email", str(error))
        return team_page(request, mine, mail_form=form)
    messages.success(request, _("An invitation is on its way to %s.") % invitation.email)
    return redirect("team", mine.team_id)


@sensitive_variables("link")
def _by_link(request: HttpRequest, mine: Membership, form: LinkForm) -> HttpResponse:
    if not form.is_valid():
        return team_page(request, mine, link_form=form)
    said = form.cleaned_data
    try:
        invitation, link = inviting.by_link(
            mine, said["role"], uses=said["uses"], valid_for=form.valid_for
        )
    except CannotInvite as error:
        form.add_error(None, str(error))
        return team_page(request, mine, link_form=form)
    return _shown(request, mine, invitation, link)


@sensitive_variables("link")
def _shown(
    request: HttpRequest, mine: Membership, invitation: TeamInvitation, link: str
) -> HttpResponse:
    """In the answer itself and nowhere else: it can be read this once."""
    context = team_context(mine) | {"new_link": link, "new_invitation": invitation}
    return render(request, "accounts/team.html", context, status=201)


def _pending(mine: Membership, invitation_id: int) -> TeamInvitation:
    return get_object_or_404(mine.team.invitations.pending(), pk=invitation_id)
