"""What people of a team wish to show to everyone, for the editors who decide."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gallery import publishing
from gallery.models import PublicationRequest
from gallery.share_forms import DecisionForm
from gallery.views.lookup import kept_by_the_browser, person

PER_PAGE = 24


@require_safe
@kept_by_the_browser
def queue(request: HttpRequest) -> HttpResponse:
    """The oldest wishes that whoever asks may decide; deciding makes room for the next."""
    waiting = PublicationRequest.objects.waiting().for_editor(person(request))
    rows = waiting.select_related("asset", "team", "asked_by").order_by("asked_at", "pk")
    shown = list(rows.prefetch_related("asset__variants")[: PER_PAGE + 1])
    context = {"wishes": shown[:PER_PAGE], "more": len(shown) > PER_PAGE, "form": DecisionForm()}
    return render(request, "gallery/approvals.html", context)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`decision=approve` or `decline`, with a `note` that whoever asked reads."""
    editor = person(request)
    mine = PublicationRequest.objects.for_editor(editor).select_related("asset__owner")
    wish = get_object_or_404(mine, pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say yes or no, and use at most 500 characters."))
        return redirect("approvals")
    approved = form.cleaned_data["decision"] == "approve"
    settle = publishing.approve if approved else publishing.decline
    if not settle(wish, editor, form.cleaned_data["note"]):
        messages.error(request, _("That was decided meanwhile, or the picture is gone."))
    else:
        messages.success(request, _("Approved.") if approved else _("Declined."))
    return redirect("approvals")
