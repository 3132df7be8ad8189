"""What a program may change of a picture: every value read and checked before any is written."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.api.answers import wrong_fields
from accounts.models import Team, TeamRight, User
from gallery import publishing
from gallery.forms import check_text, read_tags
from gallery.models import Asset, TeamShare

#: What PATCH takes; each value is read by `AssetChanges`.
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
#: What its owner alone says; editors change the rest.
OWNERS_CHANGES = {"isPublic", "teamIds"}


class AssetChanges:
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
            self._hang(self.values["teamIds"])

    def _hang(self, teams: list[Team]) -> None:
        gone = [share.team_id for share in self.asset.shares if share.team not in teams]
        self.asset.publication_requests.filter(team__in=gone).withdraw()
        TeamShare.objects.hang_exactly(self.asset, teams, self.asset.shares)

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
