"""Proving an e-mail address."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from allauth.account.views import ConfirmEmailView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import addresses
from accounts.models import User


@method_decorator(never_cache, name="dispatch")
class ConfirmAddress(ConfirmEmailView):
    """The link of the mail. A button confirms: programs that read mail open links as well."""

    def post(self, *args: Any, **options: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(*args, **options)
        except Http404:
            self.object = None
            response = self.render_to_response(self.get_context_data(), status=410)
        return response

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if not self.object:
            options["status"] = 410
        response: HttpResponse = super().render_to_response(context, **options)
        # The path holds the key of the proof.
        response["Referrer-Policy"] = "strict-origin"
        return response


@require_POST
def send_proof(request: HttpRequest) -> HttpResponse:
    """Send the link once more, at most every few minutes."""
    user = cast(User, request.user)
    if addresses.is_proven(user):
        messages.info(request, _("Your address is verified already."))
    elif not send_verification_email_for_user(request, user):
        messages.warning(request, _("A link was sent just now. Look into your mail."))
    return redirect("mfa_index")
