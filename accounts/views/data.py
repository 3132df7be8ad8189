"""A person's own data: a copy to fetch, and the end of the account."""

from __future__ import annotations

import uuid
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import erasure, exports
from accounts.inviting import mail_leaves
from accounts.models import User


class DeletionForm(forms.Form):
    """The address, typed once more by whoever means it."""

    email = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"].strip().lower()
        if typed != self.user.email.lower():
            raise forms.ValidationError(_("This is not the address of this account."))
        return typed


@never_cache
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The copy: not asked for, being made, ready, or failed; and the way out."""
    export = _me(request).exports.first()
    return render(request, "accounts/data.html", {"export": export, "mail_leaves": mail_leaves()})


@require_POST
@reauthentication_required
def copy(request: HttpRequest) -> HttpResponse:
    """Ask for a copy."""
    exports.ask(_me(request))
    messages.success(request, _("Your data is being copied. This can take some minutes."))
    return redirect("account_data")


@never_cache
@require_safe
@reauthentication_required
def copy_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The zip, for nobody but its owner."""
    export = _me(request).exports.filter(pk=pk).first()
    if export is None or not export.is_ready:
        raise Http404
    name = f"limner-{export.asked_at:%Y-%m-%d}.zip"
    if settings.FILES_VIA != "stream":
        headers = {
            "X-Accel-Redirect": f"/protected/{export.file}",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Type": "application/zip",
        }
        return HttpResponse(headers=headers)
    try:
        file = default_storage.open(export.file)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def deletion(request: HttpRequest) -> HttpResponse:
    """What happens when the account goes, and the form that lets it go."""
    user = _me(request)
    form = DeletionForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erasure.begin(user, by=user)
        except erasure.StillNeeded:
            form.add_error(None, _("This account cannot go yet."))
        else:
            logout(request)
            messages.success(request, _("Your account is deleted. Thank you for having been here."))
            return redirect("account_login")
    context = {
        "form": form,
        "hindrances": erasure.why_not(user),
        "memberships": user.memberships.select_related("team"),
    }
    return render(request, "accounts/deletion.html", context, status=422 if form.errors else 200)


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
