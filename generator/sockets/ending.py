"""How our WebSockets end, and the words of ASGI that all of them use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: RFC 6455: something unexpected happened on our side; a client may come again.
FAULT = 1011
#: Close codes of ours (4000..4999 are for applications), after HTTP's.
UNAUTHENTICATED, FORBIDDEN, UNKNOWN_PATH, TOO_LARGE, TOO_OFTEN = 4401, 4403, 4404, 4413, 4429

Connection = Mapping[str, Any]
Channel = Callable[..., Any]


class Closed(Exception):
    """The connection is to end with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(code, reason)
