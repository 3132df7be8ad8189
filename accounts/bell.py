"""Telling a worker that somebody was promised something. A lost ring costs a minute."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger("limner.accounts")

#: By name: the task uses the modules that ring.
PROMISES = "accounts.tasks.keep_promises"


def ring() -> None:
    """Have a worker look at who wants a copy of their data, or wants it erased."""
    try:
        current_app.send_task(PROMISES, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("the broker did not take a bell: %s", error)
