"""The price on the button, live."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from generator.catalog import RATIOS
from generator.models import EngineModel, Generation
from tests.generator.web.browsing import HTMX, open_form, press_create


def told(client: Client, **typed: object) -> str:
    response = client.post(reverse("price"), open_form(client, **typed), headers=HTMX)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "1 credit<"),
        ({"count": 4}, "4 credits<"),
        ({"steps": 40}, "2 credits<"),
        ({"ratio": "custom", "width": 2048, "height": 2048}, "4 credits<"),
        ({"scale": "large"}, "2 credits<"),
    ],
)
def test_it_follows_count_steps_and_size(
    page: Client, typed: dict[str, object], words: str
) -> None:
    assert words in told(page, **typed)


def test_it_is_told_before_anything_is_written(page: Client) -> None:
    text = told(page, prompt="")
    assert "1 credit<" in text
    assert 'name="expected_cost" value="1"' in text


def test_a_free_model_is_called_free(page: Client) -> None:
    EngineModel.objects.update(price=0)
    assert "free" in told(page)


def test_no_price_is_told_for_what_cannot_be_painted(page: Client) -> None:
    text = told(page, steps=0)
    assert 'name="expected_cost" value=""' in text
    assert "credit<" not in text


def test_a_price_beyond_the_balance_says_so(page: Client, alice: User) -> None:
    alice.wallet.charge(198, reference="test")
    assert "You have 2." in told(page, count=4)


def test_asking_for_the_price_orders_nothing(page: Client, alice: User) -> None:
    told(page, prompt="a fox", count=8)
    alice.wallet.refresh_from_db()
    assert Generation.objects.count() == 0
    assert alice.wallet.balance == 200


def test_what_differs_under_more_is_named_while_it_is_closed(page: Client) -> None:
    text = told(page, steps=30, guidance_scale=5)
    assert "Steps 30" in text
    assert "Guidance 5" in text
    assert "CLIP skip" not in text


@given(
    ratio=st.sampled_from([ratio.slug for ratio in RATIOS]),
    count=st.integers(1, 16),
    steps=st.integers(1, 150),
    price=st.integers(0, 9),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_shown_is_what_is_charged(
    page: Client, alice: User, ratio: str, count: int, steps: int, price: int
) -> None:
    EngineModel.objects.update(price=price)
    alice.wallet.grant(10**6, reference=f"test:{uuid.uuid4()}")
    sent = open_form(page, prompt="a fox", ratio=ratio, count=count, steps=steps)
    answer = page.post(reverse("price"), sent, headers=HTMX).content.decode()
    shown = answer.partition('name="expected_cost" value="')[2].partition('"')[0]
    assert press_create(page, sent | {"expected_cost": shown}).status_code == 302
    before = alice.wallet.balance
    alice.wallet.refresh_from_db()
    assert before - alice.wallet.balance == int(shown)
