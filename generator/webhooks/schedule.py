"""When a delivery that failed is tried again, and when no more."""

from __future__ import annotations

#: Seconds after the first, second, … failed try; the whole takes a little over two days.
PAUSES = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600)
TRIES = len(PAUSES) + 1
#: A pause is longer or shorter by up to this share of itself, so that receivers that come
#: back are not met by everybody at once.
JITTER = 0.2
#: A receiver that asks for patience gets so many seconds of it at most.
LONGEST_ASKED = 3600.0


def pause(tries: int, chance: float, asked: float = 0.0) -> float | None:
    """Seconds until the next try after `tries` failed ones (1 or more); None: it was the last.

    `chance` from 0 to 1 places it within the jitter; `asked` are the seconds of a Retry-After.
    """
    if tries >= TRIES:
        return None
    spread = 1 + JITTER * (2 * chance - 1)
    return max(PAUSES[max(tries, 1) - 1] * spread, min(asked, LONGEST_ASKED))
