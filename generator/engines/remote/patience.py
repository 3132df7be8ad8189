"""How long a provider asks us to wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

#: Longer than this, in seconds, is taken for this.
LONGEST = 86400.0


def retry_after(headers: Mapping[str, str]) -> float:
    """The `Retry-After` in seconds: a number or a date; 0 when there is none."""
    value = headers.get("retry-after", "")
    try:
        return _within(float(value))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return _within((moment - dt.datetime.now(dt.UTC)).total_seconds())


def _within(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST) if seconds == seconds else 0.0
