"""What people write about their pictures."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gallery.models import Asset, Tag, Visibility

MAX_TAGS = 20
MAX_TAG = Tag._meta.get_field("name").max_length or 0


class DetailsForm(forms.ModelForm):
    """Name, description and tags of a picture; `save` writes all three or nothing."""

    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=MAX_TAGS * (MAX_TAG + 2),
        help_text=_("Words with commas or spaces between them."),
    )

    class Meta:
        model = Asset
        fields = ("name", "description")
        labels = {"name": _("Name"), "description": _("Description")}
        widgets = {"description": forms.Textarea({"rows": 3, "dir": "auto"})}

    def __init__(self, data: QueryDict | None = None, *, instance: Asset) -> None:
        super().__init__(data, instance=instance, label_suffix="")
        self.initial["tags"] = ", ".join(tag.name for tag in instance.tags.all())
        self.fields["name"].widget.attrs["dir"] = "auto"
        self.fields["tags"].widget.attrs["dir"] = "auto"

    def clean_name(self) -> str:
        return check_text(self.cleaned_data["name"])

    def clean_description(self) -> str:
        return check_text(self.cleaned_data["description"])

    def clean_tags(self) -> list[str]:
        return read_tags(check_text(self.cleaned_data["tags"]))

    @transaction.atomic
    def save(self, commit: bool = True) -> Asset:  # noqa: FBT001, FBT002
        Asset.objects.filter(pk=self.instance.pk).update(
            name=self.cleaned_data["name"], description=self.cleaned_data["description"]
        )
        self.instance.set_tags(self.cleaned_data["tags"])
        return self.instance


class SharingForm(forms.Form):
    """Whether it hangs in a team's gallery."""

    shared = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class VisibilityForm(forms.Form):
    """Who can see it."""

    visibility = forms.ChoiceField(choices=Visibility.choices)


def check_text(text: str) -> str:
    """The text, or a ValidationError when it holds what is no text: controls, lone surrogates."""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r\t":
            raise forms.ValidationError(_("Contains a character that is not text."))
    return text


def read_tags(text: str) -> list[str]:
    """The tags in `text`: lower case, without `#`, each once, in the order written."""
    words = [word.strip("#").lower() for word in re.split(r"[,\s]+", text)]
    tags = list(dict.fromkeys(word for word in words if word))
    if len(tags) > MAX_TAGS:
        raise forms.ValidationError(_("At most %(limit)d tags."), params={"limit": MAX_TAGS})
    for tag in tags:
        if len(tag) > MAX_TAG:
            raise forms.ValidationError(
                _("“%(tag)s” is longer than %(limit)d characters."),
                params={"tag": tag[:20] + "…", "limit": MAX_TAG},
            )
    return tags
