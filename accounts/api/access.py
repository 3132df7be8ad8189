"""Who may call the API: Bearer keys, their scopes and how often they may ask.

A session cookie opens nothing here. A browser would send it along with what another site
made it send, and then every call that changes something would need a CSRF token.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest
from ninja.security import HttpBearer

from accounts.api.answers import refusal
from accounts.authentication import authenticate_token, bearer_token
from accounts.models import ApiKey, Scope, User
from accounts.throttling import count_request, count_wrong_key

TOO_OFTEN = "Too many requests; try again in {seconds} s."


class BearerKey(HttpBearer):
    """Lets a request pass whose key allows `scope`; `request.auth` is then the key."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> ApiKey | None:
        return admit(request, bearer_token(request), self.scope)

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """Part of the base class; `__call__` needs the whole request and does without it."""
        return self(request)


def admit(request: HttpRequest, token: str | None, scope: Scope) -> ApiKey | None:
    """The key that `token` spells, if it opens anything; wherever `request` carried it.

    Counts the request. Raises an `ApiError` when that is too often, or `scope` is lacking.
    """
    key = authenticate_token(token)
    if key is None:
        if token:
            _count_wrong(request)
        return None
    turn = count_request(key)
    request.turn = turn  # type: ignore[attr-defined]
    if not turn.allowed:
        raise refusal(429, TOO_OFTEN.format(seconds=turn.retry_after))
    require(key, scope)
    return key


def require(key: ApiKey, scope: Scope) -> None:
    """Raises an `ApiError` when `key` lacks `scope`."""
    if not key.allows(scope):
        raise refusal(403, f"This key may not do that: it lacks the scope “{scope}”.")


may_read = BearerKey(Scope.READ)
may_generate = BearerKey(Scope.GENERATE)
may_change = BearerKey(Scope.GALLERY)
may_administer = BearerKey(Scope.ADMIN)


def key_of(request: HttpRequest) -> ApiKey:
    """The key that was let through."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def caller(request: HttpRequest) -> User:
    """The person behind the key that was let through."""
    user: User = key_of(request).user
    return user


def staff_with(request: HttpRequest, permission: str) -> User:
    """The caller, if a member of staff who holds "accounts.action_model"; else 404 or 403."""
    user = caller(request)
    if not user.is_staff:
        raise Http404
    if not user.has_perm(permission):
        raise refusal(403, "Your role among the staff may not do that.")
    return user


def _count_wrong(request: HttpRequest) -> None:
    turn = count_wrong_key(request)
    if not turn.allowed:
        raise refusal(429, TOO_OFTEN.format(seconds=turn.retry_after), turn.headers())
