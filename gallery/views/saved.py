"""Searches that somebody keeps: saving one, looking through them, naming anew, forgetting."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Team
from gallery import saving
from gallery.models import SavedSearch
from gallery.views.lookup import kept_by_the_browser, person


@require_http_methods(["GET", "HEAD", "POST"])
@kept_by_the_browser
def searches(request: HttpRequest) -> HttpResponse:
    """GET lists them; POST keeps `q`, `scope`, `team` and `sort` under `name`."""
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            search = saving.save(person(request), saving.read(request.POST, _teams(request)))
        except ValidationError as error:
            errors = error.message_dict
        else:
            messages.success(request, _("Saved. What it finds is always what is there."))
            return redirect(search)
    context = {
        "saved": SavedSearch.objects.of(request.user),
        "errors": errors,
        "said": request.POST,
    }
    return render(request, "gallery/searches.html", context, status=422 if errors else 200)


@require_POST
def rename(request: HttpRequest, search_id: int) -> HttpResponse:
    """Call it `name`."""
    search = get_object_or_404(SavedSearch.objects.of(request.user), pk=search_id)
    try:
        saving.rename(search, request.POST.get("name", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("saved_searches")


@require_POST
def forget(request: HttpRequest, search_id: int) -> HttpResponse:
    """The search alone; pictures stay."""
    search = get_object_or_404(SavedSearch.objects.of(request.user), pk=search_id)
    search.delete()
    messages.success(request, _("Forgotten. The pictures are where they were."))
    return redirect("saved_searches")


def _teams(request: HttpRequest) -> list[Team]:
    return list(Team.objects.of(request.user))
