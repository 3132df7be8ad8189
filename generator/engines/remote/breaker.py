"""Leaving a provider alone that fails again and again.

One breaker per provider and process: five faults in a row open it. After a pause one call
may try (half-open); its success closes the breaker, its fault opens it for another pause.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache

FAILURES = 5
#: Seconds.
PAUSE = 30.0


class Breaker:
    """Counts the faults of one provider, by `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.failures = 0
        self.tries_at = 0.0
        self.lock = threading.Lock()

    def wait(self) -> float:
        """0 when a call may go now, else the seconds until one may.

        A call that goes out of the pause is the probe: until it ends, or `PAUSE` passed
        without an answer of it, the others wait.
        """
        with self.lock:
            if self.failures < FAILURES:
                return 0.0
            now = self.clock()
            if now < self.tries_at:
                return self.tries_at - now
            self.tries_at = now + PAUSE
            return 0.0

    def succeeded(self) -> None:
        with self.lock:
            self.failures = 0

    def failed(self) -> None:
        with self.lock:
            self.failures += 1
            if self.failures >= FAILURES:
                self.tries_at = self.clock() + PAUSE


@cache
def breaker_of(address: str) -> Breaker:
    """The breaker of this process for the provider at `address`."""
    return Breaker()
