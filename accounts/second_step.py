"""Passkeys, authenticator apps and recovery codes: how django-allauth keeps them here."""

from __future__ import annotations

import base64

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from accounts import devices
from accounts.models import User

LOCAL = "localhost"


def passkeys_work(request: HttpRequest) -> bool:
    """Whether browsers offer passkeys at this address: a name with TLS, or localhost."""
    host, _port = split_domain_port(request.get_host())
    if host == LOCAL or host.endswith(f".{LOCAL}"):
        return True
    is_number = host.startswith("[") or host.replace(".", "").isdigit()
    return request.is_secure() and not is_number


def forget(user: User) -> int:
    """Remove every second step of `user`, for somebody who lost theirs; returns how many."""
    deleted, _by_model = Authenticator.objects.filter(user=user).delete()
    return deleted


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets are encrypted, and passkeys carry names that their owners recognise."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That did not fit. Try it once more."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Another SECRET_KEY: no code fits any more, and staff can remove this step.
            return base64.b32encode(salted_hmac("limner.lost", encrypted_text).digest()).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return devices.describe(context.request.headers.get("User-Agent", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Limner"}


def _cipher() -> Fernet:
    key = salted_hmac("limner.second_step", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
