"""Reading what arrives on a socket, before anything is known of its sense."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

#: Characters of a message from who is not known yet: a greeting is short.
MAX_GREETING = 16 * 1024
#: A picture is one long text; lists of a million things fill the memory of whoever reads them.
MAX_VALUES = 50_000


class Unreadable(Exception):
    """A message that cannot be answered; the text is one sentence for its sender."""


def read(event: Mapping[str, Any], *, known: bool) -> Any:
    """The JSON in an ASGI message; `known` says whether its sender has greeted. Or `Unreadable`."""
    text = event.get("text")
    if text is None:
        raise Unreadable("Send text frames, not binary ones.")
    if not known and len(text) > MAX_GREETING:
        raise Unreadable("Greet with your key first.")
    if text.count(",") + text.count("[") + text.count("{") > MAX_VALUES:
        raise Unreadable("The message holds too many values.")
    try:
        # NaN is no JSON, but a field of a task that can be named: its rule refuses it.
        return json.loads(text)
    # Brackets may nest too deep, and a number may have too many digits, for Python to read.
    except (ValueError, RecursionError):
        raise Unreadable("The message is not JSON.") from None
