"""How django-allauth's flows behave here."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmation
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import invitations
from accounts.models import TeamInvitation, User
from accounts.models.team_invitation import InvitationIsOver
from accounts.throttling import client_address
from accounts.views import errors

log = logging.getLogger("limner.accounts")

MAX_EMAIL = User._meta.get_field("email").max_length or 0


class AccountAdapter(DefaultAccountAdapter):
    """Who may sign up, what a new person gets, and links that trust no Host header."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
        "email_taken": _("Somebody has signed up with this e-mail address already."),
        "enter_current_password": _("This is not your current password."),
        "too_many_login_attempts": _(
            "Too many attempts failed. Wait an hour, or reset your password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this visitor may make an account, whatever address they will give."""
        if settings.SIGN_UP == "invitation":
            return bool(invitations.addressee(request))
        return bool(settings.SIGN_UP == "open")

    def is_welcome(self, email: str) -> bool:
        """Whether addresses of this domain may sign up."""
        domain = email.rpartition("@")[2].lower()
        return not settings.SIGN_UP_DOMAINS or domain in settings.SIGN_UP_DOMAINS

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: forms.Form,
        commit: bool = True,  # noqa: FBT001, FBT002  allauth's signature
    ) -> User:
        """Save the person with a wallet, and spend the invitation that let them in."""
        super().save_user(request, user, form, commit=False)
        user.name = form.cleaned_data.get("name", "")
        with transaction.atomic():
            self.admit(request, user, needed=True)
        return user

    def admit(self, request: HttpRequest, user: User, *, needed: bool) -> None:
        """Save a new person with a wallet, and spend the invitation this session came with.

        Where one is `needed` and sign-up is by invitation, insist on it. Whom a team let in
        then starts with nothing of their own: teams must not be able to make credits.
        """
        by_staff = invitations.spend(request, user.email)
        into_team = invitations.into_team_for(request, user.email)
        insist = needed and settings.SIGN_UP == "invitation" and not by_staff
        if insist and not into_team:
            raise ImmediateHttpResponse(errors.invitation_gone(request))
        user.save_with_wallet(0 if insist else None)
        if into_team:
            self._join(request, user, into_team)

    def _join(self, request: HttpRequest, user: User, invitation: TeamInvitation) -> None:
        try:
            invitation.accept(user)
        except InvitationIsOver:
            raise ImmediateHttpResponse(errors.invitation_gone(request)) from None
        invitations.forget_team(request)

    def clean_email(self, email: str) -> str:
        # allauth cuts what is longer, and the rest is somebody else's address.
        if len(email) > MAX_EMAIL:
            raise forms.ValidationError(_("At most %d characters.") % MAX_EMAIL)
        return email

    def set_password(self, user: User, password: str) -> None:
        # Nothing else of the row: an account that is closed meanwhile stays closed.
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts per host name as well, which gives as many tries as we have names.
        return str(credentials.get("email", "")).lower()

    def is_ajax(self, request: HttpRequest) -> bool:
        # These pages are forms and nothing else; one way to answer is enough.
        return False

    def is_safe_url(self, url: str) -> bool:
        # allauth lets every name in ALLOWED_HOSTS pass, on every port.
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return settings.BASE_URL + path

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one, or answer the request with a page that says it did not work."""
        # allauth would name the site after the Host header.
        ours = {"email": email, "base_url": settings.BASE_URL}
        message = self.render_mail(template_prefix, email, context | ours)
        try:
            message.send()
        except OSError as error:
            log.error("a mail could not be sent: %s", error)
            raise ImmediateHttpResponse(errors.mail_failed(self.request)) from error
