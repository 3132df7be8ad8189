"""From an HTTP request to a queued generation: body, key, order."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from accounts.api.access import caller
from accounts.api.answers import ApiError, refusal
from accounts.api.reading import read_object
from accounts.models import User
from generator.api.problems import DECLINED, problem_of, retry_after
from generator.dialects import Defaults, native
from generator.models import EngineModel, Generation
from generator.models.idempotency import MAX_LENGTH
from generator.submission import Order, submit

IDEMPOTENCY_KEY = "Idempotency-Key"
#: Random seeds stay short enough to be read out and typed again.
RANDOM_SEEDS = 2**32


def submit_body(request: HttpRequest) -> Generation:
    """Queue what the body asks for, or raise the `ApiError` that says why not."""
    key = idempotency_key(request)
    payload = read_object(request)
    try:
        order = Order(
            owner=caller(request),
            request=native.read(payload, defaults(payload, caller(request))),
            omitted=native.omitted(payload),
            dialect=native.name,
            wire=native.keep(payload),
            idempotency_key=key,
            fingerprint=fingerprint(payload),
        )
        return submit(order)
    except DECLINED as error:
        raise declined(error) from None


def declined(error: Exception) -> ApiError:
    """The native answer to an error of `DECLINED`."""
    status, body = native.refuse(problem_of(error))
    return ApiError(status, body, retry_after(error))


def defaults(payload: Mapping[str, Any], user: User) -> Defaults:
    """What an omitted seed and model mean now; a model that was named is not looked for."""
    model = ""
    if payload.get("model") is None:
        offered = EngineModel.objects.offered_to(user)
        model = offered.values_list("slug", flat=True).first() or ""
    return Defaults(model=model, seed=secrets.randbelow(RANDOM_SEEDS))


def idempotency_key(request: HttpRequest) -> str | None:
    """The key the client sent, None without one; an `ApiError` when it cannot be one."""
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is not None and not (0 < len(key) <= MAX_LENGTH and key.isprintable()):
        raise refusal(400, f"An {IDEMPOTENCY_KEY} has 1 to {MAX_LENGTH} printable characters.")
    return key


def fingerprint(payload: Mapping[str, Any]) -> str:
    """Equal for bodies that say the same, whatever the order of their fields."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
