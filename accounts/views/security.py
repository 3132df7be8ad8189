"""How somebody signs in: second steps, passkeys and the sessions that are open."""

from __future__ import annotations

import json
from typing import Any, cast

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as ceremony
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import addresses, devices, passkey_forms, second_step, sessions
from accounts.models import User
from accounts.views.entrance import FormPage, refusal_status


@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Everything by which this person gets in, and where they are in now."""
    user = _me(request)
    steps = list(Authenticator.objects.filter(user=user).order_by("id"))
    context = {
        "passkeys": [step for step in steps if step.type == Authenticator.Type.WEBAUTHN],
        "app": _one(steps, Authenticator.Type.TOTP),
        "codes": _one(steps, Authenticator.Type.RECOVERY_CODES),
        "passkeys_work": second_step.passkeys_work(request),
        "single_sign_on": settings.SINGLE_SIGN_ON,
        "connections": SocialAccount.objects.filter(user=user),
        "sessions": [(each, devices.describe(each.user_agent)) for each in sessions.of(user)],
        "is_proven": addresses.is_proven(user),
        "proof_wanted": settings.ACCOUNT_EMAIL_VERIFICATION != "none",
    }
    return render(request, "accounts/security.html", context)


def _one(steps: list[Authenticator], kind: str) -> Any:
    return next((step.wrap() for step in steps if step.type == kind), None)


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one browser."""
    session = get_object_or_404(UserSession, pk=pk, user=_me(request))
    session.end()
    messages.success(request, _("Signed out there."))
    return redirect("mfa_index")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, or everywhere else."""
    here = request.session.session_key
    keep = here if request.POST.get("but") == "here" else None
    count = sessions.end(_me(request), keep=keep)
    if keep is None:
        request.session.flush()
        return redirect("account_login")
    told = ngettext("Signed out in %d other place.", "Signed out in %d other places.", count)
    messages.success(request, told % count)
    return redirect("mfa_index")


class Confirm(FormPage, ReauthenticateView):
    """The password once more, before something that matters."""


class ConfirmByCode(FormPage, base.ReauthenticateView):
    pass


class PasskeyPage(FormPage):
    """A form that the browser fills in with what a passkey signed."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        # allauth would drop the form that was refused, and read it a second time.
        context = super().get_context_data() | context  # type: ignore[misc]
        context["options"] = as_json(next(iter(context["js_data"].values())))
        return context


class ConfirmByPasskey(PasskeyPage, webauthn.ReauthenticateWebAuthnView):
    form_class = passkey_forms.ConfirmForm

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        response.status_code = 422
        return response


class SecondStep(base.AuthenticateView):
    """After the password: a passkey, or a code of the app or the recovery codes."""

    webauthn_form_class = passkey_forms.SecondStepForm

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        mine = Authenticator.objects.filter(user=self.stage.login.user)
        passkey = Authenticator.Type.WEBAUTHN
        if mine.filter(type=passkey).exists():
            context["options"] = as_json(context["js_data"]["request_options"])
        context["takes_code"] = mine.exclude(type=passkey).exists()
        code = context["form"].fields["code"]
        code.widget.attrs.pop("placeholder", None)
        code.help_text = _("Six digits from your app, or one of your recovery codes.")
        return context

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = refusal_status(form)
        return response


class AddApp(FormPage, totp.ActivateTOTPView):
    pass


class RemoveApp(totp.DeactivateTOTPView):
    pass


@method_decorator(never_cache, name="dispatch")
class Codes(recovery.ViewRecoveryCodesView):
    pass


class NewCodes(recovery.GenerateRecoveryCodesView):
    pass


class AddPasskey(PasskeyPage, webauthn.AddWebAuthnView):
    """A passkey that opens the account by itself, after a finger, a face or a PIN."""

    form_class = passkey_forms.AddForm

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        context["options"] = as_json(
            ceremony.begin_registration(_me(self.request), passwordless=True)
        )
        return context


class RenamePasskey(FormPage, webauthn.EditWebAuthnView):
    form_class = passkey_forms.RenameForm
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(webauthn.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class SignInByPasskey(webauthn.LoginWebAuthnView):
    form_class = passkey_forms.SignInForm

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """What a passkey is to sign; made on a click, since it begins a session."""
        return JsonResponse(_plain(ceremony.begin_authentication()))


def as_json(options: Any) -> str:
    return json.dumps(_plain(options))


def _plain(value: Any) -> Any:
    """The library's mappings as dictionaries."""
    if isinstance(value, str | int | float | bool | None):
        return value
    if hasattr(value, "items"):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value]


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
