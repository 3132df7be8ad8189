"""Sharing pictures with people and by links, for programs."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, Literal

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.api import fields
from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.fields import MAX_ID, Wrong
from accounts.api.reading import BODY_ERRORS, only_parameters
from gallery import sharing
from gallery.listing import BadCursor, cursor_at, read_cursor
from gallery.models import Asset, Share, ShareKind
from gallery.share_forms import MAX_PASSWORD
from gallery.sharing import CannotShare

router = Router(tags=["Shares"])


def _asset_id(value: object) -> uuid.UUID:
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise Wrong("Must be the id of a picture.") from None


_ASSET = {"type": "string", "format": "uuid", "description": "The picture: one of yours."}
NEW = {
    "assetId": fields.Field(_ASSET, _asset_id, required=True),
    "kind": fields.one_of(ShareKind.values, "With a person, or by a link.", required=True),
    "personId": fields.whole_or_none(1, MAX_ID, "Of a person: somebody in a team with you."),
    "email": fields.email("Of a person: whoever reads mail there is invited."),
    "canEdit": fields.yes_or_no("Of a person: may they change name, description and tags?"),
    "showsPrompt": fields.yes_or_no("Of a link: does it show prompt and recipe? Default: true."),
    "password": fields.text(MAX_PASSWORD, "Of a link: what must be typed to open it."),
    "expiresAt": fields.later("Of a link: when it ends; null is when you revoke it."),
}
CHANGES = {
    "canEdit": replace(fields.yes_or_no("Of a person: may they change its words?"), required=True)
}
_OF_PEOPLE = {"personId", "email", "canEdit"}
_OF_LINKS = {"showsPrompt", "password", "expiresAt"}


class ShareData(Schema):
    """Who else sees a picture of yours, by what you gave."""

    id: str
    assetId: str
    kind: Literal["person", "link"]
    personId: int | None = Field(description="Null for links, and until they accepted.")
    person: str | None = Field(description="What that person is called.")
    email: str | None = Field(description="The address that was invited, until they accept.")
    canEdit: bool
    url: str | None = Field(description="What the link is.")
    showsPrompt: bool
    hasPassword: bool
    views: int = Field(description="How often the link's page was opened by others.")
    expiresAt: str | None
    createdAt: str


class SharePage(Schema):
    items: list[ShareData]
    nextCursor: str | None = Field(description="Pass it as `cursor`; null on the last page.")


class ShareQuery(Schema):
    asset: uuid.UUID | None = Field(None, description="Those of this picture alone.")
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="`nextCursor` of a page.")


@router.get("/shares", response={200: SharePage, **errors_declared(400, 422)}, auth=may_read)
def list_shares(request: HttpRequest, query: Query[ShareQuery]) -> HttpResponse:
    """What you gave and did not take back, newest first."""
    only_parameters(request, *ShareQuery.model_fields)
    rows = Share.objects.of(caller(request)).select_related("person")
    if query.asset:
        rows = rows.filter(asset=query.asset)
    if query.cursor:
        rows = rows.filter(_older(query.cursor))
    found = list(rows.order_by("-created_at", "-pk")[: query.limit + 1])
    items, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_at(items[-1].created_at, items[-1].pk) if more else None
    return answer(request, {"items": [share_data(each) for each in items], "nextCursor": cursor})


def _older(cursor: str) -> Q:
    try:
        moment, pk = read_cursor(cursor)
    except BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    return Q(created_at__lte=moment) & (Q(created_at__lt=moment) | Q(pk__lt=pk))


@router.post(
    "/shares",
    response={201: ShareData, **errors_declared(409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NEW),
)
def create_share(request: HttpRequest) -> HttpResponse:
    """Share a picture of yours with a person, or make a link to it.

    An address is sent an invitation, whoever it belongs to; nobody learns who has an account.
    """
    wanted = fields.read_fields(request, NEW)
    _check_kind(wanted)
    user = caller(request)
    asset = Asset.objects.disposable_by(user).filter(pk=wanted["assetId"]).first()
    if asset is None:
        raise wrong_fields({"assetId": ["None of your pictures has this id."]})
    try:
        share = _share(asset, wanted)
    except CannotShare as error:
        if not error.field:
            raise refusal(409, str(error)) from None
        named = {"person": "personId"}.get(error.field, error.field)
        raise wrong_fields({named: [str(error)]}) from None
    return answer(request, share_data(share), 201)


def _check_kind(wanted: dict[str, Any]) -> None:
    """Refuse what goes with the other kind, and a person who is not named or named twice."""
    strange = _OF_PEOPLE if wanted["kind"] == ShareKind.LINK else _OF_LINKS
    errors = {name: ["Does not go with this kind."] for name in strange & wanted.keys()}
    named = bool(wanted.get("personId")) + bool(wanted.get("email"))
    if wanted["kind"] == ShareKind.PERSON and named != 1:
        errors.setdefault("email", ["Say personId or email, one of them."])
    if errors:
        raise wrong_fields(errors)


def _share(asset: Asset, wanted: dict[str, Any]) -> Share:
    may_edit = wanted.get("canEdit", False)
    if wanted["kind"] == ShareKind.LINK:
        return sharing.by_link(
            asset,
            shows_prompt=wanted.get("showsPrompt", True),
            password=wanted.get("password", ""),
            expires_at=wanted.get("expiresAt"),
        )
    if wanted.get("personId"):
        return sharing.with_colleague(asset, wanted["personId"], may_edit=may_edit)
    return sharing.by_mail(asset, wanted["email"], may_edit=may_edit)


@router.get(
    "/shares/{uuid:share_id}", response={200: ShareData, **errors_declared(404)}, auth=may_read
)
def get_share(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    """One of yours."""
    return answer(request, share_data(_mine(request, share_id)))


@router.patch(
    "/shares/{uuid:share_id}",
    response={200: ShareData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(CHANGES),
)
def change_share(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    """Let the person change its words too, or only look, from the next request on."""
    share = _mine(request, share_id)
    may_edit = fields.read_fields(request, CHANGES)["canEdit"]
    if share.kind == ShareKind.LINK:
        raise wrong_fields({"canEdit": ["Does not go with a link."]})
    Share.objects.of(caller(request)).filter(pk=share.pk).let_edit(may_edit=may_edit)
    return answer(request, share_data(_mine(request, share_id)))


@router.delete(
    "/shares/{uuid:share_id}", response={204: None, **errors_declared(404)}, auth=may_change
)
def revoke_share(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    """Take it back, from the next request on."""
    Share.objects.filter(pk=_mine(request, share_id).pk).end()
    return answer(request, None, 204)


def _mine(request: HttpRequest, share_id: uuid.UUID) -> Share:
    mine = Share.objects.of(caller(request)).select_related("person")
    share = mine.filter(pk=share_id).first()
    if share is None:
        raise Http404
    return share


def share_data(share: Share) -> dict[str, Any]:
    """A share as `ShareData` describes it."""
    return {
        "id": str(share.pk),
        "assetId": str(share.asset_id),
        "kind": share.kind,
        "personId": share.person_id,
        "person": share.person.display_name if share.person else None,
        "email": share.email or None,
        "canEdit": share.may_edit,
        "url": sharing.address(share) if share.kind == ShareKind.LINK else None,
        "showsPrompt": share.shows_prompt,
        "hasPassword": share.has_password,
        "views": share.views,
        "expiresAt": share.expires_at.isoformat() if share.expires_at else None,
        "createdAt": share.created_at.isoformat(),
    }
