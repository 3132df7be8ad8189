"""The gallery: rows of pictures that go on as one scrolls."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gallery import scopes, stacking, walking
from gallery.listing import BadCursor, Page
from gallery.models import Scope
from gallery.models.saved_search import kept_by
from gallery.scopes import Found
from gallery.views import filters
from gallery.views.filters import Filters
from gallery.views.lookup import kept_by_the_browser, teams_of

CHUNK = 24
#: So many pictures are seen without scrolling, and so are loaded at once.
EAGER = 8
#: After that many chunks loaded by scrolling, one clicks, so the footer can be reached.
AUTOMATIC_CHUNKS = 6
#: At most that many cards on one page; then a new page begins.
MAX_CARDS = 600
SCOPES = tuple(Scope)


@login_not_required
@require_safe
@kept_by_the_browser
def gallery(request: HttpRequest) -> HttpResponse:
    """`?scope=&team=&q=&sort=`, from `?cursor=` or `?at=2025-06` on; `?n=` cards (Back)."""
    scope = scope_of(request)
    if scope != Scope.PUBLIC and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    teams, team = teams_of(request) if scope == Scope.TEAM else ([], None)
    asked = Filters(
        scope,
        team,
        filters.words(request),
        filters.sort(request),
        stacks="stacks" in request.GET,
        stack=filters.stack(request),
    )
    if "add" in request.GET:
        return redirect(request.path + asked.address())
    cursor = filters.place(request, asked)
    fragment = bool(cursor) and _wants_fragment(request)
    found = scopes.find(request.user, scope, asked.query, [team] if team else teams, asked.sort)
    found = found if asked.stack is None else stacking.only(found, asked.stack)
    shown = _page(request, asked, found, cursor, _number(request, fragment=fragment))
    seen = len(shown.items) + (_integer(request, "seen") if fragment else 0)
    context = {
        "page": shown,
        "scope": scope,
        "team": team,
        "query": asked.query,
        "filters": urlencode(asked.params),
        "seen": seen,
        "listed": urlencode(_listed(asked)),
        "eager": 0 if fragment else EAGER,
        **_following(shown.next_cursor, asked.params, seen),
    }
    if fragment:
        return render(request, "gallery/_grid.html", context)
    context |= {"teams": teams, "cursor": cursor, **_finding(request, asked, found)}
    return render(request, "gallery/index.html", context)


def _page(
    request: HttpRequest, asked: Filters, found: Found, cursor: str | None, limit: int
) -> Page:
    try:
        shown = walking.page(
            stacking.fold(found) if asked.stacks else found,
            lambda rows: rows.for_cards(),
            cursor=cursor,
            limit=limit,
        )
    except BadCursor:
        raise Http404 from None
    if asked.stacks and stacking.can_fold(found):
        stacking.count(found, shown.items)
    return shown


def _listed(asked: Filters) -> dict[str, str]:
    """What stacks lie in, whatever was searched for."""
    found = {"scope": str(asked.scope)}
    return found | ({"team": str(asked.team.pk)} if asked.team else {})


def _finding(request: HttpRequest, asked: Filters, found: Found) -> dict[str, Any]:
    """What stands above the pictures: where one is, what was asked for, what else one can ask."""
    return {
        "scopes": SCOPES if request.user.is_authenticated else (),
        "asked": asked,
        "can_fold": stacking.can_fold(found),
        "folded": asked.address(stacks="1", stack=""),
        "unfolded": asked.address(stacks="", stack=""),
        "nothing_asked": asked.address(q=""),
        "chips": filters.chips(asked, found.asked),
        "sorts": filters.orders(asked, found.asked),
        "years": filters.years(),
        "at": request.GET.get("at", ""),
        "saved": kept_by(request.user),
    }


def _following(cursor: str | None, params: dict[str, str], seen: int) -> dict[str, Any]:
    """The way to the next chunk, and whether scrolling alone may take it."""
    if cursor is None:
        return {"next_url": None}
    return {
        "next_url": "?" + urlencode({**params, "cursor": cursor}),
        "chunk_url": "?" + urlencode({**params, "cursor": cursor, "seen": str(seen)}),
        "same_page": seen < MAX_CARDS,
        "automatic": seen <= AUTOMATIC_CHUNKS * CHUNK,
    }


def scope_of(request: HttpRequest) -> str:
    """`?scope=`, or the usual one of whoever asks; 404 for what is none."""
    usual = Scope.MINE if request.user.is_authenticated else Scope.PUBLIC
    scope = request.GET.get("scope") or usual
    if scope not in SCOPES:
        raise Http404
    return str(scope)


def _wants_fragment(request: HttpRequest) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]


def _number(request: HttpRequest, *, fragment: bool) -> int:
    """How many cards to show: a chunk, or what the browser had before it left the page."""
    if fragment:
        return CHUNK
    wanted = min(_integer(request, "n"), MAX_CARDS)
    return max(CHUNK, -(-wanted // CHUNK) * CHUNK)


def _integer(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 6 else 0
