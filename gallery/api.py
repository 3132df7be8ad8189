"""Pictures, for programs: lists, one picture, changing, liking, deleting."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.reading import BODY_ERRORS, only_parameters, read_object
from accounts.models import Team, TeamRight, User
from gallery import listing, publishing, scopes, walking
from gallery.asset_data import asset_data
from gallery.forms import check_text, read_tags
from gallery.models import Asset, Like, TeamShare, viewing

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
    teamIds: list[int] = Field(description="Teams of yours in whose gallery it hangs.")
    permissions: Permissions
    url: str = Field(description="The original, with its recipe inside the file.")
    thumbnails: list[Thumbnail]
    width: int
    height: int
    mediaType: str
    color: str
    rating: Literal["unrated", "safe", "sensitive"]
    ratingSource: Literal["", "engine", "classifier", "upgrade", "owner", "moderator"] = Field(
        description="Whose word the rating is."
    )
    ratingReason: str
    publicState: Literal["private", "waiting", "public", "held", "removed"] = Field(
        description="What has become of `isPublic`: an unrated picture waits for review."
    )
    liked: bool
    prompt: str
    recipe: dict[str, Any]
    createdAt: str


class AssetPage(Schema):
    items: list[AssetData]
    nextCursor: str | None = Field(description="Pass it as `cursor`; null on the last page.")


class AssetQuery(Schema):
    scope: Literal["mine", "team", "public"] = Field(
        "mine", description="`team`: the galleries of your teams, each picture once."
    )
    team: int | None = Field(None, ge=1, lt=2**63, description="With `team`: this one alone.")
    q: str = Field(
        "",
        max_length=200,
        description="Words in prompt, name, description or tags, and filters: docs/api.md.",
    )
    sort: Literal["newest", "likes", "trending"] = "newest"
    sensitive: Literal["account", "hide", "show"] = Field(
        "account", description="What is rated sensitive; `account`: as the key's owner chose."
    )
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200, description="`nextCursor` of a page.")


#: What PATCH takes; each value is read by `_Changes`.
CHANGES: dict[str, dict[str, Any]] = {
    "name": {"type": "string", "maxLength": 120},
    "description": {"type": "string", "maxLength": 2000},
    "isPublic": {
        "type": "boolean",
        "description": "Whether everybody may see it. True asks the editors of teams that review "
        "what becomes public, and it does when they agree.",
    },
    "tags": {"type": "array", "items": {"type": "string"}, "description": "At most 20 words."},
    "teamIds": {
        "type": "array",
        "items": {"type": "integer"},
        "description": "In the galleries of which teams of yours it hangs: exactly these.",
    },
}
#: What only the owner of a picture says; editors of its teams change the rest.
OWNERS_CHANGES = {"isPublic", "teamIds"}
_BODY = {"type": "object", "additionalProperties": False, "properties": CHANGES}
_PATCH = {"requestBody": {"required": True, "content": {"application/json": {"schema": _BODY}}}}


@router.get("/assets", response={200: AssetPage, **errors_declared(400, 404, 422)}, auth=may_read)
def list_assets(request: HttpRequest, query: Query[AssetQuery]) -> HttpResponse:
    """Pictures: those of a scope, or what `q` finds among them."""
    only_parameters(request, *AssetQuery.model_fields)
    user = viewing.wishing(caller(request), query.sensitive)
    teams = _teams_of(user, query)
    try:
        found = scopes.find(user, query.scope, check_text(query.q), teams, query.sort)
        if found.asked.problems:
            raise ValidationError([f"{term}: {why}" for term, why in found.asked.problems.items()])
        page = walking.page(
            found, lambda rows: rows.for_viewer(user), cursor=query.cursor, limit=query.limit
        )
    except ValidationError as error:
        raise wrong_fields({"q": error.messages}) from None
    except listing.BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    items = [asset_data(asset, user) for asset in page.items]
    return answer(request, {"items": items, "nextCursor": page.next_cursor})


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
    changes = _Changes(caller(request), asset, read_object(request))
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
        raise refusal(403, "Only its owner can change this picture.")
    return asset


def _tell(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    return answer(request, asset_data(_visible(request, asset_id), caller(request)))


class _Changes:
    """The wanted values, all of them right, or an `ApiError` that names those that are not."""

    def __init__(self, user: User, asset: Asset, payload: dict[str, Any]) -> None:
        self.user, self.asset = user, asset
        self.values: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        readers = {
            "name": self._text,
            "description": self._text,
            "isPublic": self._boolean,
            "tags": self._tags,
            "teamIds": self._teams,
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
    def apply(self) -> None:
        asset = self.asset
        texts = {name: self.values[name] for name in ("name", "description") if name in self.values}
        if texts:
            Asset.objects.filter(pk=asset.pk).update(**texts)
        if "isPublic" in self.values:
            self._show(public=self.values["isPublic"])
        if "tags" in self.values:
            asset.set_tags(self.values["tags"])
        if "teamIds" in self.values:
            TeamShare.objects.hang_exactly(asset, self.values["teamIds"], asset.shares)

    def _show(self, *, public: bool) -> None:
        if public:
            publishing.publish(self.asset, self.user)
        else:
            publishing.hide(self.asset)

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

    def _teams(self, name: str, value: object) -> list[Team]:
        if not isinstance(value, list) or not all(type(each) is int for each in value):
            raise ValidationError("Must be a list of ids of teams.")
        already = {share.team_id: share.team for share in self.asset.shares}
        wanted = {each for each in value if each < 2**63} - already.keys()
        new = list(Team.objects.of(self.user, TeamRight.SHARE).filter(pk__in=wanted))
        if len(set(value)) != len(new) + len(already.keys() & set(value)):
            raise ValidationError("Contains a team that you cannot share pictures with.")
        return [*new, *(team for pk, team in already.items() if pk in value)]
