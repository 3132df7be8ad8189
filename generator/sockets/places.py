"""How many WebSockets one person holds open: each takes memory, and looks at the database."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator

from generator.sockets.ending import TOO_OFTEN, Closed

#: Of one person, in one process.
MOST = 100
_taken: Counter[int] = Counter()


@contextlib.contextmanager
def place_of(user_id: int) -> Iterator[None]:
    """One of a person's places, for as long as it is used; raises `Closed` when none is left."""
    if _taken[user_id] >= MOST:
        raise Closed(TOO_OFTEN, f"At most {MOST} connections at a time; close some.")
    _taken[user_id] += 1
    try:
        yield
    finally:
        _taken[user_id] -= 1
        if not _taken[user_id]:
            del _taken[user_id]
