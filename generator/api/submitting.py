"""From an HTTP request to a queued generation: body, key, order."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from accounts.api.access import caller, key_of
from accounts.api.answers import ApiError, refusal
from accounts.api.reading import read_object
from accounts.models import Team, User, Wallet
from generator.api.problems import DECLINED, problem_of, retry_after
from generator.contract import InvalidRequest
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
        wish = native.read(payload, defaults(payload, caller(request)))
        terms = native.terms(payload)
        order = Order(
            owner=caller(request),
            request=wish,
            omitted=native.omitted(payload),
            dialect=native.name,
            wire=native.keep(payload),
            idempotency_key=key,
            fingerprint=fingerprint(payload),
            key=key_of(request),
            payer=payer(caller(request), terms.wallet),
            project=terms.project,
        )
        return submit(order)
    except DECLINED as error:
        raise declined(error) from None


def payer(user: User, wallet_id: int | None) -> Wallet | None:
    """The wallet with this id, which `user` may at least see; None for their own.

    InvalidRequest when there is none. Whether they may spend from it, the charge decides.
    """
    if wallet_id is None:
        return None
    seen = Q(owner=user) | Q(team__in=Team.objects.of(user))
    found = Wallet.objects.filter(seen, pk=wallet_id).first()
    if found is None:
        raise InvalidRequest({"wallet": ["You have no wallet with this id."]})
    return found


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
    try:
        written = json.dumps(payload, sort_keys=True)
    except RecursionError:
        # Writing takes a little more of the stack than reading did.
        raise refusal(400, "The body is nested too deep.") from None
    return hashlib.sha256(written.encode()).hexdigest()
