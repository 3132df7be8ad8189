"""Collections and tags as programs see them, and what the bodies about them may say."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.core.exceptions import ValidationError
from ninja import Schema
from pydantic import Field as About

from accounts.api import fields
from accounts.api.fields import Field, Wrong
from gallery.forms import MAX_TAG, check_text, read_tags
from gallery.models import Collection, CollectionRole, CollectionShare
from gallery.organising import MAX_SELECTED

RoleName = Literal["viewer", "editor"]
#: Who must be able to say it: an id of a team or a person.
TO = "Say `teamId` or `userId`, one of them."


class CollectionPermissions(Schema):
    canEdit: bool = About(description="Add, take out and arrange pictures.")
    canShare: bool = About(description="Rename, publish, share and delete it.")


class CollectionData(Schema):
    """Pictures in an order of somebody's own. It shows nobody a picture they may not see."""

    id: str
    name: str
    description: str
    userId: int
    isPublic: bool = About(description="Whether everybody may open it.")
    pictures: int = About(description="How many of its pictures you may see.")
    coverId: str | None = About(description="The picture that stands for it.")
    permissions: CollectionPermissions
    createdAt: str


class CollectionList(Schema):
    items: list[CollectionData]
    nextCursor: str | None = About(description="Pass it as `cursor`; null on the last page.")


class CollectionQuery(Schema):
    limit: int = About(50, ge=1, le=200)
    cursor: str | None = About(None, max_length=200, description="`nextCursor` of a page.")


class AddedData(Schema):
    held: int = About(description="How many of the pictures lie in it now.")
    new: int = About(description="How many of them did not before.")
    refused: int = About(description="How many you may not see, or are gone.")


class CollectionShareData(Schema):
    id: int
    teamId: int | None
    userId: int | None
    role: RoleName


class CollectionShareList(Schema):
    items: list[CollectionShareData]


class TagData(Schema):
    name: str
    pictures: int = About(description="Of yours, outside the bin.")


class TagList(Schema):
    items: list[TagData]
    nextAfter: str | None = About(description="Pass it as `after`; null on the last page.")


class TagQuery(Schema):
    q: str = About("", max_length=MAX_TAG, description="What they begin with.")
    after: str = About("", max_length=MAX_TAG, description="`nextAfter` of a page.")
    limit: int = About(50, ge=1, le=200)


class ChangedData(Schema):
    pictures: int = About(description="How many of yours were changed.")


def collection_data(collection: Collection) -> dict[str, Any]:
    """One that comes from `Collection.objects.for_cards(…)`."""
    return {
        "id": str(collection.pk),
        "name": collection.name,
        "description": collection.description,
        "userId": collection.owner_id,
        "isPublic": collection.is_public,
        "pictures": collection.shown,
        "coverId": str(collection.front_id) if collection.front_id else None,
        "permissions": {"canEdit": collection.can_edit, "canShare": collection.can_share},
        "createdAt": collection.created_at.isoformat(),
    }


def share_data(share: CollectionShare) -> dict[str, Any]:
    return {
        "id": share.pk,
        "teamId": share.team_id,
        "userId": share.person_id,
        "role": share.role,
    }


def _lines(limit: int, about: str) -> Field:
    """Text of several lines."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Wrong("Must be text.")
        if len(value) > limit:
            raise Wrong(f"At most {limit} characters; this has {len(value)}.")
        try:
            return check_text(value).strip()
        except ValidationError as error:
            raise Wrong(error.messages[0]) from None

    return Field({"type": "string", "maxLength": limit, "description": about}, read)


def _id_or_none(about: str) -> Field:
    def read(value: object) -> uuid.UUID | None:
        return None if value is None else _uuid(value)

    return Field({"type": ["string", "null"], "format": "uuid", "description": about}, read)


def _ids(about: str) -> Field:
    def read(value: object) -> list[uuid.UUID]:
        if not isinstance(value, list) or not 1 <= len(value) <= MAX_SELECTED:
            raise Wrong(f"Must be a list of 1 to {MAX_SELECTED} ids.")
        return list(dict.fromkeys(map(_uuid, value)))

    items = {"type": "string", "format": "uuid"}
    schema = {"type": "array", "items": items, "minItems": 1, "maxItems": MAX_SELECTED}
    return Field({**schema, "description": about}, read, required=True)


def _uuid(value: object) -> uuid.UUID:
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise Wrong("Must be the id of a picture.") from None


def _tag() -> Field:
    def read(value: object) -> str:
        try:
            names = read_tags(check_text(value)) if isinstance(value, str) else []
        except ValidationError as error:
            raise Wrong(error.messages[0]) from None
        if len(names) != 1:
            raise Wrong("Must be one word.")
        return names[0]

    about = "What it is called from now on; where that is there already, both become one."
    schema = {"type": "string", "maxLength": MAX_TAG, "description": about}
    return Field(schema, read, required=True)


NEW = {
    "name": fields.text(120, "What it is called.", required=True),
    "description": _lines(2000, "What it is about."),
    "isPublic": fields.yes_or_no("Whether everybody may open it."),
}
CHANGES = {
    "name": fields.text(120, "What it is called."),
    "description": NEW["description"],
    "isPublic": NEW["isPublic"],
    "coverId": _id_or_none("One of its pictures that stands for it; null is the first."),
}
ADDED = {"assetIds": _ids("Pictures that you may see, in this order at the end of it.")}
PLACE = {"beforeId": _id_or_none("Right before which of its pictures; null is the end.")}
SHARE = {
    "teamId": fields.whole(1, fields.MAX_ID, "One of your teams."),
    "userId": fields.whole(1, fields.MAX_ID, "Somebody who is in a team with you."),
    "role": fields.one_of(CollectionRole.values, "What they may do.", required=True),
}
RENAMED = {"name": _tag()}
