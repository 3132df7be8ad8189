"""Headers of every answer that no middleware of Django's sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

#: A view that must say otherwise sets the header itself.
DEFAULTS = {
    # Most pages are somebody's own: no cache on the way may keep one for another.
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@sync_and_async_middleware
def default_headers(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: `DEFAULTS`, where the view has not set them."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            answer: Awaitable[HttpResponseBase] = get_response(request)
            return _dress(await answer)

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        return _dress(get_response(request))

    return now


def _dress(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in DEFAULTS.items():
        response.headers.setdefault(name, value)
    return response
