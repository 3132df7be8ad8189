"""Ratings, reports and appeals, on the page of a picture."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import throttling
from gallery import reporting
from gallery.models import Asset, Reason
from gallery.safety_forms import AppealForm, RatingForm, ReportForm
from gallery.views.asset import page_context
from gallery.views.lookup import disposable_or_403, kept_by_the_browser, visible_or_404


@require_POST
@kept_by_the_browser
def rating(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """The owner calls it sensitive (`sensitive=yes`), or takes that back."""
    asset = disposable_or_403(request, asset_id)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Say “yes” or “no”."), content_type="text/plain")
    asset.say_sensitive(sensitive=form.cleaned_data["sensitive"] == "yes")
    return redirect(asset)


@login_not_required
@require_POST
@kept_by_the_browser
def report(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Tell moderators what is wrong with somebody else's picture, with an account or without."""
    asset = visible_or_404(request, asset_id)
    if asset.can_dispose:
        raise PermissionDenied(_("You can delete your own picture, or mark it as sensitive."))
    form = ReportForm(request.POST)
    wait = take_report(request, asset, form)
    if not form.errors:
        return redirect("gallery")
    answer = _again(request, asset_id, status=429 if wait else 422, report_form=form)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def take_report(request: HttpRequest, asset: Asset, form: ReportForm) -> int:
    """Pass on what `form` says, and thank; else it has errors. Seconds to wait, if it is that."""
    if not form.is_valid():
        return 0
    try:
        _report(request, asset, Reason(form.cleaned_data["reason"]), form.cleaned_data["note"])
    except reporting.TooManyReports as error:
        form.add_error(None, str(error))
        return error.retry_after
    except reporting.ReportedBefore:
        messages.info(request, _("You reported this picture before."))
    else:
        messages.success(request, _("Thank you. A moderator will look at it."))
    return 0


def _report(request: HttpRequest, asset: Asset, reason: Reason, note: str) -> None:
    if request.user.is_authenticated:
        reporting.report(asset, request.user, reason, note)
        return
    visitor = throttling.neighbourhood(throttling.client_address(request))
    reporting.report_as_visitor(asset, visitor, reason, note)


@require_POST
@kept_by_the_browser
def appeal(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """The owner asks moderators to look again."""
    asset = disposable_or_403(request, asset_id)
    if not reporting.may_appeal(asset):
        messages.info(request, _("Nothing about this picture waits for a moderator."))
        return redirect(asset)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _again(request, asset_id, appeal_form=form)
    try:
        reporting.appeal(asset, form.cleaned_data["note"])
    except reporting.AppealedBefore:
        messages.info(request, _("You asked before; a moderator will look at it."))
    else:
        messages.success(request, _("Sent. A moderator will look at it."))
    return redirect(asset)


def _again(
    request: HttpRequest, asset_id: uuid.UUID, *, status: int = 422, **forms_: forms.Form
) -> HttpResponse:
    """The page with what is wrong beside what was written."""
    asset = visible_or_404(request, asset_id)
    context: dict[str, Any] = page_context(request, asset) | forms_
    return render(request, "gallery/asset.html", context, status=status)
