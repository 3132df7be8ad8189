"""From an API request to the key, and so the person, behind it."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import ApiKey


def bearer_token(request: HttpRequest) -> str | None:
    """The token of `Authorization: Bearer …`, the only place where one is read.

    Addresses end up in logs and histories, so `?api_key=` is never looked at.
    """
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None


def authenticate_key(request: HttpRequest) -> ApiKey | None:
    """The usable key that the request carries, with its user; None without one.

    Reads and sometimes writes the database: call it in a thread from async code.
    """
    return authenticate_token(bearer_token(request))


def authenticate_token(token: str | None) -> ApiKey | None:
    """The usable key that `token` spells; see `authenticate_key`."""
    key = ApiKey.objects.authenticate(token) if token else None
    if key:
        key.note_use()
    return key
