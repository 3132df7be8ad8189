"""A person's own pages: profile and keys."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import ApiKeyForm, ProfileForm, SensitivePicturesForm, ThemeForm
from accounts.models import ApiKey, User


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name, theme, and the way to the password."""
    user = _me(request)
    if request.method != "POST":
        return _account_page(request, ProfileForm(instance=user), ThemeForm(instance=user))
    form = ProfileForm(request.POST, instance=_me(request))
    if not form.is_valid():
        return _account_page(request, form, ThemeForm(instance=user))
    form.save()
    messages.success(request, _("Saved."))
    return redirect("account")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    form = ThemeForm(request.POST, instance=user)
    if not form.is_valid():
        user.refresh_from_db()
        return _account_page(request, ProfileForm(instance=user), form)
    form.save()
    return redirect("account")


@require_POST
def sensitive_pictures(request: HttpRequest) -> HttpResponse:
    """What becomes of pictures that are rated sensitive."""
    user = _me(request)
    form = SensitivePicturesForm(request.POST, instance=user)
    if not form.is_valid():
        user.refresh_from_db()
        return _account_page(request, ProfileForm(instance=user), ThemeForm(instance=user), form)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("account")


@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The person's keys. A new one is shown in the answer itself and kept nowhere."""
    user = _me(request)
    form = ApiKeyForm(user, request.POST if request.method == "POST" else None)
    token = None
    if form.is_valid() and (made := form.save()):
        _key, token = made
        form = ApiKeyForm(user)
    in_use = user.api_keys.filter(revoked_at=None).select_related("made_by")
    context = {"form": form, "token": token, "keys": in_use}
    return render(request, "accounts/keys.html", context, status=_status(form, made=bool(token)))


@require_POST
def key_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk, user=_me(request))
    key.revoke()
    messages.success(request, _("“%s” opens nothing any more.") % key.name)
    return redirect("account_keys")


def _account_page(
    request: HttpRequest, profile: BaseForm, theme: BaseForm, sensitive: BaseForm | None = None
) -> HttpResponse:
    sensitive = sensitive or SensitivePicturesForm(instance=_me(request))
    status = 422 if profile.errors or theme.errors or sensitive.errors else 200
    context = {"form": profile, "theme_form": theme, "sensitive_form": sensitive}
    return render(request, "accounts/account.html", context, status=status)


def _status(form: BaseForm, *, made: bool) -> int:
    if made:
        return 201
    return 422 if form.errors else 200


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
