"""Requests of ModelsLab's programs that name a webhook."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from generator import submission
from generator.dialects import modelslab
from generator.models import Generation, WebhookDelivery
from tests.generator.api.programs import Program
from tests.generator.orders import make_model, run_all
from tests.generator.webhooks.receiving import Receiver, deliver_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(alice: User) -> Program:
    make_model()
    return Program(alice)


def ask(program: Program, **fields: Any) -> Any:
    """Answered at once; the pictures come later."""
    key = program.headers["Authorization"].removeprefix("Bearer ")
    body = {"key": key, "prompt": "a fox", "model_id": "blank", "instant_response": True, **fields}
    return program.post(modelslab.path, body).json()


def test_the_end_is_told_with_the_links_and_the_track_id(
    alices: Program, receiver: Receiver
) -> None:
    number = ask(alices, webhook=receiver.url, track_id="order 7", samples="2")["id"]
    run_all()
    assert deliver_all() == 1
    told = receiver.seen[0].body
    assert (told["status"], told["id"], told["track_id"]) == ("success", number, "order 7")
    assert len(told["output"]) == 2
    assert told["meta"]["prompt"] == "a fox"


def test_a_failure_is_told_too(alices: Program, receiver: Receiver) -> None:
    ask(alices, webhook=receiver.url, track_id=7)
    Generation.objects.get().expire("No worker became free in time.")
    deliver_all()
    told = receiver.seen[0].body
    assert (told["status"], told["track_id"]) == ("failed", 7)
    assert told["message"] == "No worker became free in time."


def test_it_is_not_signed_as_nobody_has_a_secret_for_it(
    alices: Program, receiver: Receiver
) -> None:
    ask(alices, webhook=receiver.url)
    run_all()
    deliver_all()
    assert "webhook-signature" not in receiver.seen[0].headers


def test_a_request_without_a_webhook_tells_nobody(alices: Program) -> None:
    ask(alices, track_id="order 7")
    run_all()
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://[::1]/", "http://a:b@example.org/"])
def test_an_address_where_we_never_go_is_refused_and_nothing_charged(
    url: str, alices: Program
) -> None:
    told = ask(alices, webhook=url)
    assert (told["status"], list(told["message"])) == ("error", ["webhook"])
    assert not Generation.objects.exists()


@pytest.mark.parametrize("track", ["nul\x00", "\ud800", "x" * 201, 10**300, True, []])
def test_a_track_id_that_no_database_holds_is_refused(track: object, alices: Program) -> None:
    told = ask(alices, track_id=track)
    assert (told["status"], list(told["message"])) == ("error", ["track_id"])
    assert not Generation.objects.exists()


def test_another_try_tells_as_well(alices: Program, alice: User, receiver: Receiver) -> None:
    ask(alices, webhook=receiver.url, track_id="order 7")
    first = Generation.objects.get()
    first.cancel()
    submission.retry(first, alice)
    run_all()
    assert deliver_all() == 2
    assert [seen.body["status"] for seen in receiver.seen] == ["failed", "success"]
    assert {seen.body["track_id"] for seen in receiver.seen} == {"order 7"}
