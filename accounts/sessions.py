"""Where somebody is signed in: each session with its device, and when it was last used."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from allauth.usersessions.models import UserSession
from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from accounts.models import User

#: Seconds between two notes of the same session: a write per page would be too many.
NOTED_EVERY = 300
NOTED_AT = "noted_at"
#: Where allauth keeps when and how somebody came in.
RECORDS = "account_authentication_methods"


@sync_and_async_middleware
def note_use(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: remember, to some minutes, when a session was used and from where.

    Async views are for programs, which have keys and no sessions.
    """
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            answer: Awaitable[HttpResponseBase] = get_response(request)
            return await answer

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        if _is_due(request):
            request.session[NOTED_AT] = int(time.time())
            UserSession.objects.create_from_request(request)
        response: HttpResponseBase = get_response(request)
        return response

    return now


def _is_due(request: HttpRequest) -> bool:
    """Whether somebody who came in by our door has not been noted for a while."""
    records = request.session.get(RECORDS)
    # Staff who look as somebody else are not that person's session.
    if not records or getattr(request, "impersonator", None):
        return False
    last = max(request.session.get(NOTED_AT, 0), records[-1]["at"])
    # Asked last: a session without an owner is no reason to look one up.
    return time.time() - last >= NOTED_EVERY and request.user.is_authenticated


def of(user: User) -> list[UserSession]:
    """The living sessions of `user`, the last used first."""
    found: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda session: session.last_seen_at, reverse=True)


def end(user: User, *, keep: str | None = None) -> int:
    """Sign `user` out everywhere but in the session `keep`; returns in how many places."""
    ended = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    sessions = list(ended)
    for session in sessions:
        session.end()
    return len(sessions)
