"""The pages of webhooks: the secret once, mistakes beside their field, and nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from generator.models import Webhook, WebhookDelivery, WebhookEvent, WebhookState
from tests.factories import make_team
from tests.generator.remote.provider import Says
from tests.generator.webhooks.receiving import Receiver, deliver_all, make_webhook, verified

pytestmark = pytest.mark.django_db

NEW = {"url": "https://example.org/hook", "events": list(WebhookEvent.values)}


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def text_of(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_the_secret_is_shown_once(alices: Client) -> None:
    made = alices.post(reverse("webhooks"), NEW)
    assert made.status_code == 201
    secret = Webhook.objects.get().reveal()
    assert secret in made.content.decode().replace("&#x2B;", "+")
    assert secret not in text_of(alices, "webhooks")
    assert secret not in text_of(alices, "webhook", Webhook.objects.get().pk)


@pytest.mark.parametrize(
    "wrong", [{"url": "http://10.0.0.1/"}, {"url": ""}, {"events": []}, {"events": ["x"]}]
)
def test_a_mistake_is_told_and_loses_nothing(wrong: dict[str, object], alices: Client) -> None:
    refused = alices.post(reverse("webhooks"), {**NEW, "description": "The shop", **wrong})
    assert refused.status_code == 422
    assert "The shop" in refused.content.decode()
    assert "field-error" in refused.content.decode()
    assert not Webhook.objects.exists()


def test_an_owner_of_a_team_chooses_what_it_is_about(alices: Client, alice: User) -> None:
    assert "Studio North" not in text_of(alices, "webhooks")
    team = make_team(alice)
    alices.post(reverse("webhooks"), {**NEW, "about": team.pk})
    assert Webhook.objects.get().team == team


def test_a_team_of_others_cannot_be_chosen(alices: Client, bob: User) -> None:
    answer = alices.post(reverse("webhooks"), {**NEW, "about": make_team(bob).pk})
    assert answer.status_code in {201, 422}
    assert not Webhook.objects.filter(team__isnull=False).exists()


def test_the_log_says_what_was_answered_without_being_markup(
    alices: Client, alice: User, receiver: Receiver
) -> None:
    receiver.says = Says(b"<script>alert(1)</script>", status=500)
    webhook = make_webhook(alice, receiver.url)
    alices.post(reverse("webhook_test", args=[webhook.pk]))
    deliver_all()
    page = text_of(alices, "webhook", webhook.pk)
    assert "It answered with 500." in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_what_was_sent_is_sent_again_by_a_button(
    alices: Client, alice: User, receiver: Receiver
) -> None:
    webhook = make_webhook(alice, receiver.url)
    delivery = WebhookDelivery.test(webhook)
    deliver_all()
    alices.post(reverse("webhook_redelivery", args=[webhook.pk, delivery.pk]))
    deliver_all()
    assert [seen.headers["webhook-id"] for seen in receiver.seen] == [delivery.message_id] * 2


def test_a_new_secret_signs_from_then_on(alices: Client, alice: User, receiver: Receiver) -> None:
    webhook = make_webhook(alice, receiver.url)
    page = alices.post(reverse("webhook_rotation", args=[webhook.pk])).content.decode()
    webhook.refresh_from_db()
    assert webhook.reveal() in page.replace("&#x2B;", "+")
    WebhookDelivery.test(webhook)
    deliver_all()
    verified(receiver.seen[0], webhook.reveal())


def test_the_secret_before_is_spoken_of_for_as_long_as_it_signs(
    alices: Client, alice: User, receiver: Receiver
) -> None:
    webhook = make_webhook(alice, receiver.url)
    webhook.rotate(alice)
    page = reverse("webhook", args=[webhook.pk])
    assert "The one before signs until" in alices.get(page).content.decode()
    Webhook.objects.update(old_secret_until=timezone.now())
    assert "The one before signs until" not in alices.get(page).content.decode()


def test_it_is_switched_off_and_on(alices: Client, alice: User) -> None:
    webhook = make_webhook(alice, NEW["url"])
    for to, enabled in (("off", False), ("on", True)):
        alices.post(reverse("webhook_switch", args=[webhook.pk]), {"to": to})
        webhook.refresh_from_db()
        assert webhook.enabled is enabled


def test_what_is_switched_off_says_so_instead_of_sending(alices: Client, alice: User) -> None:
    webhook = make_webhook(alice, NEW["url"])
    webhook.stop("The receiver answered 410: it wants no more.")
    assert "it wants no more" in text_of(alices, "webhook", webhook.pk)
    alices.post(reverse("webhook_test", args=[webhook.pk]))
    assert not WebhookDelivery.objects.exists()


def test_deleting_it_ends_what_waits(alices: Client, alice: User) -> None:
    webhook = make_webhook(alice, NEW["url"])
    WebhookDelivery.test(webhook)
    alices.post(reverse("webhook_deletion", args=[webhook.pk]))
    assert not WebhookDelivery.objects.filter(state=WebhookState.PENDING).exists()


def test_a_cursor_of_nobodys_is_404(alices: Client, alice: User) -> None:
    webhook = make_webhook(alice, NEW["url"])
    assert alices.get(reverse("webhook", args=[webhook.pk]) + "?cursor=x").status_code == 404
