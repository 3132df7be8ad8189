"""To the identity provider and back."""

from __future__ import annotations

import logging

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from accounts.views import errors

log = logging.getLogger("limner.accounts")

#: What a provider's answers may lack or misspell.
BAD_ANSWER = (RequestException, KeyError, ValueError, TypeError)


@login_not_required
@never_cache
@require_POST
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider, by a page of ours.

    The content policy lets no form end at another site, and a redirect would be one; where the
    provider itself sends people on is not ours to know.
    """
    try:
        response: HttpResponse = openid.login(request, provider_id)
    except BAD_ANSWER as error:
        log.warning("the identity provider cannot be asked: %r", error)
        return errors.sign_in_failed(request)
    if not response.has_header("Location"):
        return response
    told = {"name": settings.SINGLE_SIGN_ON, "url": response["Location"]}
    return render(request, "accounts/leaving.html", told)


@login_not_required
@never_cache
@require_safe
def arrive(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends people back to."""
    try:
        response: HttpResponse = openid.callback(request, provider_id)
    except BAD_ANSWER as error:
        log.warning("the identity provider's answer makes no sense: %r", error)
        return errors.sign_in_failed(request)
    return response


@login_not_required
@require_safe
def turned_back(request: HttpRequest) -> HttpResponse:
    """Somebody changed their mind at the provider."""
    messages.info(request, _("You did not sign in."))
    return redirect("account_login")


@require_POST
@reauthentication_required(app="allauth.socialaccount")
def disconnect(request: HttpRequest) -> HttpResponse:
    """Part from the provider; refused where no other way in would be left."""
    form = DisconnectForm(request.POST, request=request)
    if form.is_valid():
        form.save()
    else:
        for error in form.non_field_errors():
            messages.error(request, error)
    return redirect("mfa_index")
