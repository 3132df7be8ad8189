"""Teams: founding, renaming, leaving and closing them, and the people in them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from accounts.api import fields
from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal
from accounts.api.fields import Id
from accounts.api.reading import BODY_ERRORS
from accounts.api.team_data import (
    MemberData,
    MemberList,
    RemovalQuery,
    TeamData,
    TeamList,
    member_data,
    team_data,
)
from accounts.models import LastOwner, Membership, Role, Team, TeamRight, TooManyTeams, User

router = Router(tags=["Teams"])

NEW = {"name": fields.text(80, "What its people call it.", required=True)}
CHANGES = {
    "name": fields.text(80, "What its people call it."),
    "keepsPictures": fields.yes_or_no("Whether it keeps what a leaving member shared with it."),
    "reviewsPublications": fields.yes_or_no(
        "Whether an editor has to agree before its pictures become public."
    ),
}
MEMBER = {
    "role": fields.one_of(Role.values, "What they may do."),
    "monthlyLimit": fields.whole_or_none(
        0, 10**9, "Credits of the team's that they may spend in a month; null is no limit."
    ),
}
LAST_OWNER = "Somebody must own the team: make another member an owner first, or delete it."


@router.get("/teams", response={200: TeamList, **errors_declared()}, auth=may_read)
def list_teams(request: HttpRequest) -> HttpResponse:
    """The teams you are in."""
    mine = memberships(caller(request)).order_by("team__name", "team_id")
    return answer(request, {"items": [team_data(membership) for membership in mine]})


@router.post(
    "/teams",
    response={201: TeamData, **errors_declared(409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NEW),
)
def create_team(request: HttpRequest) -> HttpResponse:
    """Found a team, with you as its owner and an empty wallet."""
    wanted = fields.read_fields(request, NEW)
    try:
        team = Team.objects.found(wanted["name"], caller(request))
    except TooManyTeams as error:
        raise refusal(409, str(error)) from None
    return tell(request, team.pk, 201)


@router.get(
    "/teams/{int:team_id}", response={200: TeamData, **errors_declared(404, 422)}, auth=may_read
)
def get_team(request: HttpRequest, team_id: Id) -> HttpResponse:
    """One of your teams."""
    return tell(request, team_id)


@router.patch(
    "/teams/{int:team_id}",
    response={200: TeamData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(CHANGES),
)
def change_team(request: HttpRequest, team_id: Id) -> HttpResponse:
    """Rename it; settle what becomes of pictures of those who leave, and who publishes."""
    team = mine(request, team_id, TeamRight.RENAME).team
    columns = {
        "name": "name",
        "keepsPictures": "keeps_pictures",
        "reviewsPublications": "reviews_publications",
    }
    wanted = fields.read_fields(request, CHANGES)
    if wanted:
        values = {columns[name]: value for name, value in wanted.items()}
        Team.objects.filter(pk=team.pk).update(**values)
    return tell(request, team_id)


@router.delete(
    "/teams/{int:team_id}", response={204: None, **errors_declared(404, 422)}, auth=may_change
)
def delete_team(request: HttpRequest, team_id: Id) -> HttpResponse:
    """Close it for everybody. What is left in its wallet can be spent by nobody."""
    mine(request, team_id, TeamRight.DELETE).team.close()
    return answer(request, None, 204)


@router.post(
    "/teams/{int:team_id}/leave",
    response={204: None, **errors_declared(404, 409, 422)},
    auth=may_change,
)
def leave_team(request: HttpRequest, team_id: Id) -> HttpResponse:
    """Leave it, from the next request on. Its last owner cannot."""
    _end(mine(request, team_id, TeamRight.SEE))
    return answer(request, None, 204)


@router.get(
    "/teams/{int:team_id}/members",
    response={200: MemberList, **errors_declared(404, 422)},
    auth=may_read,
)
def list_members(request: HttpRequest, team_id: Id) -> HttpResponse:
    """The people in it, with what they used of its credits this month."""
    looker = mine(request, team_id, TeamRight.SEE)
    people = looker.team.memberships.with_use().select_related("user")
    return answer(request, {"items": [member_data(each, looker) for each in people]})


@router.patch(
    "/teams/{int:team_id}/members/{int:user_id}",
    response={200: MemberData, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(MEMBER),
)
def change_member(request: HttpRequest, team_id: Id, user_id: Id) -> HttpResponse:
    """Change somebody else's role, or how much they may spend in a month."""
    manager = mine(request, team_id, TeamRight.MANAGE_PEOPLE)
    member = _member(manager.team, user_id)
    if member.user_id == manager.user_id:
        raise refusal(403, "Nobody changes their own role or limit; another owner can.")
    wanted = fields.read_fields(request, MEMBER)
    with transaction.atomic():
        if "role" in wanted:
            _take_role(member, Role(wanted["role"]))
        if "monthlyLimit" in wanted:
            member.limit_to(wanted["monthlyLimit"])
    found = manager.team.memberships.with_use().select_related("user")
    changed = found.filter(pk=member.pk).first()
    if changed is None:
        raise Http404
    return answer(request, member_data(changed, manager))


@router.delete(
    "/teams/{int:team_id}/members/{int:user_id}",
    response={204: None, **errors_declared(404, 409, 422)},
    auth=may_change,
)
def remove_member(
    request: HttpRequest, team_id: Id, user_id: Id, query: Query[RemovalQuery]
) -> HttpResponse:
    """Remove somebody, from their next request on. What the team keeps becomes yours."""
    manager = mine(request, team_id, TeamRight.MANAGE_PEOPLE)
    keep = None if query.pictures is None else query.pictures == "keep"
    _end(_member(manager.team, user_id), keep=keep, heir=caller(request))
    return answer(request, None, 204)


def memberships(user: User) -> Any:
    """What `user` is in which open team, with what an answer shows of the team."""
    mine = Membership.objects.filter(user=user, team__in=Team.objects.of(user))
    return mine.select_related("team__wallet", "user").with_size()


def mine(request: HttpRequest, team_id: int, right: TeamRight) -> Membership:
    """The caller's membership, if it holds `right`: else 403, or 404 where there is none."""
    membership: Membership | None = memberships(caller(request)).filter(team=team_id).first()
    if membership is None:
        raise Http404
    if not membership.may(right):
        raise refusal(403, "Your role in this team may not do that.")
    return membership


def tell(request: HttpRequest, team_id: int, status: int = 200) -> HttpResponse:
    """A team as the caller sees it."""
    return answer(request, team_data(mine(request, team_id, TeamRight.SEE)), status)


def _member(team: Team, user_id: int) -> Membership:
    member = team.memberships.filter(user=user_id).first()
    if member is None:
        raise Http404
    return member


def _take_role(member: Membership, role: Role) -> None:
    try:
        member.take_role(role)
    except LastOwner:
        raise refusal(409, LAST_OWNER) from None


def _end(member: Membership, *, keep: bool | None = None, heir: User | None = None) -> None:
    try:
        member.end(keep=keep, heir=heir)
    except LastOwner:
        raise refusal(409, LAST_OWNER) from None
