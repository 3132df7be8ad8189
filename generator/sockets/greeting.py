"""Who greets on PicFinder's socket: `newConnection` and the key in it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from http import HTTPMethod
from typing import Any
from urllib.parse import parse_qs

from django.core.handlers.asgi import ASGIRequest

from accounts.api.access import admit
from accounts.api.answers import ApiError
from accounts.models import ApiKey, Scope
from generator.api.problems import problem_of
from generator.dialects import Problem
from generator.sockets.ending import Connection

WRONG_KEY = Problem(status=401, code="unauthenticated", message="Invalid API key")
ANOTHER = Problem(
    status=403, code="forbidden", message="This connection is another account's; open a new one."
)


def admitted(scope: Connection, token: object, before: ApiKey | None) -> ApiKey | Problem:
    """The key that `token` spells, or why it opens nothing.

    A connection stays with the account of the key that it had `before`.
    """
    request = ASGIRequest({**scope, "method": HTTPMethod.GET.value}, io.BytesIO())
    try:
        key = admit(request, token if isinstance(token, str) else None, Scope.GENERATE)
    except ApiError as error:
        return problem_of(error)
    if key is None:
        return WRONG_KEY
    return ANOTHER if before and before.user_id != key.user_id else key


def wants_costs(scope: Connection) -> bool:
    """Whether pictures are to say what they cost: `/v1?includeCost=1`.

    One SDK of the service stumbles over the field, and a later one stumbles without it.
    """
    query: Mapping[str, Any] = parse_qs(scope["query_string"].decode("latin-1"))
    return query.get("includeCost", ["0"])[-1].lower() in ("1", "true", "yes")
