"""What is done about receivers that fail, hang, lead elsewhere or want no more."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core import mail
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from accounts.models import User
from generator import tasks
from generator.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookState
from generator.webhooks import couriers, schedule, sending
from tests.factories import make_user
from tests.generator.remote.provider import Says
from tests.generator.webhooks.receiving import (
    Receiver,
    deliver_all,
    fail_until_given_up,
    let_time_pass,
    make_due,
    make_webhook,
    verified,
)
from tests.waiting import until

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(alice: User, receiver: Receiver) -> Webhook:
    return make_webhook(alice, receiver.url)


@pytest.fixture
def delivery(webhook: Webhook) -> WebhookDelivery:
    """Something to tell."""
    return WebhookDelivery.test(webhook)


def test_a_failure_is_tried_again_under_the_same_id(webhook, delivery, receiver) -> None:
    receiver.says = Says({}, status=500)
    assert couriers.deliver_next()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (WebhookState.PENDING, 1)
    assert delivery.due_at > timezone.now()
    make_due(delivery)
    receiver.says = Says({}, status=204)
    assert couriers.deliver_next()
    delivery.refresh_from_db()
    assert delivery.state == WebhookState.DELIVERED
    first, second = receiver.seen
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == delivery.message_id
    assert [attempt.status for attempt in delivery.attempts.all()] == [500, 204]


def test_it_is_given_up_after_the_last_pause(webhook, delivery, receiver) -> None:
    receiver.says = Says({}, status=503)
    assert fail_until_given_up(delivery) == schedule.TRIES
    assert delivery.state == WebhookState.FAILED
    assert Webhook.objects.get().enabled


def test_who_asks_for_patience_gets_it(webhook, delivery, receiver) -> None:
    receiver.says = Says({}, status=429, headers={"Retry-After": "600"})
    couriers.deliver_next()
    delivery.refresh_from_db()
    assert delivery.due_at > timezone.now() + dt.timedelta(seconds=500)


def test_a_redirect_is_a_failure_and_not_followed(webhook, delivery, receiver) -> None:
    receiver.says = Says({}, status=302, headers={"Location": f"{receiver.provider.url}/other"})
    couriers.deliver_next()
    assert receiver.provider.paths == ["POST /hook"]
    assert "redirect" in WebhookAttempt.objects.get().failure


def test_410_switches_it_off_and_its_owner_is_told_once(webhook, delivery, receiver) -> None:
    receiver.says = Says({}, status=410)
    couriers.deliver_next()
    webhook.refresh_from_db()
    assert not webhook.enabled
    assert "410" in webhook.stopped_because
    tasks.tend_webhooks()
    assert [message.to for message in mail.outbox] == [["alice@example.org"]]
    assert receiver.url in mail.outbox[0].body


def test_days_without_a_success_switch_it_off_with_one_mail(webhook, receiver) -> None:
    receiver.says = Says({}, status=500)
    since = timezone.now() - dt.timedelta(days=3, minutes=1)
    Webhook.objects.update(failing_since=since)
    fail_until_given_up(WebhookDelivery.test(webhook))
    tasks.tend_webhooks()
    tasks.tend_webhooks()
    assert not Webhook.objects.get().enabled
    assert len(mail.outbox) == 1


def test_a_success_forgets_the_failures_before(webhook, delivery, receiver) -> None:
    webhook.note_failure()
    couriers.deliver_next()
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_switching_it_on_again_begins_anew(webhook, alice) -> None:
    webhook.note_failure()
    webhook.stop("nobody listened")
    webhook.change(alice, enabled=True)
    assert (webhook.enabled, webhook.failing_since, webhook.stopped_at) == (True, None, None)


def test_a_mail_that_cannot_leave_is_sent_at_the_next_look(webhook, settings) -> None:
    webhook.stop("nobody listened")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    tasks.tend_webhooks()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.tend_webhooks()
    assert len(mail.outbox) == 1


def test_a_receiver_that_drips_is_cut_off(receiver) -> None:
    stopped = threading.Event()

    def drip(handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(200):
            handler.wfile.write(b"X-A: b\r\n")
            handler.wfile.flush()
            stopped.wait(0.05)

    receiver.says = Says(raw=drip)
    reply = sending.post(receiver.url, b"{}", {}, 0.4)
    stopped.set()
    assert reply.status is None
    assert reply.failure == "It did not answer in time."


def test_only_the_beginning_of_an_answer_is_kept(delivery, receiver) -> None:
    receiver.says = Says(b"x" * 2_000_000)
    couriers.deliver_next()
    assert WebhookAttempt.objects.get().excerpt == "x" * 1000


def test_an_answer_cannot_write_control_characters_into_the_log(delivery, receiver) -> None:
    receiver.says = Says(b"a\x1b[31m\r\nERROR \x00\xff")
    couriers.deliver_next()
    assert WebhookAttempt.objects.get().excerpt.isprintable()


def test_nothing_of_ours_is_sent_along(delivery, receiver) -> None:
    receiver.says = Says({}, headers={"Set-Cookie": "a=b"})
    couriers.deliver_next()
    headers = receiver.seen[0].headers
    assert {"authorization", "cookie", "referer"}.isdisjoint(headers)
    assert headers["content-type"] == "application/json"


def test_for_a_day_after_a_rotation_both_secrets_sign(webhook, delivery, receiver, alice) -> None:
    old = webhook.reveal()
    new = webhook.rotate(alice)
    couriers.deliver_next()
    for secret in (old, new):
        assert verified(receiver.seen[0], secret)["type"] == "webhook.test"


def test_a_day_after_a_rotation_the_old_secret_signs_no_more(webhook, receiver, alice) -> None:
    webhook.rotate(alice)
    Webhook.objects.update(old_secret_until=timezone.now() - dt.timedelta(seconds=1))
    WebhookDelivery.test(webhook)
    couriers.deliver_next()
    assert len(receiver.seen[0].headers["webhook-signature"].split()) == 1


def test_a_secret_is_no_plain_text_in_the_database(webhook) -> None:
    assert webhook.reveal() not in str(Webhook.objects.values().get())


def test_another_secret_key_fails_with_words_that_help(delivery, receiver, settings) -> None:
    settings.SECRET_KEY = "another one, as long as it must be to be one"
    couriers.deliver_next()
    assert receiver.seen == []
    assert "make a new one" in WebhookAttempt.objects.get().failure


def test_a_slow_receiver_of_one_person_holds_up_nobody_else(webhook, alice, receiver) -> None:
    for _ in range(5):
        WebhookDelivery.test(webhook)
    WebhookDelivery.test(make_webhook(make_user(), receiver.url))
    claims = [WebhookDelivery.objects.claim() for _ in range(4)]
    owners = [claim.owner == alice for claim in claims if claim]
    assert sorted(owners) == [False, True, True]


def test_a_courier_that_died_is_missed_and_the_next_sends_the_same(delivery, receiver) -> None:
    assert WebhookDelivery.objects.claim() == delivery
    assert deliver_all() == 0
    make_due(delivery)
    assert deliver_all() == 1
    assert receiver.seen[0].headers["webhook-id"] == delivery.message_id


def test_what_every_courier_dies_of_is_given_up_in_the_end(delivery) -> None:
    for _ in range(schedule.TRIES):
        tasks.tend_webhooks()
        assert WebhookDelivery.objects.claim() == delivery
        make_due(delivery)
    assert WebhookDelivery.objects.claim() is None
    tasks.tend_webhooks()
    delivery.refresh_from_db()
    assert delivery.state == WebhookState.FAILED


def test_a_courier_that_comes_back_too_late_changes_nothing(delivery) -> None:
    late = WebhookDelivery.objects.claim()
    make_due(delivery)
    again = WebhookDelivery.objects.claim()
    assert again.finish(WebhookState.DELIVERED)
    assert not late.put_off(5)
    delivery.refresh_from_db()
    assert delivery.state == WebhookState.DELIVERED


def test_what_was_sent_a_month_ago_is_forgotten(webhook, delivery, receiver) -> None:
    couriers.deliver_next()
    let_time_pass(delivery, days=31)
    young = WebhookDelivery.test(webhook)
    tasks.tend_webhooks()
    assert list(WebhookDelivery.objects.all()) == [young]
    assert not WebhookAttempt.objects.exists()


def test_what_may_not_be_sent_any_more_ends_some_day(webhook, delivery, alice) -> None:
    webhook.change(alice, enabled=False)
    let_time_pass(delivery, days=4)
    tasks.tend_webhooks()
    delivery.refresh_from_db()
    assert delivery.state == WebhookState.FAILED


@profile(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(statuses=st.lists(st.sampled_from([200, 204, 301, 400, 404, 500, 503]), max_size=9))
def test_whatever_is_answered_it_is_delivered_exactly_when_2xx_came(
    statuses: list[int], receiver: Receiver, webhook: Webhook
) -> None:
    delivery = WebhookDelivery.test(webhook)
    for status in statuses:
        receiver.says = Says({}, status=status)
        couriers.deliver_next()
        make_due_if_pending(delivery)
    delivery.refresh_from_db()
    seen = list(delivery.attempts.values_list("status", flat=True))
    taken = next((n for n, status in enumerate(statuses) if status < 300), None)
    assert seen == (statuses if taken is None else statuses[: taken + 1])
    assert (delivery.state == WebhookState.DELIVERED) == (taken is not None)
    delivery.delete()


def make_due_if_pending(delivery: WebhookDelivery) -> None:
    delivery.refresh_from_db()
    if delivery.due_at:
        make_due(delivery)


@pytest.mark.django_db(transaction=True)
def test_couriers_go_out_in_threads_and_come_back(alice: User, receiver: Receiver) -> None:
    for _ in range(3):
        WebhookDelivery.test(make_webhook(alice, receiver.url))
    tasks.deliver()
    until(lambda: len(receiver.seen) == 3 or tasks.deliver())
    until(lambda: not [each for each in threading.enumerate() if each.name == "courier"])
    assert not WebhookDelivery.objects.filter(state=WebhookState.PENDING).exists()
