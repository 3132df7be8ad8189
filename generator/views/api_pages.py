"""A person's pages about the API: which services there are, and what their keys did."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import csv_export
from generator import api_usage, examples
from generator.charts import chart
from generator.views.signed_in import SignedIn


@require_safe
def services(request: SignedIn) -> HttpResponse:
    """Every API with its address, its description, and a request to try."""
    site: str = settings.BASE_URL
    socket_site = "ws" + site.removeprefix("http")
    context = {"services": examples.tour(request.user), "site": site, "socket_site": socket_site}
    return render(request, "generator/api_services.html", context)


@require_safe
def usage(request: SignedIn) -> HttpResponse:
    """Requests, pictures and credits of the last thirty days, by day, key and model."""
    found = api_usage.of(request.user)
    days = found.by_day()
    context = {
        "total": found.total,
        "charts": [
            chart(_("Requests"), _("requests"), [(date, use.requests) for date, use in days]),
            chart(_("Pictures"), _("pictures"), [(date, use.pictures) for date, use in days]),
            chart(_("Credits"), _("credits"), [(date, use.credits) for date, use in days]),
        ],
        "tables": [
            (_("By key"), _("Key"), found.by_key()),
            (_("By model"), _("Model"), found.by_model()),
        ],
    }
    return render(request, "generator/api_usage.html", context)


@require_safe
def usage_export(request: SignedIn) -> StreamingHttpResponse:
    """The same as a table, a line for each day, key and model."""
    header = [_("Day (UTC)"), _("Key"), _("Model"), _("Requests"), _("Pictures"), _("Credits")]
    return csv_export.download("api-usage", header, api_usage.of(request.user).rows())
