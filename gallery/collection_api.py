"""Collections, for programs: beginning and changing them, and what lies in them."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from accounts.api import fields
from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.fields import Id
from accounts.api.reading import BODY_ERRORS, only_parameters
from gallery import arranging, collecting
from gallery.api import AssetPage
from gallery.asset_data import asset_data
from gallery.collection_data import (
    ADDED,
    CHANGES,
    NEW,
    PLACE,
    SHARE,
    TO,
    AddedData,
    CollectionData,
    CollectionList,
    CollectionQuery,
    CollectionShareData,
    CollectionShareList,
    collection_data,
    share_data,
)
from gallery.listing import BadCursor
from gallery.models import Collection, CollectionRole, Visibility

router = Router(tags=["Collections"])
ONE = "/collections/{uuid:collection_id}"


@router.get(
    "/collections", response={200: CollectionList, **errors_declared(400, 422)}, auth=may_read
)
def list_collections(request: HttpRequest, query: Query[CollectionQuery]) -> HttpResponse:
    """Your own and those that were shared with you, newest first."""
    only_parameters(request, *CollectionQuery.model_fields)
    user = caller(request)
    kept = Collection.objects.kept_for(user)
    try:
        page = collecting.page(kept, user, cursor=query.cursor, limit=query.limit)
    except BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    items = [collection_data(card.collection) for card in page.items]
    return answer(request, {"items": items, "nextCursor": page.next_cursor})


@router.post(
    "/collections",
    response={201: CollectionData, **errors_declared(409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NEW),
)
def create_collection(request: HttpRequest) -> HttpResponse:
    """Begin one, without pictures."""
    told = fields.read_fields(request, NEW)
    visibility = _visibility(told.get("isPublic", False))
    try:
        made = collecting.begin(
            caller(request), told["name"], told.get("description", ""), visibility
        )
    except collecting.TooManyCollections as error:
        raise refusal(409, str(error)) from None
    return _tell(request, made.pk, 201)


@router.get(ONE, response={200: CollectionData, **errors_declared(404)}, auth=may_read)
def get_collection(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """One that you may open."""
    return _tell(request, collection_id)


@router.patch(
    ONE,
    response={200: CollectionData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(CHANGES),
)
def change_collection(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """Rename, describe or publish it, or choose its cover."""
    collection = _owned(request, collection_id)
    told = fields.read_fields(request, CHANGES)
    changes: dict[str, Any] = {name: told[name] for name in ("name", "description") if name in told}
    if "isPublic" in told:
        changes["visibility"] = _visibility(told["isPublic"])
    if "coverId" in told:
        cover = told["coverId"]
        seen = arranging.pictures(collection, caller(request))
        if cover and not seen.filter(pk=cover).exists():
            raise wrong_fields({"coverId": ["Is no picture of it that you see."]})
        changes["cover"] = cover
    if changes:
        Collection.objects.filter(pk=collection.pk).update(**changes)
    return _tell(request, collection_id)


@router.delete(ONE, response={204: None, **errors_declared(404)}, auth=may_change)
def delete_collection(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """End it; its pictures stay where they are."""
    _owned(request, collection_id).delete()
    return answer(request, None, 204)


@router.get(
    f"{ONE}/items", response={200: AssetPage, **errors_declared(400, 404, 422)}, auth=may_read
)
def list_collection_items(
    request: HttpRequest, collection_id: uuid.UUID, query: Query[CollectionQuery]
) -> HttpResponse:
    """Those of its pictures that you may see, in its order."""
    only_parameters(request, *CollectionQuery.model_fields)
    user, collection = caller(request), _visible(request, collection_id)
    rows = arranging.pictures(collection, user).for_viewer(user)
    try:
        page = arranging.page(rows, cursor=query.cursor, limit=query.limit)
    except BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    items = [asset_data(asset, user) for asset in page.items]
    return answer(request, {"items": items, "nextCursor": page.next_cursor})


@router.post(
    f"{ONE}/items",
    response={200: AddedData, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(ADDED),
)
def add_collection_items(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """Put pictures at the end of it; those that you may not see are left out and counted."""
    collection = _editable(request, collection_id)
    ids = fields.read_fields(request, ADDED)["assetIds"]
    try:
        added = arranging.add(collection, caller(request), ids)
    except arranging.Full as error:
        raise refusal(409, str(error)) from None
    told = {"held": added.held, "new": added.new, "refused": len(ids) - added.held}
    return answer(request, told)


@router.patch(
    f"{ONE}/items/{{uuid:asset_id}}",
    response={204: None, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(PLACE),
)
def move_collection_item(
    request: HttpRequest, collection_id: uuid.UUID, asset_id: uuid.UUID
) -> HttpResponse:
    """Move a picture to another place in it."""
    collection = _with_item(request, collection_id, asset_id)
    told = fields.read_fields(request, PLACE)
    if "beforeId" not in told:
        raise wrong_fields({"beforeId": ["This is required."]})
    before = told["beforeId"]
    seen = arranging.pictures(collection, caller(request))
    if before and not seen.filter(pk=before).exists():
        raise wrong_fields({"beforeId": ["Is no picture of it that you see."]})
    arranging.move_before(collection, asset_id, before)
    return answer(request, None, 204)


@router.delete(
    f"{ONE}/items/{{uuid:asset_id}}",
    response={204: None, **errors_declared(404)},
    auth=may_change,
)
def remove_collection_item(
    request: HttpRequest, collection_id: uuid.UUID, asset_id: uuid.UUID
) -> HttpResponse:
    """Take a picture out of it."""
    arranging.remove(_with_item(request, collection_id, asset_id), [asset_id])
    return answer(request, None, 204)


@router.get(
    f"{ONE}/shares", response={200: CollectionShareList, **errors_declared(404)}, auth=may_read
)
def list_collection_shares(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """The teams and people that may open it; its owner's to know."""
    shares = _owned(request, collection_id).shares.order_by("pk")
    return answer(request, {"items": [share_data(each) for each in shares]})


@router.post(
    f"{ONE}/shares",
    response={200: CollectionShareData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(SHARE),
)
def share_collection(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """Let a team or a person open it; doing so again changes their role."""
    collection, user = _owned(request, collection_id), caller(request)
    told = fields.read_fields(request, SHARE)
    if ("teamId" in told) == ("userId" in told):
        raise wrong_fields({"teamId": [TO], "userId": [TO]})
    role = CollectionRole(told["role"])
    if "teamId" in told:
        teams = {team.pk: team for team in collecting.teams_to_share_with(user)}
        if told["teamId"] not in teams:
            raise wrong_fields({"teamId": ["Is no team that you share with."]})
        share = collecting.share(collection, role, team=teams[told["teamId"]])
    else:
        people = {person.pk: person for person in collecting.people_to_share_with(user)}
        if told["userId"] not in people:
            raise wrong_fields({"userId": ["Is nobody who is in a team with you."]})
        share = collecting.share(collection, role, person=people[told["userId"]])
    return answer(request, share_data(share))


@router.delete(
    f"{ONE}/shares/{{int:access_id}}",
    response={204: None, **errors_declared(404, 422)},
    auth=may_change,
)
def unshare_collection(
    request: HttpRequest, collection_id: uuid.UUID, access_id: Id
) -> HttpResponse:
    """Let them open it no more."""
    get_object_or_404(_owned(request, collection_id).shares, pk=access_id).delete()
    return answer(request, None, 204)


def _visible(request: HttpRequest, collection_id: uuid.UUID) -> Collection:
    user = caller(request)
    rows = Collection.objects.visible_to(user).for_cards(user)
    return get_object_or_404(rows, pk=collection_id)


def _editable(request: HttpRequest, collection_id: uuid.UUID) -> Collection:
    collection = _visible(request, collection_id)
    if not collection.can_edit:
        raise refusal(403, "Its owner or an editor of it can do this.")
    return collection


def _owned(request: HttpRequest, collection_id: uuid.UUID) -> Collection:
    collection = _visible(request, collection_id)
    if not collection.can_share:
        raise refusal(403, "Only its owner can do this with the collection.")
    return collection


def _with_item(request: HttpRequest, collection_id: uuid.UUID, asset_id: uuid.UUID) -> Collection:
    """The collection, for whoever may change it and sees that picture in it."""
    collection = _editable(request, collection_id)
    get_object_or_404(arranging.pictures(collection, caller(request)), pk=asset_id)
    return collection


def _tell(request: HttpRequest, collection_id: uuid.UUID, status: int = 200) -> HttpResponse:
    return answer(request, collection_data(_visible(request, collection_id)), status)


def _visibility(public: object) -> Visibility:
    return Visibility.PUBLIC if public else Visibility.PRIVATE
