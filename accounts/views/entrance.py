"""Signing up, in and out, and passwords: allauth's views with our answers."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import invitations, second_step
from accounts.models import Invitation, User
from accounts.views import errors

PASSWORD_HINT = _("8 characters or more. A few random words are good and easy to keep.")
LABELS = {"login": _("E-mail address"), "email": _("E-mail address")}


class FormPage:
    """A form whose refusal has its status, and whose page tells no other site its address."""

    def get_form(self, form_class: type[BaseForm] | None = None) -> BaseForm:
        form: BaseForm = super().get_form(form_class)  # type: ignore[misc]
        for name, field in form.fields.items():
            # Labels say it all, and a placeholder is gone when it is needed.
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = PASSWORD_HINT if name == "password1" else field.help_text
        if not form.is_bound:
            _start_at(form)
        return form

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        _start_at(form)
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = refusal_status(form)
        if response.status_code == 429:
            response["Retry-After"] = "3600"
        return response

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **options)  # type: ignore[misc]
        # Hides the path, which may hold a token. "no-referrer" would make browsers send
        # "Origin: null" with the form, and the CSRF check refuse it.
        response["Referrer-Policy"] = "strict-origin"
        return response


def refusal_status(form: BaseForm) -> int:
    """429 where tries are used up, else 422."""
    used_up = any(form.has_error(name, "too_many_login_attempts") for name in form.errors)
    return 429 if used_up else 422


def _start_at(form: BaseForm) -> None:
    """Put the cursor where there is something to do: the first wrong field, else the first."""
    wrong = form.errors if form.is_bound else {}
    # A refused sign-in names no field; the password is what has to be typed again.
    wrong_names = {"password"} if set(wrong) == {"__all__"} else set(wrong)
    shown = form.visible_fields()
    field = next((field for field in shown if field.name in wrong_names), next(iter(shown), None))
    if field:
        field.field.widget.attrs["autofocus"] = True


class SignIn(FormPage, views.LoginView):
    def get_context_data(self, **context: Any) -> dict[str, Any]:
        adapter = get_adapter()
        return super().get_context_data(
            may_sign_up=adapter.is_open_for_signup(self.request),
            single_sign_on=settings.SINGLE_SIGN_ON,
            passkeys_work=second_step.passkeys_work(self.request),
            **context,
        )


class SignUp(FormPage, views.SignupView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            # Not in one transaction: the password is hashed in here, and on SQLite a
            # transaction keeps everybody else from writing meanwhile.
            return super().form_valid(form)
        except IntegrityError:
            email = form.cleaned_data["email"]
            if not User.objects.filter(email__iexact=email).exists():
                raise
            # Sent twice at once: both passed the check before either was saved.
            form.add_error("email", get_adapter().validation_error("email_taken"))
            return self.form_invalid(form)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(starting_credits=settings.STARTING_CREDITS, **context)

    def closed(self) -> HttpResponse:
        by_invitation = settings.SIGN_UP == "invitation"
        told = {"by_invitation": by_invitation}
        return render(self.request, "account/signup_closed.html", told, status=403)


class SignOut(views.LogoutView):
    def post(self, *args: Any, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **options)
        # Pages stay in the browser's cache for the way back; not for who comes after.
        response["Clear-Site-Data"] = '"cache"'
        return response


class ChangePassword(FormPage, views.PasswordChangeView):
    pass


class SetPassword(FormPage, views.PasswordSetView):
    pass


class ResetPassword(FormPage, views.PasswordResetView):
    pass


class ResetPasswordFromKey(FormPage, views.PasswordResetFromKeyView):
    pass


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The way in from an invitation's link: remember it, and go on to the form."""
    invited = get_object_or_404(Invitation, pk=getattr(Invitation.objects.find(token), "pk", None))
    if request.user.is_authenticated:
        mine = request.user.email == invited.email
        return redirect("create") if mine else errors.invitation_for_another(request)
    if not invited.is_open:
        return errors.invitation_gone(request)
    invitations.remember(request, invited)
    # Who holds the link can read the address's mail.
    get_adapter().stash_verified_email(request, invited.email)
    return redirect("account_signup")
