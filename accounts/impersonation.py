"""Looking at Limner as somebody else sees it, to help them: for a while, and only to look.

The session stays that of the member of staff. While it lasts, `request.user` is the person and
`request.impersonator` the member of staff.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware
from django.utils.translation import gettext_lazy as _

from accounts.middleware import is_for_programs
from accounts.models import AuditEntry, User
from accounts.views import errors

SESSION_KEY = "seen_as"
#: How long a look may last.
SECONDS = 30 * 60
RIGHT = "accounts.impersonate_user"
#: The addresses that stay shut meanwhile, by how they begin: doors, what opens doors, and what
#: belongs to staff. Whatever is new below /account/ is shut until it is named here.
SHUT = ("/admin/", "/accounts/", "/account/")
OPEN = ("/account/credits/",)
OPEN_EXACTLY = ("/account/",)
#: The way out.
END = "/accounts/impersonation/end/"


class MayNot(Exception):
    """This person is not to be looked at by this member of staff."""


@dataclass(frozen=True)
class Look:
    """`staff` sees what `person` sees, until a moment in seconds since 1970."""

    staff: User
    person: User
    until: float

    @property
    def until_time(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.until, dt.UTC)


def begin(request: HttpRequest, staff: User, person: User, reason: str) -> None:
    """Start looking; raises MayNot where that is not allowed."""
    if not may_see_as(staff, person):
        raise MayNot(_("Staff and closed accounts are not looked at this way."))
    until = time.time() + SECONDS
    request.session[SESSION_KEY] = {"person": person.pk, "until": until}
    ends = dt.datetime.fromtimestamp(until, dt.UTC).isoformat(timespec="seconds")
    AuditEntry.objects.record(
        staff, "user.impersonate", person, after={"until": ends}, reason=reason
    )


def end(request: HttpRequest, look: Look, why: str) -> None:
    """Stop looking, because it was "stopped", "expired" or "refused"."""
    request.session.pop(SESSION_KEY, None)
    AuditEntry.objects.record(look.staff, "user.impersonate_end", look.person, after={"ended": why})


def may_see_as(staff: User, person: User) -> bool:
    """Whether `staff` holds the right, and `person` is somebody it is for."""
    right = staff.is_staff and staff.has_perm(RIGHT)
    return right and person.is_active and not person.is_staff and person != staff


def current(request: HttpRequest, staff: User) -> Look | None:
    """The look that this session of `staff` began, whether or not it may still go on."""
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    person = User.objects.filter(pk=kept["person"]).first()
    return Look(staff, person, kept["until"]) if person else None


def has_ended(look: Look) -> str:
    """Why the look may not go on, in one word; "" while it may."""
    if time.time() >= look.until:
        return "expired"
    return "" if may_see_as(look.staff, look.person) else "refused"


def is_shut(request: HttpRequest) -> bool:
    """Whether this request is more than looking at what may be looked at."""
    path = request.path
    if path == END:
        return False
    if request.method not in {"GET", "HEAD"}:
        return True
    if path in OPEN_EXACTLY or path.startswith(OPEN):
        return False
    return path.startswith(SHUT)


@sync_and_async_middleware
def see_as_another(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: show pages as `request.look.person` sees them, and let nothing be done.

    Programs have keys and no sessions, and so do all async views.
    """
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            answer: Awaitable[HttpResponseBase] = get_response(request)
            return await answer

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        refusal = None if is_for_programs(request) else _take_part(request)
        response: HttpResponseBase = refusal or get_response(request)
        return response

    return now


def _take_part(request: HttpRequest) -> HttpResponseBase | None:
    """Put the person in the place of the member of staff; the answer, where that is refused."""
    if SESSION_KEY not in request.session or not isinstance(request.user, User):
        return None
    look = current(request, request.user)
    if look is None:
        return None
    if why := has_ended(look):
        end(request, look, why)
        return _back_to(request, look.person)
    request.look = look  # type: ignore[attr-defined]
    request.impersonator = look.staff  # type: ignore[attr-defined]
    request.user = look.person
    return errors.only_looking(request) if is_shut(request) else None


def _back_to(request: HttpRequest, person: User) -> HttpResponse:
    page = reverse("admin:accounts_user_change", args=[person.pk])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    return with_an_empty_cache(redirect(page))


def with_an_empty_cache(response: HttpResponse) -> HttpResponse:
    """Pages stay in the browser for the way back; not for who they are not for."""
    response["Clear-Site-Data"] = '"cache"'
    return response
