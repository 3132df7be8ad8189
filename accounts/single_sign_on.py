"""Who comes in by the identity provider, and which account is theirs.

Somebody is known by the provider's own id of them. The first time, an account with the same
address is joined if the provider says that it verified the address, and never otherwise: at
many providers anybody may type any address.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import addresses, second_step, sessions
from accounts.models import User
from accounts.views import errors

log = logging.getLogger("limner.accounts")

MAX_NAME = User._meta.get_field("name").max_length or 0


class ProviderAdapter(DefaultSocialAccountAdapter):
    """django-allauth's flow with our rule of joining, and our policy of signing up."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("Choose a password or add a passkey first: you could not come back."),
    }

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account to join, by an address that the provider verified."""
        for address in sociallogin.email_addresses:
            # Some providers write it as a word, and "false" is as true as any other.
            address.verified = address.verified in (True, "true")
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        return found

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse, in words, who would end at a form that cannot help them."""
        if sociallogin.state.get("process") == "connect":
            return
        user: User = sociallogin.user
        if sociallogin.is_existing:
            joins = sociallogin.account.pk is None
            if joins and not addresses.is_proven(user):
                _take_from_whoever_made_it(user)
        elif not user.email:
            raise ImmediateHttpResponse(errors.no_address_came(request))
        elif User.objects.filter(email__iexact=user.email).exists():
            raise ImmediateHttpResponse(errors.address_not_proven(request))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        door = get_account_adapter(request)
        if _everybody_may_come():
            return bool(door.is_welcome(sociallogin.user.email))
        return bool(door.is_open_for_signup(request) and door.is_welcome(sociallogin.user.email))

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.email = user.email.lower()
        user.name = " ".join(str(data.get("name") or "").split())[:MAX_NAME]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Save a new person with a wallet, and what ties them to the provider."""
        user: User = sociallogin.user
        user.set_unusable_password()
        with transaction.atomic():
            door = get_account_adapter(request)
            door.admit(request, user, needed=not _everybody_may_come())
            sociallogin.save(request)
        return user

    def validate_disconnect(self, account: SocialAccount, accounts: Any) -> None:
        """Keep a way in: a password, or a passkey."""
        user: User = account.user
        passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
        if not user.has_usable_password() and not passkeys.exists():
            raise self.validation_error("no_password")

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("mfa_index")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        if error != AuthError.CANCELLED:
            log.warning("single sign-on failed: %s %s", error, exception or "")
            raise ImmediateHttpResponse(errors.sign_in_failed(request))


def _everybody_may_come() -> bool:
    """Whether whoever the provider lets in gets an account, invited or not."""
    return bool(settings.SINGLE_SIGN_ON_SIGN_UP == "open")


def _take_from_whoever_made_it(user: User) -> None:
    """Lock out who may have made this account with somebody else's address, and waited.

    Nobody had proven that address before its owner came by the provider. A password, a key,
    a passkey or an open session of the other would let them stay.
    """
    log.warning("single sign-on takes over account %d, whose address was not proven", user.pk)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    for key in user.api_keys.usable():
        key.revoke()
    second_step.forget(user)
    sessions.end(user)
    addresses.vouch(user)
