"""One deed for many pictures, for programs: what may be done is done, the rest is named."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from accounts.api import fields
from accounts.api.access import caller, may_change
from accounts.api.answers import answer, errors_declared, refusal, wrong_fields
from accounts.api.fields import MAX_ID, Wrong
from accounts.api.reading import BODY_ERRORS
from accounts.models import Team, TeamRight, User
from gallery import arranging, organising
from gallery.collection_data import ADDED
from gallery.forms import check_text, read_tags
from gallery.models import Asset, Collection
from gallery.organising import Outcome

router = Router(tags=["Pictures"])


@dataclass(frozen=True)
class Deed:
    """What is done with what the body names, and why not with a picture that is seen."""

    act: Callable[[User, list[uuid.UUID], Any], Outcome]
    refused: Literal["not_found", "not_yours", "not_editable"] = "not_yours"
    # The field that it needs besides the pictures.
    needs: str = ""


def _tags(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Wrong("Must be a list of words.")
    try:
        names = read_tags(check_text(" ".join(value)))
    except ValidationError as error:
        raise Wrong(error.messages[0]) from None
    if not names:
        raise Wrong("Name at least one word.")
    return names


def _collection_id(value: object) -> uuid.UUID:
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise Wrong("Must be the id of a collection.") from None


def _delete(user: User, ids: list[uuid.UUID], _about: None) -> Outcome:
    """What lies in the bin already counts as done."""
    organising.move_to_bin(user, ids)
    binned = Asset.objects.in_bin_of(user).filter(pk__in=ids)
    return Outcome(len(ids), set(binned.values_list("pk", flat=True)))


def _restore(user: User, ids: list[uuid.UUID], _about: None) -> Outcome:
    """What lies in the bin no more counts as done."""
    organising.restore(user, ids)
    back = Asset.objects.disposable_by(user).filter(pk__in=ids)
    return Outcome(len(ids), set(back.values_list("pk", flat=True)))


def _take_out(user: User, ids: list[uuid.UUID], collection: Collection) -> Outcome:
    """What one sees and does not lie in it counts as done."""
    organising.take_out(user, ids, collection)
    seen = Asset.objects.visible_to(user).filter(pk__in=ids)
    out = seen.exclude(pk__in=collection.items.values("asset"))
    return Outcome(len(ids), set(out.values_list("pk", flat=True)))


DEEDS: Mapping[str, Deed] = {
    "share": Deed(organising.share, needs="teamId"),
    "unshare": Deed(organising.unshare, needs="teamId"),
    "tag": Deed(organising.tag, "not_editable", "tags"),
    "untag": Deed(organising.untag, "not_editable", "tags"),
    "collect": Deed(organising.collect, "not_found", "collectionId"),
    "take_out": Deed(_take_out, "not_found", "collectionId"),
    "sensitive": Deed(lambda user, ids, _: organising.call_sensitive(user, ids, sensitive=True)),
    "not_sensitive": Deed(
        lambda user, ids, _: organising.call_sensitive(user, ids, sensitive=False)
    ),
    "publish": Deed(lambda user, ids, _: organising.publish(user, ids)),
    "unpublish": Deed(lambda user, ids, _: organising.unpublish(user, ids)),
    "delete": Deed(_delete),
    "restore": Deed(_restore),
}
REASONS = {
    "not_found": "It is gone, or not shown to you.",
    "not_yours": "It is not yours.",
    "not_editable": "You may not change its words.",
    "too_many_tags": "It has as many tags as it can.",
}
_COLLECTION = {
    "type": "string",
    "format": "uuid",
    "description": "For `collect` and `take_out`: a collection that you may change.",
}
BODY = {
    "do": fields.one_of([*DEEDS], "What is done with all of them.", required=True),
    "assetIds": fields.Field(
        {**ADDED["assetIds"].schema, "description": "The pictures."},
        ADDED["assetIds"].read,
        required=True,
    ),
    "teamId": fields.whole(1, MAX_ID, "For `share` and `unshare`: one of your teams."),
    "tags": fields.Field(
        {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "description": "For `tag` and `untag`: at most 20 words.",
        },
        _tags,
    ),
    "collectionId": fields.Field(_COLLECTION, _collection_id),
}


class Refused(Schema):
    id: str
    reason: Literal["not_found", "not_yours", "not_editable", "too_many_tags"]
    message: str


class BulkData(Schema):
    """What became of each picture that was named."""

    do: str
    done: list[str] = Field(description="Those for which it holds now, in the order asked.")
    refused: list[Refused]
    editorsAsked: list[str] = Field(
        description="Of `publish`: those of `done` that wait for an editor of a team."
    )


@router.post(
    "/assets/bulk",
    response={200: BulkData, **errors_declared(409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(BODY),
)
def change_assets(request: HttpRequest) -> HttpResponse:
    """Do one thing with up to 500 pictures: what you may is done, the rest is named with why.

    All that is done is done at once. Sent again, it does nothing more and answers the same.
    """
    user, told = caller(request), fields.read_fields(request, BODY)
    deed, ids = DEEDS[told["do"]], told["assetIds"]
    about = _about(user, deed, told)
    try:
        outcome = deed.act(user, ids, about)
    except arranging.Full as error:
        raise refusal(409, str(error)) from None
    return answer(request, {"do": told["do"], **_outcome_data(user, deed, ids, outcome)})


def _about(user: User, deed: Deed, told: Mapping[str, Any]) -> Any:
    """The team, words or collection that it is about, or an `ApiError`."""
    strange = told.keys() - {"do", "assetIds", deed.needs}
    errors = {name: ["Does not go with this."] for name in sorted(strange)}
    if deed.needs and deed.needs not in told:
        errors[deed.needs] = ["This is required."]
    if errors:
        raise wrong_fields(errors)
    if deed.needs == "teamId":
        return _team(user, told["teamId"], sharing=told["do"] == "share")
    if deed.needs == "collectionId":
        return _collection(user, told["collectionId"])
    return told["tags"] if deed.needs else None


def _team(user: User, pk: int, *, sharing: bool) -> Team:
    right = TeamRight.SHARE if sharing else TeamRight.SEE
    team = Team.objects.of(user, right).filter(pk=pk).first()
    if team is None:
        why = "Is no team that you share pictures with." if sharing else "Is no team of yours."
        raise wrong_fields({"teamId": [why]})
    return team


def _collection(user: User, pk: uuid.UUID) -> Collection:
    collection = Collection.objects.editable_by(user).filter(pk=pk).first()
    if collection is None:
        raise wrong_fields({"collectionId": ["Is no collection that you may change."]})
    return collection


def _outcome_data(user: User, deed: Deed, ids: list[uuid.UUID], found: Outcome) -> dict[str, Any]:
    """What is refused is named without saying whether a picture that one may not see is there."""
    held, full = set(found.held), set(found.full)
    left = [pk for pk in ids if pk not in held]
    visible = Asset.objects.visible_to(user).filter(pk__in=left)
    seen = set(visible.values_list("pk", flat=True))
    why: dict[uuid.UUID, str] = {pk: deed.refused if pk in seen else "not_found" for pk in left}
    why |= dict.fromkeys(full, "too_many_tags")
    waiting = set(found.waiting)
    return {
        "done": [str(pk) for pk in ids if pk in held],
        "refused": [{"id": str(pk), "reason": why[pk], "message": REASONS[why[pk]]} for pk in left],
        "editorsAsked": [str(pk) for pk in ids if pk in waiting],
    }
