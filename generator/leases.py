"""Keeping leases alive while an engine is silent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import Error, connection

from generator import shutdown
from generator.models import Generation
from generator.models.generation import LeaseLost


class Heartbeat:
    """Renews the leases of a run from a thread, until the run ends.

    A lease that is lost is left alone: the run finds out with its next write. A database
    that does not answer is asked again with the next beat. After RUN_SECONDS it ends: an
    engine that hangs must not keep what it holds for ever.
    """

    def __init__(self, generations: Iterable[Generation]) -> None:
        self.generations = list(generations)
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._beat, name="leases", daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self.thread.join()

    def _beat(self) -> None:
        try:
            end = time.monotonic() + settings.RUN_SECONDS
            while not self.ended.wait(settings.LEASE_SECONDS / 4):
                if time.monotonic() > end:
                    shutdown.give_up()
                    return
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        for generation in self.generations:
            try:
                generation.hold()
            except LeaseLost:
                continue
            except Error:
                # A broken connection stays broken; the next beat opens another.
                connection.close()
