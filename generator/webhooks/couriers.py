"""Those who carry the outbox out: a few threads of a worker, each as long as something is due.

A receiver that answers slowly holds one of them and no painter. Who dies on the way is missed
when the lease ends, and the next one sends the same message again.
"""

from __future__ import annotations

import logging
import random
import threading
import time

from django.db import connections, transaction

from accounts.sealing import Unreadable
from generator import shutdown
from generator.models import WebhookAttempt, WebhookDelivery, WebhookState
from generator.models.webhook import PATIENCE
from generator.models.webhook_delivery import MAX_EXCERPT
from generator.webhooks import notices, payloads, schedule, sending, signing
from generator.webhooks.sending import GONE, Reply

logger = logging.getLogger("limner.webhooks")

#: Threads of one worker process.
COURIERS = 8
_lock = threading.Lock()
_out = 0


def send_out() -> None:
    """Send couriers for what is due, as far as some are left; does not wait for them."""
    global _out
    wanted = WebhookDelivery.objects.due()[:COURIERS].count()
    with _lock:
        sent = max(0, min(wanted, COURIERS - _out))
        _out += sent
    for _ in range(sent):
        threading.Thread(target=_go_round, name="courier", daemon=True).start()


def _go_round() -> None:
    global _out
    try:
        while not shutdown.requested() and deliver_next():
            pass
    except Exception:
        logger.exception("a courier was lost; what it carried is sent again")
    finally:
        with _lock:
            _out -= 1
        connections.close_all()


def deliver_next() -> bool:
    """Claim one delivery that is due, send it and write down the answer; False when none is."""
    delivery = WebhookDelivery.objects.claim()
    if delivery is None:
        return False
    _settle(delivery, _send(delivery))
    return True


def _send(delivery: WebhookDelivery) -> Reply | None:
    """What the receiver answered; None when there is nothing to tell any more."""
    body = payloads.body(delivery)
    if body is None:
        return None
    try:
        secrets = delivery.webhook.secrets() if delivery.webhook else []
    except Unreadable:
        return Reply(None, "Its secret cannot be read any more: make a new one.")
    now = int(time.time())
    headers = signing.headers(secrets, delivery.message_id, now, body) if secrets else {}
    return sending.post(delivery.address, body, headers)


def _settle(delivery: WebhookDelivery, reply: Reply | None) -> None:
    given_up = False
    with transaction.atomic():
        if reply is None:
            delivery.finish(WebhookState.FAILED)
            return
        if reply.failure:
            wait = schedule.pause(delivery.tries, random.random(), reply.wait)  # noqa: S311
            gone = reply.status == GONE
            given_up = wait is None or gone
            ours = delivery.finish(WebhookState.FAILED) if given_up else _again(delivery, wait)
        else:
            ours = delivery.finish(WebhookState.DELIVERED)
        if ours:
            _log(delivery, reply)
    _judge(delivery, reply, given_up=given_up)


def _again(delivery: WebhookDelivery, wait: float | None) -> bool:
    return delivery.put_off(wait or 0.0)


def _log(delivery: WebhookDelivery, reply: Reply) -> None:
    WebhookAttempt.objects.create(
        delivery=delivery,
        status=reply.status,
        failure=reply.failure[:120],
        milliseconds=reply.milliseconds,
        excerpt=reply.excerpt[:MAX_EXCERPT],
    )


def _judge(delivery: WebhookDelivery, reply: Reply, *, given_up: bool) -> None:
    """What this tells of the webhook: it works, it fails, or nobody wants it any more."""
    webhook = delivery.webhook
    if webhook is None:
        return
    if not reply.failure:
        webhook.note_success()
        return
    webhook.note_failure()
    if reply.status == GONE:
        stopped = webhook.stop("The receiver answered 410: it wants no more.")
    else:
        why = "Nothing arrived for three days."
        stopped = given_up and webhook.stop(why, failing_for=PATIENCE)
    if stopped:
        notices.tell_all()
