"""Beginning and ending to see Limner as somebody else does."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import impersonation
from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For the audit log: what they asked for help with."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
    )


def begin(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """In the administration: ask for the reason, then go in."""
    person, staff = get_object_or_404(User, pk=pk), cast(User, request.user)
    if not staff.has_perm(impersonation.RIGHT):
        raise PermissionDenied
    if not impersonation.may_see_as(staff, person):
        raise Http404
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        impersonation.begin(request, staff, person, form.cleaned_data["reason"])
        return impersonation.with_an_empty_cache(redirect("create"))
    told = {"title": _("See it as they do"), "form": form, "person": person}
    context = {**site.each_context(request), **told}
    status = 422 if form.errors else 200
    return render(request, "accounts/admin/look.html", context, status=status)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Back to being oneself, on the person's page in the administration."""
    look: impersonation.Look | None = getattr(request, "look", None)
    if look is None:
        return redirect("create")
    impersonation.end(request, look, "stopped")
    return impersonation.with_an_empty_cache(redirect("admin:accounts_user_change", look.person.pk))
