"""How often somebody may ask: token buckets, kept in Django's cache.

A bucket holds `burst` tokens and regains `per_second` of them. Within one process the
count is exact; two web hosts that share a cache and ask in the same instant may both be
served by one token, which costs less than a lock between hosts would.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import ApiKey

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Limit:
    """`burst` requests at once, and `per_second` in the long run."""

    name: str
    burst: int
    per_second: float


@dataclass(frozen=True)
class Turn:
    """The answer to "may I?", with what the client should be told."""

    allowed: bool
    limit: int
    remaining: int
    # Whole seconds until the next token; 0 when allowed.
    retry_after: int

    def headers(self) -> dict[str, str]:
        """Rate-limit headers for the answer, and Retry-After when it is a refusal."""
        told = {"RateLimit-Limit": str(self.limit), "RateLimit-Remaining": str(self.remaining)}
        if not self.allowed:
            told["Retry-After"] = str(self.retry_after)
        return told


#: Keys have 256 random bits, so this guards the database, not the keys.
WRONG_KEYS = Limit("wrong-key", burst=300, per_second=5)


def count_request(key: ApiKey) -> Turn:
    """One API request made with `key`; more keys are no more requests for their owner."""
    limit = Limit("api", settings.API_BURST, settings.API_REQUESTS_PER_SECOND)
    return take(limit, str(key.user_id))


def count_wrong_key(request: HttpRequest) -> Turn:
    """One request whose key opened nothing; counted for its network address."""
    return take(WRONG_KEYS, neighbourhood(client_address(request)))


def take(limit: Limit, who: str, *, now: float | None = None) -> Turn:
    """Take a token from the bucket of `who`; `now` is in seconds since 1970."""
    now = time.time() if now is None else now
    key = f"bucket:{limit.name}:{who}"
    with _one_at_a_time:
        tokens, then = cache.get(key) or (float(limit.burst), now)
        tokens = min(limit.burst, tokens + max(0.0, now - then) * limit.per_second)
        allowed = tokens >= 1
        tokens -= allowed
        # A bucket that nobody asks for is full again after this time.
        cache.set(key, (tokens, max(now, then)), math.ceil(limit.burst / limit.per_second) + 1)
    missing = 0 if allowed else max(1, math.ceil((1 - tokens) / limit.per_second))
    return Turn(allowed, limit.burst, int(tokens), missing)


def client_address(request: HttpRequest) -> str:
    """The address that our outermost trusted proxy saw, or the peer's own.

    Each proxy appends to X-Forwarded-For, so only the last TRUSTED_PROXIES entries were
    written by machines we trust; what stands before them anybody can forge.
    """
    peer = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104  a name, nothing is bound
    if not settings.TRUSTED_PROXIES:
        return peer
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    address = said[-min(settings.TRUSTED_PROXIES, len(said))]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return peer


def neighbourhood(address: str) -> str:
    """What counts as one visitor: an IPv4 address, or an IPv6 /64, which one household has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)
