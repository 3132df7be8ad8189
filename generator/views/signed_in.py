"""The type of a request that came past the sign-in page."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedIn(HttpRequest):
    """For type checkers: the middleware let nobody else through."""

    user: User
    htmx: HtmxDetails
