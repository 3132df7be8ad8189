"""Telling workers that there is work. A lost ring is rung again by the sweeper."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger("limner.doorbell")

#: By name, since the task itself rings on.
WORK = "generator.tasks.work"
DELIVER = "generator.tasks.deliver"


def ring(engine: str) -> None:
    """Wake a worker of `engine`. A broker that is down delays the work and loses nothing."""
    try:
        current_app.send_task(WORK, args=[engine], queue=engine, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("the broker did not take a bell for %s: %s", engine, error)


def ring_couriers() -> None:
    """Have webhooks that are due sent out; the sweeper looks too."""
    try:
        current_app.send_task(DELIVER, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("the broker did not take a bell for webhooks: %s", error)
