"""Celery's way in. Each task says "look"; the rows say what there is to do."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_shutting_down
from django.conf import settings

from generator import buckets, delivery, doorbell, execution, scheduling, shutdown
from generator.models import Generation, PictureDelivery, WebhookDelivery
from generator.webhooks import couriers, notices


@shared_task(ignore_result=True)
def work(engine: str) -> None:
    """Run what is due for `engine`, then wake a worker for what is left."""
    if shutdown.requested() or not execution.work(engine):
        return
    if Generation.objects.due(engine).exists():
        doorbell.ring(engine)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Mend what faults left behind; see docs/architecture.md."""
    rescued = scheduling.rescue()
    scheduling.expire()
    scheduling.stop_closed_accounts()
    scheduling.stop_lost_wallets()
    scheduling.forget_old_keys()
    delivery.give_up_hopeless()
    delivery.send_due()
    patience = min(scheduling.BELL_PATIENCE, 2 * settings.SWEEP_SECONDS)
    for engine in rescued | scheduling.unheard(patience):
        doorbell.ring(engine)
    deliver()


@shared_task(ignore_result=True)
def deliver() -> None:
    """Send out what webhooks are due."""
    if not shutdown.requested():
        couriers.send_out()


@shared_task(ignore_result=True)
def tend_webhooks() -> None:
    """End and forget what lies in the outbox for too long; tell whose webhook was switched off."""
    WebhookDelivery.objects.give_up_stale()
    WebhookDelivery.objects.forget_old()
    PictureDelivery.objects.forget_old()
    notices.tell_all()


@shared_task(ignore_result=True)
def clear_away() -> None:
    """Bin pictures that were asked for by ModelsLab's programs to last a day."""
    buckets.clear_away()


@worker_init.connect
def begin(**_unused: Any) -> None:
    shutdown.begin()


@worker_shutting_down.connect
def stop(**_unused: Any) -> None:
    shutdown.request()
