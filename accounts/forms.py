"""Forms of people's own pages. allauth imports this module, so it imports no allauth form."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import invitations
from accounts.models import ORDINARY, ApiKey, Scope, User

MAX_KEYS = 50


class NameField(forms.CharField):
    """A name on one line: what others read beside a picture."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Name"),
            max_length=80,
            required=False,
            help_text=_("What others see. Left empty, it is your address up to the @."),
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value).split())


class SignUpForm(forms.Form):
    """What allauth's sign-up form asks besides the address and the password."""

    field_order = ("email", "name", "password1")
    name = NameField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        invitation = invitations.invited(context.request)
        email = cleaned.get("email")
        if (
            settings.SIGN_UP == "invitation"
            and invitation
            and email not in (None, invitation.email)
        ):
            self.add_error("email", _("The invitation is for %s.") % invitation.email)
        elif email and not invitation and not get_adapter().is_welcome(email):
            told = _("Only addresses of %s may sign up here.")
            self.add_error("email", told % ", ".join(settings.SIGN_UP_DOMAINS))
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this after `AccountAdapter.save_user`, which has saved the name."""


class OwnForm(forms.ModelForm):
    """Writes its own columns and no others: an account that is closed meanwhile stays closed."""

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  Django's signature
        user: User = self.instance
        user.save(update_fields=list(self.fields))
        return user


class ProfileForm(OwnForm):
    name = NameField()

    class Meta:
        model = User
        fields = ("name",)


class ThemeForm(OwnForm):
    class Meta:
        model = User
        fields = ("theme",)
        widgets = {"theme": forms.RadioSelect}


class ApiKeyForm(forms.Form):
    """Makes a key for `user`."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Where you will use it, so that you know later which one to revoke."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope.value, scope.label) for scope in ORDINARY],
        initial=ORDINARY,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user

    def clean(self) -> dict[str, Any]:
        if self.user.api_keys.usable().count() >= MAX_KEYS:
            raise forms.ValidationError(
                _("You have %d keys already. Revoke one that you no longer need.") % MAX_KEYS
            )
        return super().clean() or {}

    def save(self) -> tuple[ApiKey, str]:
        """The new key, and the token that can be shown this once."""
        scopes = sorted(self.cleaned_data["scopes"], key=Scope.values.index)
        return ApiKey.issue(self.user, self.cleaned_data["name"], scopes)
