"""Celery: the bell that tells workers to look. The truth about work is in the database.

A message may be lost or doubled without harm, so the broker can be a folder of files, Redis
or RabbitMQ, by `CELERY_BROKER_URL` alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import Celery
from kombu import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

from config import env

#: The queue for everything that is no picture: sweeping, variants, bins.
UPKEEP = "gallery"
#: Seconds between looks at what credits end, come or run low.
WALLETS_EVERY = 60.0
#: And at who wants a copy of their data, or wants it erased.
PROMISES_EVERY = 60.0

#: And at which pictures are liked a lot.
TRENDS_EVERY = 600.0

env.choose_settings()
TRANSPORT_ALIASES["embedded"] = "config.broker:Transport"

# Django's task class brings `delay_on_commit`: no bell rings for a row that was rolled back.
app = Celery("limner", task_cls="celery.contrib.django.task:DjangoTask")
app.autodiscover_tasks()


def configuration() -> dict[str, Any]:
    """Celery's settings; a function, because Django's settings import this package first."""
    from django.conf import settings

    return {
        **_broker(settings.BROKER_URL, str(settings.BROKER_DIR)),
        "task_queues": [_queue(name) for name in (*settings.ENGINES, UPKEEP)],
        "task_default_queue": UPKEEP,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        "enable_utc": True,
        "timezone": settings.TIME_ZONE,
        "beat_schedule": schedule(settings.SWEEP_SECONDS),
    }


app.add_defaults(configuration)


def _queue(name: str) -> Queue:
    return Queue(name, Exchange(name, type="direct"), routing_key=name)


def _broker(url: str, folder: str) -> dict[str, Any]:
    # A bell that cannot ring must not hold up the person who submitted: the sweeper rings again.
    patience = {
        "task_publish_retry": False,
        "broker_connection_timeout": 2,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
    }
    if not url:
        options: dict[str, Any] = {"folder": folder, "polling_interval": 0.02}
        url = "embedded://localhost"
        return {"broker_url": url, "broker_transport_options": options, **patience}
    options = {}
    if url.startswith("redis"):
        # Redis gives back what a killed worker held after the visibility timeout, and looks
        # only every interval x throttle (by default 100 s): look each second instead.
        options = {
            "visibility_timeout": 3600,
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 2,
            "socket_timeout": 10,
        }
    return {"broker_url": url, "broker_transport_options": options, **patience}


def schedule(sweep_seconds: float) -> dict[str, Any]:
    """What happens by the clock. A missed tick is dropped, for the next one does the same."""
    day, hour = timedelta(days=1), timedelta(hours=1)
    return {
        "sweep": {
            "task": "generator.tasks.sweep",
            "schedule": sweep_seconds,
            "options": {"expires": 2 * sweep_seconds},
        },
        "refresh-trends": {
            "task": "gallery.tasks.refresh_trends",
            "schedule": TRENDS_EVERY,
            "options": {"expires": TRENDS_EVERY},
        },
        "tidy-search": {"task": "gallery.tasks.tidy_search", "schedule": day},
        "empty-bins": {"task": "gallery.tasks.empty_bins", "schedule": day},
        "remove-orphans": {"task": "gallery.tasks.remove_orphans", "schedule": day},
        "keep-wallets": {
            "task": "accounts.tasks.keep_wallets",
            "schedule": WALLETS_EVERY,
            "options": {"expires": WALLETS_EVERY},
        },
        "keep-promises": {
            "task": "accounts.tasks.keep_promises",
            "schedule": PROMISES_EVERY,
            "options": {"expires": PROMISES_EVERY},
        },
        "tend-webhooks": {"task": "generator.tasks.tend_webhooks", "schedule": hour},
        "rate-waiting": {
            "task": "gallery.tasks.rate_waiting",
            "schedule": timedelta(minutes=1),
            "options": {"expires": 60},
        },
        "tell": {
            "task": "gallery.tasks.tell",
            "schedule": timedelta(minutes=1),
            "options": {"expires": 60},
        },
        "forget-notices": {"task": "gallery.tasks.forget_notices", "schedule": day},
        "clear-away": {"task": "generator.tasks.clear_away", "schedule": hour},
        "forget-uploads": {"task": "gallery.tasks.forget_unused_uploads", "schedule": hour},
    }
