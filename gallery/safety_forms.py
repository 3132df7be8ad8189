"""What people write about what is wrong with a picture, or with a decision about one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.forms import check_text
from gallery.models import Appeal, Reason, Report

MAX_NOTE = Report._meta.get_field("note").max_length or 0
MAX_APPEAL = Appeal._meta.get_field("note").max_length or 0


class RatingForm(forms.Form):
    """The owner's word."""

    sensitive = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class ReportForm(forms.Form):
    """A reason, and a note for the moderators."""

    reason = forms.ChoiceField(choices=Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("A note, if you like"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def clean_note(self) -> str:
        return check_text(self.cleaned_data["note"]).strip()


class AppealForm(forms.Form):
    """Why an owner thinks otherwise."""

    note = forms.CharField(
        label=_("Why it should be decided otherwise"),
        max_length=MAX_APPEAL,
        help_text=_("Moderators see the picture, its prompt and this note."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )

    def clean_note(self) -> str:
        return check_text(self.cleaned_data["note"]).strip()
