"""What waits for an editor before everyone may see it, for programs: both sides of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.api import fields
from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.fields import MAX_ID, Id
from accounts.api.reading import BODY_ERRORS, only_parameters
from accounts.models import User
from gallery import publishing
from gallery.api import AssetData, Person
from gallery.asset_data import page_data
from gallery.listing import BadCursor, cursor_at, read_cursor
from gallery.models import Asset, PublicationRequest, RequestState
from gallery.models.publication_request import PublicationRequestQuerySet

router = Router(tags=["Publications"])
ONE = "/publications/{int:publication_id}"
NOTE = {"note": fields.text(500, "A word to whoever asked.", low=0)}
LATE = "That was decided meanwhile, or the picture is gone."


class PublicationPermissions(Schema):
    canDecide: bool
    canWithdraw: bool


class PublicationData(Schema):
    """Somebody's wish that everyone may see a picture, which editors of a team decide."""

    id: int
    assetId: str
    asset: AssetData | None = Field(description="The picture, while you may see it.")
    teamId: int
    team: str = Field(description="What the team is called.")
    askedBy: Person
    askedAt: str
    state: Literal["waiting", "approved", "declined", "withdrawn"]
    note: str = Field(description="The editor's word to whoever asked.")
    decidedAt: str | None
    permissions: PublicationPermissions


class PublicationList(Schema):
    items: list[PublicationData]
    nextCursor: str | None = Field(description="Pass it as `cursor`; null on the last page.")


class PublicationQuery(Schema):
    scope: Literal["waiting", "mine"] = Field(
        "waiting",
        description="`waiting`: what you may decide as an editor, the oldest first; `mine`: what "
        "you asked for, whatever became of it, the newest first.",
    )
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="`nextCursor` of a page.")


@router.get(
    "/publications", response={200: PublicationList, **errors_declared(400, 422)}, auth=may_read
)
def list_publications(request: HttpRequest, query: Query[PublicationQuery]) -> HttpResponse:
    """What waits for you as an editor, or what you asked for yourself.

    To ask, publish a picture: `isPublic` of `PATCH /v1/assets/{id}`, or `/v1/assets/bulk`.
    """
    only_parameters(request, *PublicationQuery.model_fields)
    user, mine = caller(request), query.scope == "mine"
    wishes = PublicationRequest.objects
    rows = wishes.asked_by(user) if mine else wishes.waiting().for_editor(user)
    if query.cursor:
        rows = rows.filter(_beyond(query.cursor, newest_first=mine))
    order = ("-asked_at", "-pk") if mine else ("asked_at", "pk")
    found = list(_told(rows).order_by(*order)[: query.limit + 1])
    items, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_at(items[-1].asked_at, uuid.UUID(int=items[-1].pk)) if more else None
    return answer(request, {"items": publications_data(items, user), "nextCursor": cursor})


def _beyond(cursor: str, *, newest_first: bool) -> Q:
    try:
        moment, place = read_cursor(cursor)
        if place.int > MAX_ID:
            raise BadCursor(cursor)
    except BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    if newest_first:
        return Q(asked_at__lte=moment) & (Q(asked_at__lt=moment) | Q(pk__lt=place.int))
    return Q(asked_at__gte=moment) & (Q(asked_at__gt=moment) | Q(pk__gt=place.int))


@router.get(ONE, response={200: PublicationData, **errors_declared(404, 422)}, auth=may_read)
def get_publication(request: HttpRequest, publication_id: Id) -> HttpResponse:
    """One that you asked for, or of a team whose editor you are."""
    return _tell(request, publication_id)


@router.post(
    f"{ONE}/approve",
    response={200: PublicationData, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NOTE),
)
def approve_publication(request: HttpRequest, publication_id: Id) -> HttpResponse:
    """Say yes: it is published unless another team is still to be asked."""
    wish = _decidable(request, publication_id)
    note = fields.read_fields(request, NOTE).get("note", "")
    if not publishing.approve(wish, caller(request), note):
        raise refusal(409, LATE)
    return _tell(request, publication_id)


@router.post(
    f"{ONE}/decline",
    response={200: PublicationData, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NOTE),
)
def decline_publication(request: HttpRequest, publication_id: Id) -> HttpResponse:
    """Say no, with a word to whoever asked."""
    wish = _decidable(request, publication_id)
    note = fields.read_fields(request, NOTE).get("note", "")
    if not publishing.decline(wish, caller(request), note):
        raise refusal(409, LATE)
    return _tell(request, publication_id)


@router.delete(ONE, response={204: None, **errors_declared(404, 409, 422)}, auth=may_change)
def withdraw_publication(request: HttpRequest, publication_id: Id) -> HttpResponse:
    """Ask no team any longer to let everyone see this picture. 409 when it was decided before."""
    user = caller(request)
    wish = get_object_or_404(_seen_by(user), pk=publication_id)
    if wish.asked_by_id != user.pk:
        raise refusal(403, "Only who asked can take it back.")
    gone = PublicationRequest.objects.asked_by(user).filter(asset=wish.asset_id).withdraw()
    if not gone and wish.state != RequestState.WITHDRAWN:
        raise refusal(409, LATE)
    return answer(request, None, 204)


def publications_data(wishes: Sequence[PublicationRequest], viewer: User) -> list[dict[str, Any]]:
    """What `_told` fetched, as `PublicationData` describes it, in a constant number of queries."""
    pks = [wish.asset_id for wish in wishes]
    seen = Asset.objects.visible_to(viewer).filter(pk__in=pks)
    pictures = {each["id"]: each for each in page_data(list(seen), viewer)}
    decides = PublicationRequest.objects.waiting().for_editor(viewer)
    decided = {wish.pk for wish in wishes if wish.state != RequestState.WAITING}
    open_ones = [wish.pk for wish in wishes if wish.pk not in decided]
    decidable = set(decides.filter(pk__in=open_ones).values_list("pk", flat=True))
    return [
        {
            **_facts(wish),
            "asset": pictures.get(str(wish.asset_id)),
            "permissions": {
                "canDecide": wish.pk in decidable,
                "canWithdraw": wish.pk not in decided and wish.asked_by_id == viewer.pk,
            },
        }
        for wish in wishes
    ]


def _facts(wish: PublicationRequest) -> dict[str, Any]:
    return {
        "id": wish.pk,
        "assetId": str(wish.asset_id),
        "teamId": wish.team_id,
        "team": wish.team.name,
        "askedBy": {"id": wish.asked_by_id, "name": wish.asked_by.display_name},
        "askedAt": wish.asked_at.isoformat(),
        "state": wish.state,
        "note": wish.note,
        "decidedAt": wish.decided_at.isoformat() if wish.decided_at else None,
    }


def _seen_by(user: User) -> PublicationRequestQuerySet:
    wishes = PublicationRequest.objects
    return wishes.filter(Q(asked_by=user) | Q(pk__in=wishes.for_editor(user).values("pk")))


def _told(rows: PublicationRequestQuerySet) -> PublicationRequestQuerySet:
    return rows.select_related("team", "asked_by")


def _decidable(request: HttpRequest, pk: int) -> PublicationRequest:
    """One that the caller may decide; 403 for whoever asked and does not decide it."""
    user = caller(request)
    wish = get_object_or_404(_seen_by(user).select_related("asset__owner"), pk=pk)
    if not PublicationRequest.objects.for_editor(user).filter(pk=pk).exists():
        raise refusal(403, "An editor of the team decides this.")
    return wish


def _tell(request: HttpRequest, pk: int) -> HttpResponse:
    user = caller(request)
    wish = get_object_or_404(_told(_seen_by(user)), pk=pk)
    return answer(request, publications_data([wish], user)[0])
