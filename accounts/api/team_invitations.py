"""Invitations into teams: making, listing and revoking them, and coming in by one."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from accounts import inviting
from accounts.api import fields, teams
from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.fields import Id
from accounts.api.reading import BODY_ERRORS
from accounts.api.team_data import InvitationList, NewInvitationData, TeamData, invitation_data
from accounts.models import Role, TeamInvitation, TeamRight
from accounts.models.team_invitation import InvitationIsForSomebodyElse, InvitationIsOver

router = Router(tags=["Teams"])

NEW = {
    "role": fields.one_of(Role.values, "What they will be.", required=True),
    "email": fields.email("Let in this address alone; else whoever has the link."),
    "uses": fields.whole(1, 1000, "How many people it lets in; 1 with an address. Default 1."),
    "days": fields.whole(1, 365, "How long it is open. Default 14."),
}
TOKEN = {"token": fields.text(200, "What the link ends with.", required=True)}


@router.get(
    "/teams/{int:team_id}/invitations",
    response={200: InvitationList, **errors_declared(404, 422)},
    auth=may_read,
)
def list_team_invitations(request: HttpRequest, team_id: Id) -> HttpResponse:
    """Those that were not revoked, newest first."""
    team = teams.mine(request, team_id, TeamRight.INVITE).team
    still_open = set(team.invitations.open().values_list("pk", flat=True))
    kept = team.invitations.filter(revoked_at=None)
    items = [invitation_data(each, is_open=each.pk in still_open) for each in kept[:200]]
    return answer(request, {"items": items})


@router.post(
    "/teams/{int:team_id}/invitations",
    response={201: NewInvitationData, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NEW),
)
def create_team_invitation(request: HttpRequest, team_id: Id) -> HttpResponse:
    """Invite one address, or so many people by a link. Nothing is sent: pass the token on."""
    inviter = teams.mine(request, team_id, TeamRight.INVITE)
    wanted = fields.read_fields(request, NEW)
    uses, email = wanted.get("uses", 1), wanted.get("email", "")
    if email and uses != 1:
        raise wrong_fields({"uses": ["An address is let in once."]})
    valid_for = dt.timedelta(days=wanted.get("days", 14))
    try:
        invitation, token = inviting.issue(
            inviter, Role(wanted["role"]), email=email, uses=uses, valid_for=valid_for
        )
    except inviting.CannotInvite as error:
        raise refusal(409, str(error)) from None
    return answer(request, {**invitation_data(invitation, is_open=True), "token": token}, 201)


@router.delete(
    "/teams/{int:team_id}/invitations/{int:invitation_id}",
    response={204: None, **errors_declared(404, 422)},
    auth=may_change,
)
def revoke_team_invitation(request: HttpRequest, team_id: Id, invitation_id: Id) -> HttpResponse:
    """Let nobody in by it any more."""
    team = teams.mine(request, team_id, TeamRight.INVITE).team
    invitation = team.invitations.filter(pk=invitation_id).first()
    if invitation is None:
        raise Http404
    invitation.revoke()
    return answer(request, None, 204)


@router.post(
    "/teams/invitations/accept",
    response={200: TeamData, **errors_declared(404, 410, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(TOKEN),
)
def accept_team_invitation(request: HttpRequest) -> HttpResponse:
    """Come into a team. 403: it is for somebody else; 410: used up, revoked or too old."""
    token = fields.read_fields(request, TOKEN)["token"]
    invitation = TeamInvitation.objects.find(token)
    if invitation is None:
        raise Http404
    try:
        membership = invitation.accept(caller(request))
    except InvitationIsForSomebodyElse:
        raise refusal(403, "This invitation is for another e-mail address.") from None
    except InvitationIsOver:
        raise refusal(410, "This invitation was used, taken back, or is too old.") from None
    return teams.tell(request, membership.team_id)
