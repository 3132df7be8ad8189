"""Stacks that open in their place: the pictures that a folded card stands for."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gallery import scopes, stacking, walking
from gallery.models import Scope
from gallery.views import filters
from gallery.views.filters import Filters
from gallery.views.listing import CHUNK, scope_of
from gallery.views.lookup import kept_by_the_browser, teams_of


@login_not_required
@require_safe
@kept_by_the_browser
def opened(request: HttpRequest) -> HttpResponse:
    """Cards of `?stack=` in `?scope=` and `?team=`, but for `?front=`, which is there already.

    Whoever asks for a page is led to the one of the stack.
    """
    stack = filters.stack(request)
    if stack is None:
        raise Http404
    scope = scope_of(request)
    if scope != Scope.PUBLIC and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    teams, team = teams_of(request) if scope == Scope.TEAM else ([], None)
    asked = Filters(scope, team, stack=stack)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(reverse("gallery") + asked.address())
    found = scopes.find(request.user, scope, teams=[team] if team else teams)
    return render(
        request, "gallery/_stack.html", _context(request, asked, stacking.only(found, stack))
    )


def _context(request: HttpRequest, asked: Filters, found: scopes.Found) -> dict[str, Any]:
    page = walking.page(found, lambda rows: rows.for_cards(), cursor=None, limit=CHUNK + 1)
    front = _front(request)
    shown = [asset for asset in page.items if asset.pk != front][:CHUNK]
    return {
        "shown": shown,
        "filters": urlencode(asked.params),
        "whole": reverse("gallery") + asked.address() if page.next_cursor else "",
    }


def _front(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("front", ""))
    except ValueError:
        return None
