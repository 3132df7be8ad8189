"""What people write about their collections, and whom they let in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery import collecting
from gallery.forms import check_text
from gallery.models import Collection, CollectionRole, Visibility


class CollectionForm(forms.ModelForm):
    """Its name, a description, and whether everyone may open it."""

    visibility = forms.ChoiceField(
        label=_("Who may open it"), choices=Visibility.choices, initial=Visibility.PRIVATE
    )

    class Meta:
        model = Collection
        fields = ("name", "description", "visibility")
        labels = {"name": _("Name"), "description": _("Description")}
        widgets = {
            "name": forms.TextInput({"dir": "auto"}),
            "description": forms.Textarea({"rows": 3, "dir": "auto"}),
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Collection | None = None):
        super().__init__(data, instance=instance, label_suffix="")
        if instance is None:
            del self.fields["description"], self.fields["visibility"]

    def save(self, commit: bool = True) -> Collection:  # noqa: FBT001, FBT002
        Collection.objects.filter(pk=self.instance.pk).update(**self.cleaned_data)
        return self.instance

    def clean_name(self) -> str:
        return " ".join(check_text(self.cleaned_data["name"]).split())

    def clean_description(self) -> str:
        return check_text(self.cleaned_data["description"])


class CollectionShareForm(forms.Form):
    """A team or a person, and what they may do; `cleaned_data` says `{"team": …}` or `person`."""

    to = forms.ChoiceField(label=_("Share with"))
    role = forms.ChoiceField(label=_("They"), choices=CollectionRole.choices)

    def __init__(self, data: QueryDict | None = None, *, owner: User) -> None:
        super().__init__(data, label_suffix="")
        self.teams = {f"team:{team.pk}": team for team in collecting.teams_to_share_with(owner)}
        people = collecting.people_to_share_with(owner)
        self.people = {f"person:{person.pk}": person for person in people}
        groups = [
            (_("Teams"), [(value, team.name) for value, team in self.teams.items()]),
            (_("People"), [(value, each.display_name) for value, each in self.people.items()]),
        ]
        self.fields["to"].choices = [group for group in groups if group[1]]  # type: ignore[attr-defined]

    @property
    def offers_somebody(self) -> bool:
        return bool(self.teams or self.people)

    def clean(self) -> dict[str, Any]:
        to = self.cleaned_data.get("to", "")
        return self.cleaned_data | {"team": self.teams.get(to), "person": self.people.get(to)}
