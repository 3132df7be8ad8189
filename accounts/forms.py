"""Forms of people's own pages. allauth imports this module, so it imports no allauth form."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import invitations, keys
from accounts.models import ORDINARY, ApiKey, Scope, User
from accounts.models.credit import MAX_AMOUNT

#: Dates beyond it are slips of the finger.
LAST_YEAR = 9000


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
        invited = invitations.addressee(context.request)
        email = cleaned.get("email")
        by_staff = invitations.invited(context.request)
        if settings.SIGN_UP == "invitation" and invited and email not in (None, invited):
            self.add_error("email", _("The invitation is for %s.") % invited)
        elif email and not by_staff and not get_adapter().is_welcome(email):
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


class SensitivePicturesForm(OwnForm):
    class Meta:
        model = User
        fields = ("sensitive_pictures",)
        labels = {"sensitive_pictures": _("Pictures that are rated sensitive")}
        widgets = {"sensitive_pictures": forms.RadioSelect}


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
        initial=ORDINARY,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    budget = forms.IntegerField(
        label=_("Credits it may spend"),
        required=False,
        min_value=0,
        max_value=MAX_AMOUNT,
        help_text=_("In its whole life, from any wallet. Left empty, as much as you may."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("It stops when this day ends (UTC). Left empty, it works until you revoke it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user
        scopes = self.fields["scopes"]
        scopes.choices = [(scope.value, scope.label) for scope in keys.scopes_for(user)]  # type: ignore[attr-defined]

    def clean_last_day(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["last_day"]
        if day and day < timezone.now().date():
            raise forms.ValidationError(_("That day has passed."))
        if day and day.year > LAST_YEAR:
            raise forms.ValidationError(_("That is too far away."))
        return day

    def save(self) -> tuple[ApiKey, str] | None:
        """The new key, and the token that can be shown this once; None, and an error, without."""
        data = self.cleaned_data
        scopes = sorted(data["scopes"], key=Scope.values.index)
        day = data["last_day"]
        ends = day and dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
        try:
            return keys.add_key(
                self.user, data["name"], scopes, budget=data["budget"], expires_at=ends
            )
        except keys.TooManyKeys as error:
            self.add_error(None, str(error))
            return None
