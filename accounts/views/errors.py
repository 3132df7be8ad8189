"""What somebody reads when a request cannot be served. config.urls names these handlers."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.middleware import is_for_programs

#: Seconds after which a database that is away is worth another try.
RETRY_AFTER = 10


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request, 400, _("That request was not understood"), _("Go back and try it once more.")
    )


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("That is not yours to change"),
        _("You may see it, but not do this with it."),
    )


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is nothing here"),
        _("It may have been deleted, or it is not shared with you."),
    )


def too_many_requests(request: HttpRequest, exception: Any = None) -> HttpResponse:
    response = _page(
        request, 429, _("Too many attempts"), _("Wait a while before you try it again.")
    )
    response["Retry-After"] = "3600"
    return response


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("This form is out of date"),
        _(
            "Nothing was changed. Go back, reload the page and send it again. If it fails again, "
            "let your browser keep cookies for this site."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away. Needs nothing that may be broken itself."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    if is_for_programs(request):
        message = _("The database is away.") if away else _("Something broke here.")
        response: HttpResponse = JsonResponse({"message": message}, status=status)
    else:
        # Without the request: its context processors may ask the database.
        page = render_to_string("accounts/broken.html", {"away": away})
        response = HttpResponse(page, status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def invitation_gone(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        410,
        _("This invitation is used up"),
        _("It was used before, or it is older than two weeks. Ask for a new one."),
    )


def invitation_for_another(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        403,
        _("This invitation is for somebody else"),
        _("Sign out first if it is for another address of yours."),
    )


def link_gone(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        410,
        _("This link has ended"),
        _("Its day has passed, or it was taken back. Ask whoever sent it for a new one."),
    )


def mail_failed(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        503,
        _("The mail could not be sent"),
        _("Try it again later, or ask whoever runs this server."),
    )


def no_address_came(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        403,
        _("Your sign-in came without an address"),
        _(
            "%(name)s did not tell us your e-mail address, and an account here needs one. "
            "Whoever runs it can let it be told."
        )
        % {"name": settings.SINGLE_SIGN_ON},
    )


def address_not_proven(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        403,
        _("This address has an account already"),
        _(
            "%(name)s does not say that the address is yours, so we do not open the account that "
            "has it. Sign in with your password, then connect %(name)s under Security."
        )
        % {"name": settings.SINGLE_SIGN_ON},
    )


def sign_in_failed(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        502,
        _("The sign-in did not work"),
        _(
            "%(name)s did not answer as it should, or the sign-in took too long. Try it again; "
            "the reason is in the server's log."
        )
        % {"name": settings.SINGLE_SIGN_ON},
    )


def only_looking(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        403,
        _("You are only looking"),
        _(
            "You see Limner as somebody else does, to help them. Nothing can be changed or made "
            "meanwhile, and how they sign in stays theirs."
        ),
    )


def _page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    if is_for_programs(request):
        return JsonResponse({"message": title}, status=status)
    told = {"status": status, "title": title, "message": message}
    return render(request, "accounts/error.html", told, status=status)
