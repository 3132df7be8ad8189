"""Granting to many at once: send a table, look at what each line would do, confirm."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import bulk_grants, grant_table
from accounts.bulk_grants import Plan
from accounts.models import User

#: Lines of a table that are shown; the sums count all of them.
SHOWN = 300


class TableForm(forms.Form):
    """A table, as a file or as text; whichever it was, it comes back as text."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    table = forms.CharField(
        label=gettext_lazy("or its lines"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField", "wrap": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if sent := data.get("file"):
            try:
                data["table"] = grant_table.decode(sent.read(grant_table.MOST_BYTES + 1))
            except grant_table.Unreadable as why:
                self.add_error("file", str(why))
        elif not (data.get("table") or "").strip() and not self.errors:
            self.add_error("table", _("Choose a file, or paste its lines."))
        return data


def bulk_grant(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("accounts.change_wallet"):
        raise PermissionDenied
    sent = request.method == "POST"
    form = TableForm(request.POST, request.FILES) if sent else TableForm()
    plan: Plan | None = None
    if form.is_valid():
        confirmed = "confirm" in request.POST
        try:
            plan = _carry_out(request, form) if confirmed else _look(form)
        except grant_table.Unreadable as why:
            form.add_error("table", str(why))
        if plan and confirmed and not plan.problems:
            return redirect("admin:bulk_grant")
    return _page(request, form, plan)


def _look(form: TableForm) -> Plan:
    return bulk_grants.plan(form.cleaned_data["table"])


def _carry_out(request: HttpRequest, form: TableForm) -> Plan:
    plan = bulk_grants.carry_out(form.cleaned_data["table"], cast(User, request.user))
    if plan.problems:
        messages.error(request, _("Nothing was granted: something changed since you looked."))
    else:
        told = ngettext(
            "%(count)d wallet was granted %(total)d credits in all.",
            "%(count)d wallets were granted %(total)d credits in all.",
            len(plan.rows),
        )
        messages.success(request, told % {"count": len(plan.rows), "total": plan.total})
    return plan


def _page(request: HttpRequest, form: TableForm, plan: Plan | None) -> HttpResponse:
    wrong = bool(form.errors or (plan and plan.problems))
    context = {
        **admin.site.each_context(request),
        "title": _("Grant to many"),
        "form": form,
        # What came as a file goes on as text, so that it is sent once.
        "table": form.cleaned_data.get("table", "") if form.is_bound else "",
        "plan": plan,
        "rows": plan.rows[:SHOWN] if plan else [],
        "problems": plan.problems[:SHOWN] if plan else [],
        "most": {"lines": grant_table.MOST_LINES, "reason": grant_table.MOST_REASON},
    }
    page = "accounts/admin/bulk_grant.html"
    return render(request, page, context, status=422 if wrong else 200)
