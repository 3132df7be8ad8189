"""The job feed: looking again, cancelling, trying again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import CannotPay
from gallery.views.lookup import kept_by_the_browser
from generator import submission
from generator.contract import InvalidRequest
from generator.feed import Feed, job_of
from generator.models import Generation
from generator.views.refusals import cannot_pay
from generator.views.signed_in import SignedIn


@require_safe
@kept_by_the_browser
def jobs(request: SignedIn) -> HttpResponse:
    """The feed by itself. `?v=` is the state the page shows: 204 when that is still so."""
    feed = Feed(request.user)
    if request.htmx and request.GET.get("v") == feed.state:
        return HttpResponse(status=204)
    return _answer(request, feed)


@require_safe
@kept_by_the_browser
def job(request: SignedIn, generation_id: uuid.UUID) -> HttpResponse:
    """One job, for whoever ordered it; for a team's accountants its facts and shared pictures."""
    found = job_of(request.user, generation_id)
    if found is None:
        raise Http404
    is_own = found.generation.owner_id == request.user.pk
    return render(request, "generator/job.html", {"job": found, "is_own": is_own})


@require_POST
@kept_by_the_browser
def cancel(request: SignedIn, generation_id: uuid.UUID) -> HttpResponse:
    """Stop a job; pictures that were not delivered are paid back."""
    generation = get_object_or_404(Generation.objects.of(request.user), pk=generation_id)
    if not generation.cancel():
        messages.info(request, _("That job had already ended."))
    return _after(request)


@require_POST
@kept_by_the_browser
def retry(request: SignedIn, generation_id: uuid.UUID) -> HttpResponse:
    """The same request once more, charged anew, after one that ended without pictures."""
    generation = get_object_or_404(Generation.objects.of(request.user), pk=generation_id)
    if not generation.ended_with_nothing:
        messages.info(request, _("Only a failed or cancelled job can be tried again."))
        return _after(request)
    try:
        submission.retry(generation, request.user)
    except CannotPay as short:
        messages.error(request, cannot_pay(short, generation.payer))
    except submission.Refusal as refusal:
        messages.error(request, refusal.message)
    except InvalidRequest as invalid:
        messages.error(request, " ".join(m for found in invalid.errors.values() for m in found))
    return _after(request)


def _after(request: SignedIn) -> HttpResponse:
    return _answer(request, Feed(request.user)) if request.htmx else redirect("create")


def _answer(request: SignedIn, feed: Feed) -> HttpResponse:
    template = "generator/_feed_update.html" if request.htmx else "generator/jobs.html"
    return render(request, template, {"feed": feed})
