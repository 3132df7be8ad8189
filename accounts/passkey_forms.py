"""Forms that a passkey fills in. What comes from a browser may be anything at all."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

#: What the library raises on an answer that no authenticator would give.
UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)


class NameField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        help_text = _("So that you know later which one it is.")
        super().__init__(label=_("Name"), max_length=80, help_text=help_text, **options)


@contextmanager
def read() -> Iterator[None]:
    """Turn an unreadable answer into an error of the form."""
    try:
        yield
    except UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AddForm(allauth.AddWebAuthnForm):
    # Not required: the device has made the passkey by now, and refusing would orphan it.
    name = NameField(required=False)

    def clean(self) -> dict[str, Any]:
        with read():
            cleaned: dict[str, Any] = super().clean()
            return cleaned


class RenameForm(allauth.EditWebAuthnForm):
    name = NameField()


class SignInForm(allauth.LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with read():
            return super().clean_credential()


class SecondStepForm(allauth.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with read():
            return super().clean_credential()


class ConfirmForm(allauth.ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with read():
            return super().clean_credential()
