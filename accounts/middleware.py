"""Closed by default: who is not signed in is sent to the sign-in page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, middleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url

View = Callable[..., Any]


def is_for_programs(request: HttpRequest) -> bool:
    """Whether an API answers this path: it signs people in by key and speaks JSON only."""
    return request.path.startswith(settings.API_PREFIXES)


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's, except that APIs answer for themselves and fragments never hold a whole page.

    A page is opened to everybody by `@login_not_required`, by name. Paths below
    `settings.API_PREFIXES` pass: every API checks its keys itself and answers 401.
    """

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if is_for_programs(request):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # Django's only redirects
        self, request: HttpRequest, view_func: View
    ) -> HttpResponse:
        page = _page_to_return_to(request)
        login = resolve_url(settings.LOGIN_URL)
        url = f"{login}?{urlencode({REDIRECT_FIELD_NAME: page})}" if page else login
        if request.headers.get("HX-Request"):
            # htmx would put the sign-in page into the middle of the old one.
            return HttpResponse(status=401, headers={"HX-Redirect": url})
        return redirect(url)


def _page_to_return_to(request: HttpRequest) -> str:
    if request.headers.get("HX-Request"):
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    # A POST's address is no page to come back to.
    return request.get_full_path() if request.method in {"GET", "HEAD"} else ""
