"""Which fault an answer is: what helps, who can mend it, and what may be told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from generator.engines.remote.faults import Blocked, Fault, Gone, Refused, Unavailable
from generator.engines.remote.patience import retry_after

#: Statuses after which nothing can have been bought.
_UNASKED = {425, 429, 503}
#: Seconds to leave a provider alone that does not say how long.
_BUSY = {429: 2.0, 503: 1.0}
_MOST = 160
#: What may be a key: a long word, or one with a digit or a star after a telling word.
_SECRET = re.compile(
    r"(?i)\b(?:sk|pk|key|bearer|token|limner)[-_ :=]+(?=[\w.*-]*[\d*])[\w*-]{6,}|[\w-]{32,}"
)


def judge(
    title: str,
    status: int,
    said: Any,
    headers: Mapping[str, str],
    explain: Callable[[int, Any], Fault | None],
) -> None:
    """Raise the fault that an answer is, if it is one."""
    if said is not None:
        fault = explain(status, said)
        if fault:
            raise fault
    if status < 300:
        return
    if status < 400:
        raise Refused(f"{title} answered with a redirect; its address must be set exactly.")
    if status in {408, 409, 425, 429} or status >= 500:
        raise _busy(title, status, headers)
    kind = Gone if status in {404, 410} else Refused
    # About our account their words are for us, and confuse whoever asked for a picture.
    words = "" if status in {401, 402} else _said(said)
    raise kind(_refusals(title, status) + words)


def judge_file(title: str, status: int, headers: Mapping[str, str]) -> None:
    """Raise the fault that the answer to a download is."""
    if status == 200:
        return
    if status in {408, 425, 429} or status >= 500:
        raise _busy(title, status, headers)
    # The picture is paid and gone: only another one helps.
    raise Unavailable(f"{title} did not hand out the picture it made ({status}).", over=True)


def of_transport(title: str, error: Exception) -> Fault:
    """What an exception of httpx means; its own text may hold addresses."""
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Unavailable(f"{title} could not be reached.", unasked=True)
        case httpx.TimeoutException():
            return Unavailable(f"{title} did not answer in time.")
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Blocked()
    return Unavailable(f"{title} broke the connection off.")


def tell(text: object) -> str:
    """A provider's own words, fit to be shown: one line, short, without what may be a key."""
    if not isinstance(text, str):
        return ""
    line = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[:1000])
    line = _SECRET.sub("…", " ".join(line.split()))
    return line if len(line) <= _MOST else line[: _MOST - 1] + "…"


def _busy(title: str, status: int, headers: Mapping[str, str]) -> Unavailable:
    wait = retry_after(headers) or _BUSY.get(status, 0.0)
    words = "is busy" if status in {408, 409, 425, 429, 503} else "failed"
    return Unavailable(f"{title} {words} ({status}).", wait=wait, unasked=status in _UNASKED)


def _refusals(title: str, status: int) -> str:
    return {
        401: f"{title} does not accept our key; whoever runs this server must renew it.",
        402: f"Our account with {title} has no credit left.",
        403: f"{title} does not allow this with our key.",
        404: f"{title} does not know this address or model.",
        410: f"{title} does not know this address or model.",
    }.get(status, f"{title} refused the request ({status}).")


def _said(said: Any) -> str:
    """What the body says in one of the usual places, as an addition to our sentence."""
    if not isinstance(said, dict):
        return ""
    error = said.get("error")
    nested = error.get("message") if isinstance(error, dict) else error
    words = tell(nested or said.get("message") or said.get("detail"))
    return f" It says: {words}" if words else ""
