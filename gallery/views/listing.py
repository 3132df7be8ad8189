"""The gallery: rows of pictures that go on as one scrolls."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gallery import scopes
from gallery.listing import BadCursor, page
from gallery.models import Scope
from gallery.query import MAX_QUERY
from gallery.views.lookup import kept_by_the_browser, teams_of

CHUNK = 24
#: After that many chunks loaded by scrolling, one clicks, so the footer can be reached.
AUTOMATIC_CHUNKS = 6
#: At most that many cards on one page; then a new page begins.
MAX_CARDS = 600
SCOPES = tuple(Scope)


@login_not_required
@require_safe
@kept_by_the_browser
def gallery(request: HttpRequest) -> HttpResponse:
    """`?scope=mine|team|public&team=7&q=words`; `?n=` is how many cards were loaded (Back)."""
    scope = _scope(request)
    if scope != Scope.PUBLIC and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    cursor = request.GET.get("cursor")
    fragment = bool(cursor) and _wants_fragment(request)
    teams, team = teams_of(request) if scope == Scope.TEAM else ([], None)
    found = scopes.find(request.user, scope, query, [team] if team else teams)
    cards = found.rows.for_cards(request.user).defer("recipe", "description")
    limit = _number(request, fragment=fragment)
    try:
        shown = page(cards, cursor=cursor, limit=limit, walks=found.walks)
    except BadCursor:
        raise Http404 from None
    seen = len(shown.items) + (_integer(request, "seen") if fragment else 0)
    filters = {"scope": scope, **({"team": str(team.pk)} if team else {})}
    context = {
        "page": shown,
        "scope": scope,
        "teams": teams,
        "team": team,
        "query": query,
        "filters": urlencode(filters := filters | ({"q": query} if query else {})),
        "cursor": cursor,
        "seen": seen,
        "first_chunk": not fragment,
        "scopes": SCOPES if request.user.is_authenticated else (),
        **_following(shown.next_cursor, filters, seen),
    }
    return render(request, "gallery/_grid.html" if fragment else "gallery/index.html", context)


def _following(cursor: str | None, filters: dict[str, str], seen: int) -> dict[str, Any]:
    """The way to the next chunk, and whether scrolling alone may take it."""
    if cursor is None:
        return {"next_url": None}
    return {
        "next_url": "?" + urlencode({**filters, "cursor": cursor}),
        "chunk_url": "?" + urlencode({**filters, "cursor": cursor, "seen": str(seen)}),
        "same_page": seen < MAX_CARDS,
        "automatic": seen <= AUTOMATIC_CHUNKS * CHUNK,
    }


def _scope(request: HttpRequest) -> str:
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
