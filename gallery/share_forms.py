"""What people say when they share a picture, or open what was shared with them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.sharing import colleagues

#: How long a link holds, in days; "" is until it is revoked.
DAYS = [("1", _("1 day")), ("7", _("1 week")), ("30", _("30 days")), ("365", _("A year"))]
MAX_PASSWORD = 128
RIGHTS = [("view", _("Look at it")), ("edit", _("Change its name, description and tags too"))]


class PersonForm(forms.Form):
    """Whom to share with: somebody of one's teams, or an e-mail address."""

    prefix = "person"
    person = forms.ModelChoiceField(
        label=_("Somebody in your teams"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Choose a person"),
    )
    email = forms.EmailField(
        label=_("Or an e-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "An invitation is sent there, for two weeks. They see the picture once they signed in "
            "with this address and accepted."
        ),
    )
    right = forms.ChoiceField(label=_("They may"), choices=RIGHTS, initial="view")

    def __init__(self, owner: User, data: Any = None) -> None:
        super().__init__(data)
        people = colleagues(owner)
        if people.exists():
            choice = self.fields["person"]
            choice.queryset = people  # type: ignore[attr-defined]
        else:
            del self.fields["person"]
            self.fields["email"].label = _("E-mail address")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        if said.get("person") and said["email"]:
            self.add_error("email", _("Choose a person or write an address, not both."))
        elif not said.get("person") and not said["email"]:
            self.add_error("email", _("Say with whom."))
        return said

    @property
    def may_edit(self) -> bool:
        return bool(self.cleaned_data["right"] == "edit")


class RightForm(forms.Form):
    """What somebody it is shared with already may do from now on."""

    right = forms.ChoiceField(choices=RIGHTS)


class LinkForm(forms.Form):
    """What a new link shows, for how long, and what must be typed to open it."""

    prefix = "link"
    days = forms.ChoiceField(
        label=_("How long"), choices=[*DAYS, ("", _("Until I revoke it"))], required=False
    )
    password = forms.CharField(
        label=_("Password, if you like"),
        required=False,
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Tell it in another way than the link. It is shown nowhere again."),
    )
    shows_prompt = forms.BooleanField(
        label=_("Show the prompt and how it was made"), required=False, initial=True
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"days": "30"})

    @property
    def expires_at(self) -> dt.datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + dt.timedelta(days=int(days)) if days else None


class PasswordForm(forms.Form):
    """Opens a link that asks for a password."""

    password = forms.CharField(
        label=_("Password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class DecisionForm(forms.Form):
    """An editor's yes or no to what a team publishes."""

    decision = forms.ChoiceField(choices=[("approve", "approve"), ("decline", "decline")])
    note = forms.CharField(
        label=_("A word to whoever asked"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
