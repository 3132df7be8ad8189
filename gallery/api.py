"""Pictures, for programs: lists, one picture, changing, liking, deleting."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.reading import BODY_ERRORS, only_parameters, read_object
from accounts.models import Team, User
from gallery import listing, scopes, walking
from gallery.asset_changes import CHANGES, OWNERS_CHANGES, AssetChanges
from gallery.asset_data import asset_data, page_data
from gallery.forms import check_text
from gallery.models import Asset, Like, Sort, viewing
from gallery.saving import NO_COLOR

router = Router(tags=["Pictures"])


class Person(Schema):
    id: int
    name: str


class Permissions(Schema):
    canEdit: bool


class Lineage(Schema):
    remixOf: str | None = Field(description="The picture it was remixed from, if you may see it.")
    guides: list[str] = Field(description="Ids of pictures and uploads that it was made from.")


class Thumbnail(Schema):
    url: str
    width: int
    height: int


class AssetData(Schema):
    """A picture. Links open without signing in, and expire."""

    model_config = ConfigDict(extra="allow")

    id: str
    type: Literal["image"]
    userId: int
    user: Person
    name: str
    description: str
    isPublic: bool
    likes: str = Field(description="A number, as text.")
    tags: list[str]
    teamIds: list[int] = Field(description="Teams of yours in whose gallery it hangs.")
    permissions: Permissions
    url: str = Field(description="The original, with its recipe inside the file.")
    thumbnails: list[Thumbnail]
    width: int
    height: int
    size: int = Field(description="Bytes of the original.")
    hash: str = Field(description="SHA-256 of the original, hex.")
    mediaType: str
    color: str = Field(description="Its average colour: `#rrggbb`.")
    rating: Literal["unrated", "safe", "sensitive"]
    ratingSource: Literal["", "engine", "classifier", "upgrade", "owner", "moderator"] = Field(
        description="Whose word the rating is."
    )
    ratingKind: str = Field(
        description="What kind of reason a moderator had: `sexual`, `violence`, `hate`, `minor`, "
        "`person`, `rights`, `illegal`, `other`, or empty."
    )
    ratingReason: str = Field(
        description="Why, in words. A moderator's are for its owner and moderators, and empty "
        "for everybody else."
    )
    publicState: Literal["private", "asked", "waiting", "public", "held", "removed"] = Field(
        description="What has become of `isPublic`: an unrated picture waits for review. `asked`: "
        "you asked to publish it, and an editor of a team is yet to answer; others see `private`."
    )
    liked: bool
    prompt: str
    recipe: dict[str, Any]
    lineage: Lineage
    createdAt: str


class AssetPage(Schema):
    items: list[AssetData]
    nextCursor: str | None = Field(description="Pass it as `cursor`; null on the last page.")


class AssetQuery(Schema):
    scope: Literal["mine", "team", "shared", "public"] = Field(
        "mine",
        description="`team`: the galleries of your teams, each picture once; `shared`: what "
        "others shared with you in person.",
    )
    team: int | None = Field(None, ge=1, lt=2**63, description="With `team`: this one alone.")
    q: str = Field(
        "",
        max_length=200,
        description="Words in prompt, name, description or tags, and filters: docs/api.md.",
    )
    sort: Literal["newest", "likes", "trending", "color"] = Field(
        "newest", description="`color`: the nearest first to the `color:` in `q`."
    )
    sensitive: Literal["account", "hide", "show"] = Field(
        "account", description="What is rated sensitive; `account`: as the key's owner chose."
    )
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="`nextCursor` of a page.")


_BODY = {"type": "object", "additionalProperties": False, "properties": CHANGES}
_PATCH = {"requestBody": {"required": True, "content": {"application/json": {"schema": _BODY}}}}


@router.get("/assets", response={200: AssetPage, **errors_declared(400, 404, 422)}, auth=may_read)
def list_assets(request: HttpRequest, query: Query[AssetQuery]) -> HttpResponse:
    """Pictures: those of a scope, or what `q` finds among them."""
    only_parameters(request, *AssetQuery.model_fields)
    user = viewing.wishing(caller(request), query.sensitive)
    teams = _teams_of(user, query)
    try:
        page = _page_of(user, teams, query)
    except ValidationError as error:
        raise wrong_fields({"q": error.messages}) from None
    except listing.BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    items = page_data(page.items, user)
    return answer(request, {"items": items, "nextCursor": page.next_cursor})


def _page_of(user: User, teams: list[Team], query: AssetQuery) -> listing.Page:
    if (query.scope, query.q, query.sort) == ("mine", "", "newest"):
        return listing.own(user, cursor=query.cursor, limit=query.limit)
    found = scopes.find(user, query.scope, check_text(query.q), teams, query.sort)
    if found.asked.problems:
        raise ValidationError([f"{term}: {why}" for term, why in found.asked.problems.items()])
    if query.sort == Sort.COLOR.value and not found.near:
        raise wrong_fields({"sort": [str(NO_COLOR)]})
    return walking.page(found, lambda rows: rows, cursor=query.cursor, limit=query.limit)


def _teams_of(user: User, query: AssetQuery) -> list[Team]:
    """Those whose pictures are meant; 404 for a team that `user` is not in."""
    if query.scope != "team":
        if query.team:
            raise wrong_fields({"team": ["Goes with scope=team."]})
        return []
    teams = Team.objects.of(user).order_by("pk")
    return [get_object_or_404(teams, pk=query.team)] if query.team else list(teams)


@router.get(
    "/assets/{uuid:asset_id}", response={200: AssetData, **errors_declared(404)}, auth=may_read
)
def get_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """One picture."""
    return _tell(request, asset_id)


@router.patch(
    "/assets/{uuid:asset_id}",
    response={200: AssetData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=_PATCH,
)
def change_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Change name, description, tags, or who may see it. Other fields are refused.

    Editors of a team change the words of its pictures; who may see it is its owner's to say.
    """
    asset = _editable(request, asset_id)
    changes = AssetChanges(caller(request), asset, read_object(request))
    if OWNERS_CHANGES & changes.values.keys() and not asset.can_dispose:
        raise refusal(403, "Only its owner says who can see this picture.")
    changes.apply()
    return _tell(request, asset_id)


@router.delete(
    "/assets/{uuid:asset_id}", response={204: None, **errors_declared(404)}, auth=may_change
)
def delete_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Move it to the owner's bin, from where the gallery's page can bring it back."""
    asset = _visible(request, asset_id)
    if not asset.can_dispose:
        raise refusal(403, "Only its owner can delete this picture.")
    asset.move_to_bin()
    return answer(request, None, 204)


@router.post(
    "/assets/{uuid:asset_id}/like",
    response={200: AssetData, **errors_declared(404)},
    auth=may_change,
)
def like_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Like it; doing so twice is the same as once."""
    Like.objects.add(_visible(request, asset_id), caller(request))
    return _tell(request, asset_id)


@router.delete(
    "/assets/{uuid:asset_id}/like",
    response={200: AssetData, **errors_declared(404)},
    auth=may_change,
)
def unlike_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Like it no longer."""
    Like.objects.take_back(_visible(request, asset_id), caller(request))
    return _tell(request, asset_id)


def _visible(request: HttpRequest, asset_id: uuid.UUID) -> Asset:
    user = caller(request)
    asset = Asset.objects.visible_to(user).for_viewer(user).filter(pk=asset_id).first()
    if asset is None:
        raise Http404
    return asset


def _editable(request: HttpRequest, asset_id: uuid.UUID) -> Asset:
    asset = _visible(request, asset_id)
    if not asset.can_edit:
        raise refusal(403, "Its owner, editors of its teams and whom its owner lets can change it.")
    return asset


def _tell(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    return answer(request, asset_data(_visible(request, asset_id), caller(request)))
