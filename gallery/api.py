"""Pictures, for programs: lists, one picture, changing, liking, deleting."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.reading import BODY_ERRORS, only_parameters, read_object
from gallery import listing, search
from gallery.asset_data import asset_data
from gallery.forms import check_text, read_tags
from gallery.models import Asset, Like, Visibility

router = Router(tags=["Pictures"])


class Person(Schema):
    id: int
    name: str


class Permissions(Schema):
    canEdit: bool


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
    permissions: Permissions
    url: str = Field(description="The original, with its recipe inside the file.")
    thumbnails: list[Thumbnail]
    width: int
    height: int
    mediaType: str
    color: str
    rating: Literal["unrated", "safe", "sensitive"]
    liked: bool
    prompt: str
    recipe: dict[str, Any]
    createdAt: str


class AssetPage(Schema):
    items: list[AssetData]
    nextCursor: str | None = Field(description="Pass it as `cursor`; null on the last page.")


class AssetQuery(Schema):
    scope: Literal["mine", "team", "public"] = Field(
        "mine", description="`team` is empty until pictures can be shared with teams."
    )
    q: str = Field("", max_length=200, description="Words in prompt, name or tags; `#tag`.")
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="`nextCursor` of a page.")


#: What PATCH takes; each value is read by `_Changes`.
CHANGES: dict[str, dict[str, Any]] = {
    "name": {"type": "string", "maxLength": 120},
    "description": {"type": "string", "maxLength": 2000},
    "isPublic": {"type": "boolean", "description": "Whether everybody may see it."},
    "tags": {"type": "array", "items": {"type": "string"}, "description": "At most 20 words."},
}
_BODY = {"type": "object", "additionalProperties": False, "properties": CHANGES}
_PATCH = {"requestBody": {"required": True, "content": {"application/json": {"schema": _BODY}}}}


@router.get("/assets", response={200: AssetPage, **errors_declared(400, 422)}, auth=may_read)
def list_assets(request: HttpRequest, query: Query[AssetQuery]) -> HttpResponse:
    """Pictures, newest first."""
    only_parameters(request, *AssetQuery.model_fields)
    user = caller(request)
    rows = Asset.objects.shown_to(user, query.scope).for_viewer(user)
    try:
        found = search.matching(rows, check_text(query.q))
        page = listing.page(found, cursor=query.cursor, limit=query.limit)
    except ValidationError as error:
        raise wrong_fields({"q": error.messages}) from None
    except listing.BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    items = [asset_data(asset, user) for asset in page.items]
    return answer(request, {"items": items, "nextCursor": page.next_cursor})


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
    """Change name, description, tags, or who may see it. Other fields are refused."""
    asset = _editable(request, asset_id)
    changes = _Changes(read_object(request))
    changes.apply(asset)
    return _tell(request, asset_id)


@router.delete(
    "/assets/{uuid:asset_id}", response={204: None, **errors_declared(404)}, auth=may_change
)
def delete_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Move it to the owner's bin, from where the gallery's page can bring it back."""
    _editable(request, asset_id).move_to_bin()
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
        raise refusal(403, "Only its owner can change this picture.")
    return asset


def _tell(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    return answer(request, asset_data(_visible(request, asset_id), caller(request)))


class _Changes:
    """The wanted values, all of them right, or an `ApiError` that names those that are not."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.values: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        readers = {
            "name": self._text,
            "description": self._text,
            "isPublic": self._boolean,
            "tags": self._tags,
        }
        for name, value in payload.items():
            try:
                if name not in readers:
                    raise ValidationError("This cannot be changed.")
                self.values[name] = readers[name](name, value)
            except ValidationError as error:
                errors[name] = list(error.messages)
        if errors:
            raise wrong_fields(errors)

    @transaction.atomic
    def apply(self, asset: Asset) -> None:
        texts = {name: self.values[name] for name in ("name", "description") if name in self.values}
        if texts:
            Asset.objects.filter(pk=asset.pk).update(**texts)
        if "isPublic" in self.values:
            public = self.values["isPublic"]
            asset.set_visibility(Visibility.PUBLIC if public else Visibility.PRIVATE)
        if "tags" in self.values:
            asset.set_tags(self.values["tags"])

    def _text(self, name: str, value: object) -> str:
        if not isinstance(value, str):
            raise ValidationError("Must be text.")
        limit = CHANGES[name]["maxLength"]
        if len(value) > limit:
            raise ValidationError(f"At most {limit} characters; this has {len(value)}.")
        return check_text(value).strip()

    def _boolean(self, name: str, value: object) -> bool:
        # 1 and "true" are refused: what publishes a picture must be meant so.
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value

    def _tags(self, name: str, value: object) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
            raise ValidationError("Must be a list of words.")
        return read_tags(check_text(" ".join(value)))
