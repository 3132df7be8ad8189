"""The one way out: every call to a provider and every download goes through here.

No proxies from the environment, no cookies, redirects only for downloads (each hop is
guarded anew), answers up to a size, an end in time for the whole exchange, and another try
by class of error: at once where nothing can have been bought, with full jitter, and as late
as the provider asks.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from generator.engines.remote import guard, verdicts
from generator.engines.remote.faults import Fault, Refused, Unavailable
from generator.engines.remote.transport import GuardedTransport, deadline
from generator.engines.remote.wire import Call

MEBIBYTE = 1024 * 1024
REDIRECTS = 3
HEADERS = {"User-Agent": "Limner", "Accept-Encoding": "identity"}


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes. `total` ends an exchange whatever still drips in."""

    connect: float = 10.0
    read: float = 60.0
    total: float = 300.0
    download: float = 60.0
    answer_bytes: int = 64 * MEBIBYTE
    picture_bytes: int = 32 * MEBIBYTE
    tries: int = 3
    pause: float = 0.5
    #: A provider that asks for more patience than this gets the work back in the queue.
    longest_pause: float = 8.0


@dataclass(frozen=True)
class Answer:
    """A response, whole. `said` is its JSON, None where it holds none."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def said(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


#: What an adapter reads out of a refusal, before the status is judged.
Explain = Callable[[int, Any], Fault | None]


class Client:
    """Talks to the provider that people know as `title`. Raises `Fault`, nothing else."""

    def __init__(
        self,
        title: str,
        limits: Limits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.title, self.limits = title, limits or Limits()
        self.sleep, self.jitter = sleep, jitter
        self.http = httpx.Client(
            transport=GuardedTransport(), trust_env=False, follow_redirects=False, headers=HEADERS
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.close()

    def ask(self, call: Call, explain: Explain, *, within: float = 0.0) -> Any:
        """The JSON that answers `call`, `within` so many seconds where they are given."""
        limits = self.limits
        read, total = (within, within) if within else (limits.read, limits.total)

        def once() -> Any:
            answer = self._exchange(call, read, total, limits.answer_bytes)
            said = answer.said
            verdicts.judge(self.title, answer.status, said, answer.headers, explain)
            if said is None:
                raise Unavailable(f"{self.title} answered with something that is not JSON.")
            return said

        return self._trying(once, repeatable=call.repeatable)

    def fetch(self, url: str) -> bytes:
        """The file at `url`, which a provider gave: no key goes there."""
        return self._trying(lambda: self._download(url), repeatable=True)

    def _download(self, url: str) -> bytes:
        for _ in range(REDIRECTS + 1):
            call = Call("GET", url)
            limits = self.limits
            answer = self._exchange(call, limits.read, limits.download, limits.picture_bytes)
            target = answer.headers.get("location")
            if not (300 <= answer.status < 400 and target):
                verdicts.judge_file(self.title, answer.status, answer.headers)
                return answer.body
            url = _next_hop(url, target)
        raise Refused(f"{self.title} sent us from one address to the next.")

    def _trying(self, once: Callable[[], Any], *, repeatable: bool) -> Any:
        tries = 0
        while True:
            try:
                return once()
            except Unavailable as fault:
                tries += 1
                pause = self._pause(fault, tries)
                again = repeatable or fault.unasked
                if not again or tries >= self.limits.tries or pause > self.limits.longest_pause:
                    raise
                self.sleep(pause)

    def _pause(self, fault: Unavailable, tries: int) -> float:
        return fault.wait + self.jitter(0.0, self.limits.pause * 2**tries)

    def _exchange(self, call: Call, read: float, total: float, most: int) -> Answer:
        guard.check_url(call.url)
        end = time.monotonic() + total
        token = deadline.set(end)
        timeout = httpx.Timeout(min(read, total), connect=min(self.limits.connect, total))
        try:
            with self.http.stream(
                call.method, call.url, json=call.json, headers=dict(call.headers), timeout=timeout
            ) as response:
                # However long an answer took to begin, what has begun must end soon.
                end = min(end, time.monotonic() + self.limits.download)
                deadline.set(end)
                body = self._body(response, most, end)
                return Answer(response.status_code, response.headers, body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise verdicts.of_transport(self.title, error) from None
        finally:
            deadline.reset(token)
            self.http.cookies.clear()

    def _body(self, response: httpx.Response, most: int, end: float) -> bytes:
        too_large = Refused(f"{self.title} sent more than {most // MEBIBYTE} MiB.", over=True)
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length) > most:
            raise too_large
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > most:
                raise too_large
            if time.monotonic() > end:
                raise httpx.ReadTimeout("the exchange took too long")
        return bytes(body)


def _next_hop(url: str, target: str) -> str:
    """Where a redirect leads; Refused when it gives up the encryption."""
    there = guard.check_url(str(httpx.URL(url).join(target)))
    if httpx.URL(url).scheme == "https" and there.scheme != "https":
        raise Refused("The picture's address leads from https to http.")
    return str(there)
