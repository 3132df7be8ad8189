"""One POST to a receiver: guarded, without redirects, with an end in time, little of it read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from generator.engines.remote import guard
from generator.engines.remote.faults import Blocked, Unavailable
from generator.engines.remote.patience import retry_after
from generator.engines.remote.transport import GuardedTransport, deadline

#: Seconds for a whole exchange; receivers answer first and work afterwards.
PATIENCE = 15.0
CONNECT_PATIENCE = 5.0
#: Bytes of an answer that are read at most.
MAX_ANSWER = 4096
HEADERS = {"User-Agent": "Limner", "Accept-Encoding": "identity", "Connection": "close"}
#: Nobody wants to hear more there.
GONE = 410


@dataclass(frozen=True)
class Reply:
    """What became of a POST. `failure` is empty when it was taken; `wait` are seconds asked for."""

    status: int | None
    failure: str = ""
    excerpt: str = field(default="", repr=False)
    wait: float = 0.0
    milliseconds: int = 0


def post(url: str, body: bytes, headers: Mapping[str, str], patience: float = PATIENCE) -> Reply:
    """Send `body` (JSON) to `url` within so many seconds; never raises for what others do."""
    began = time.monotonic()
    try:
        status, told, answered = _exchange(url, body, headers, patience)
    except (httpx.HTTPError, httpx.InvalidURL, Blocked, Unavailable) as error:
        return Reply(None, _reason(error), milliseconds=_since(began))
    failure = _judge(status)
    wait = retry_after(answered) if failure else 0.0
    return Reply(status, failure, _readable(told), wait, _since(began))


def _exchange(
    url: str, body: bytes, headers: Mapping[str, str], patience: float
) -> tuple[int, bytes, Mapping[str, str]]:
    guard.check_url(url)
    token = deadline.set(time.monotonic() + patience)
    timeout = httpx.Timeout(patience, connect=min(CONNECT_PATIENCE, patience))
    told = {**HEADERS, "Content-Type": "application/json", **headers}
    try:
        with (
            httpx.Client(transport=GuardedTransport(), trust_env=False) as client,
            client.stream("POST", url, content=body, headers=told, timeout=timeout) as response,
        ):
            return response.status_code, _beginning(response), response.headers
    finally:
        deadline.reset(token)


def _beginning(response: httpx.Response) -> bytes:
    """The first bytes of the answer, or none: what it says is for the log alone."""
    read = bytearray()
    try:
        for chunk in response.iter_raw():
            read += chunk
            if len(read) >= MAX_ANSWER:
                break
    except httpx.HTTPError:
        return bytes(read[:MAX_ANSWER])
    return bytes(read[:MAX_ANSWER])


def _judge(status: int) -> str:
    """Why `status` is no success, in one sentence; empty for 2xx."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "It answered with a redirect, which is not followed."
    return f"It answered with {status}."


def _reason(error: Exception) -> str:
    match error:
        case Blocked():
            return "This address is not allowed."
        case Unavailable():
            return error.reason
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return "It could not be reached."
        case httpx.TimeoutException():
            return "It did not answer in time."
    return "It broke the connection off."


def _readable(told: bytes) -> str:
    """One line without control characters, for a log that people read."""
    text = told.decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
