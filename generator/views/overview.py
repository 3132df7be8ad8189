"""The staff's page about everything: is anything wrong, today, and the last thirty days."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from generator.charts import Chart, chart
from generator.overview import Day, last_days, queue
from generator.troubles import troubles

#: Who may look at the ledger may look at its sums.
PERMISSION = "accounts.view_creditentry"
MILLION = 1_000_000


def overview(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    days, now = last_days(), queue()
    today = days[-1]
    context = {
        **admin.site.each_context(request),
        "title": _("Overview"),
        "troubles": troubles(today, now),
        "today": today,
        "cost_today": today.cost / MILLION,
        "currency": settings.PROVIDER_CURRENCY,
        "queue": now,
        "charts": _charts(days),
    }
    return render(request, "generator/admin/overview.html", context)


def _charts(days: list[Day]) -> list[Chart]:
    figures: list[tuple[str, str, Callable[[Day], float]]] = [
        (_("Credits used"), _("credits"), lambda day: day.used),
        (_("Credits given back"), _("credits"), lambda day: day.refunded),
        (_("Failed jobs"), _("jobs"), lambda day: day.failed),
        (_("Pictures made"), _("pictures"), lambda day: day.pictures),
        (_("Longest wait in the queue"), _("seconds"), lambda day: round(day.longest_wait)),
        (_("Usual wait in the queue"), _("seconds"), lambda day: round(day.wait, 1)),
        (_("Paid to providers"), settings.PROVIDER_CURRENCY, lambda day: day.cost / MILLION),
    ]
    return [chart(title, unit, [(d.date, of(d)) for d in days]) for title, unit, of in figures]
