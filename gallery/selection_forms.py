"""Which pictures were chosen, and what is to become of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Team, TeamRight, User
from gallery.forms import check_text, read_tags
from gallery.models import Collection
from gallery.organising import MAX_SELECTED

#: What can be done with pictures of the gallery, and with those in the bin.
DEEDS = ("share", "tag", "untag", "collect", "take_out", "sensitive", "not_sensitive", "delete")
BIN_DEEDS = ("restore", "erase")


def read_ids(values: Sequence[str]) -> list[uuid.UUID]:
    """The ids, each once, in their order; a ValidationError when they are none or too many."""
    try:
        ids = list(dict.fromkeys(uuid.UUID(value) for value in values))
    except ValueError:
        raise forms.ValidationError(_("That is no picture.")) from None
    if not ids:
        raise forms.ValidationError(_("Choose some pictures first."))
    if len(ids) > MAX_SELECTED:
        raise forms.ValidationError(
            _("At most %(most)d pictures at once; you chose %(chosen)d."),
            params={"most": MAX_SELECTED, "chosen": len(ids)},
        )
    return ids


class SelectionForm(forms.Form):
    """`cleaned_data` has the ids, and the `team`, `tags`, or `collection` that the deed needs.

    A collection that is yet to begin is only its `name`.
    """

    do = forms.ChoiceField()
    team = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    tags = forms.CharField(required=False, max_length=1100)
    collection = forms.UUIDField(required=False)
    out_of = forms.UUIDField(required=False)
    name = forms.CharField(required=False, max_length=120)

    def __init__(self, data: QueryDict, *, user: User, deeds: Sequence[str] = DEEDS) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        self.fields["do"].choices = [(each, each) for each in deeds]  # type: ignore[attr-defined]
        self.chosen = data.getlist("asset")

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        told["ids"] = read_ids(self.chosen)
        readers = {
            "share": self._team,
            "tag": self._tags,
            "untag": self._tags,
            "collect": self._collection,
            "take_out": self._out_of,
        }
        if told.get("do") in readers and not self.errors:
            readers[told["do"]]()
        return told

    def _team(self) -> None:
        teams = Team.objects.of(self.user, TeamRight.SHARE)
        team = teams.filter(pk=self.cleaned_data["team"]).first()
        if team is None:
            self.add_error("team", _("Choose a team that you share pictures with."))
        self.cleaned_data["team"] = team

    def _tags(self) -> None:
        names = read_tags(check_text(self.cleaned_data["tags"]))
        if not names:
            self.add_error("tags", _("Write at least one word."))
        self.cleaned_data["tags"] = names

    def _collection(self) -> None:
        told = self.cleaned_data
        told["name"] = " ".join(check_text(told["name"]).split())
        told["collection"] = None if told["name"] else self._editable(told["collection"])
        if not told["name"] and not told["collection"]:
            self.add_error("collection", _("Choose a collection, or name a new one."))

    def _out_of(self) -> None:
        self.cleaned_data["collection"] = self._editable(self.cleaned_data["out_of"])
        if not self.cleaned_data["collection"]:
            self.add_error("out_of", _("That is no collection that you may change."))

    def _editable(self, pk: uuid.UUID | None) -> Collection | None:
        return Collection.objects.editable_by(self.user).filter(pk=pk).first() if pk else None
