"""Deleting somebody's account at their request, in the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import erasure
from accounts.models import Erasure, User
from accounts.views.data import DeletionForm

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

RIGHT = "accounts.delete_user"


class RequestedDeletionForm(DeletionForm):
    """Their address, typed out, and what they wrote or said."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For the audit log: how and when they asked. Name no names in it."),
    )

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(user, data)
        self.fields["email"].label = gettext_lazy("Their e-mail address")


def erase(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Say what happens, ask for address and reason, then delete the account for good."""
    person, staff = get_object_or_404(User, pk=pk), cast(User, request.user)
    if not staff.has_perm(RIGHT) or person == staff:
        raise PermissionDenied
    if Erasure.objects.filter(user=person).exists():
        raise Http404
    form = RequestedDeletionForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erasure.begin(person, by=staff, reason=form.cleaned_data["reason"])
        except erasure.StillNeeded as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("The account is deleted; its pictures are being erased."))
            return redirect("admin:accounts_user_changelist")
    told = {"title": _("Delete the account for good"), "form": form, "person": person}
    context = {**site.each_context(request), **told, "hindrances": erasure.why_not(person)}
    status = 422 if form.errors else 200
    return render(request, "accounts/admin/erasure.html", context, status=status)
