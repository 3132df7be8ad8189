"""Pressing Create: what is ordered, what it costs, what is refused and how."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from generator.models import EngineModel, Generation
from tests.generator.web.browsing import HTMX, controls, open_form, press_create


def balance(user: User) -> int:
    user.wallet.refresh_from_db()
    return user.wallet.balance


def test_a_plain_form_orders_the_picture_and_leads_back_to_it(page: Client, alice: User) -> None:
    response = press_create(page, open_form(page, prompt="a red house"))
    generation = Generation.objects.get()
    assert response["Location"] == f"{reverse('create')}?job={generation.pk}#jobs"
    assert generation.request.prompt == "a red house"
    assert generation.owner == alice


def test_the_page_after_a_plain_order_keeps_the_wish_and_shows_the_job(page: Client) -> None:
    response = press_create(page, open_form(page, prompt="a red house", style="anime"))
    shown = page.get(response["Location"])
    assert controls(shown)["prompt"] == "a red house"
    assert controls(shown)["style"] == "anime"
    assert f"job-{Generation.objects.get().pk}" in shown.content.decode()


def test_every_field_of_the_form_reaches_the_request(page: Client) -> None:
    typed = {
        "prompt": "a fox",
        "negative_prompt": "fog",
        "ratio": "16:9",
        "style": "line-art",
        "seed_mode": "fixed",
        "seed": "18446744073709551615",
        "count": "2",
        "sampler": "euler",
        "steps": "30",
        "guidance_scale": "5.5",
        "clip_skip": "2",
        "output_format": "webp",
    }
    press_create(page, open_form(page, **typed, expected_cost=""))
    request = Generation.objects.get().request.to_json()
    assert (request["width"], request["height"]) == (1344, 768)
    assert {name: str(request[name]) for name in typed.keys() & request.keys()} == {
        name: value for name, value in typed.items() if name in request
    }


def test_a_custom_size_is_taken_as_written(page: Client) -> None:
    sent = open_form(page, prompt="a fox", ratio="custom", width=640, height=512, expected_cost="")
    press_create(page, sent)
    request = Generation.objects.get().request
    assert (request.width, request.height) == (640, 512)


def test_two_random_orders_get_two_seeds(page: Client) -> None:
    for _ in range(2):
        press_create(page, open_form(page, prompt="a fox"))
    seeds = {generation.request.seed for generation in Generation.objects.all()}
    assert len(seeds) == 2


def test_the_price_on_the_button_is_the_price_charged(page: Client, alice: User) -> None:
    before = balance(alice)
    sent = open_form(page, "?prompt=a+fox")
    press_create(page, sent)
    assert before - balance(alice) == int(sent["expected_cost"]) == 1


def test_a_price_that_changed_meanwhile_is_told_and_not_charged(
    page: Client, alice: User, blank: EngineModel
) -> None:
    sent = open_form(page, prompt="a fox")
    EngineModel.objects.update(price=3)
    response = press_create(page, sent)
    assert response.status_code == 409
    assert "This costs 3 credits now. Nothing was charged" in response.content.decode()
    assert balance(alice) == 200
    assert press_create(page, controls(response)).status_code == 302
    assert balance(alice) == 197


def test_without_javascript_more_pictures_are_confirmed_at_their_price(
    page: Client, alice: User
) -> None:
    response = press_create(page, open_form(page, prompt="a fox", count=4))
    assert response.status_code == 409
    assert controls(response)["expected_cost"] == "4"
    press_create(page, controls(response))
    assert balance(alice) == 196


def test_a_double_click_orders_and_charges_once(page: Client, alice: User) -> None:
    sent = open_form(page, prompt="a fox")
    press_create(page, sent)
    press_create(page, sent)
    assert Generation.objects.count() == 1
    assert balance(alice) == 199


def test_another_wish_from_the_same_page_is_another_order(page: Client) -> None:
    sent = open_form(page, prompt="a fox")
    press_create(page, sent)
    press_create(page, sent | {"prompt": "a cat"})
    assert Generation.objects.count() == 2


def test_htmx_gets_a_fresh_key_the_feed_and_the_balance_but_no_fields(page: Client) -> None:
    sent = open_form(page, prompt="a fox")
    response = page.post(reverse("create"), sent, headers=HTMX)
    text = response.content.decode()
    assert response["HX-Reswap"] == "none"
    assert 'id="id_key"' in text
    assert sent["key"] not in text
    assert 'id="jobs"' in text
    assert 'id="credits"' in text
    assert "<textarea" not in text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("prompt", "   ", "Describe the picture you want."),
        ("prompt", "x" * 4001, "At most 4000 characters; this has 4001."),
        ("negative_prompt", "x" * 4001, "At most 4000 characters"),
        ("steps", "0", "Must be between 1 and 150."),
        ("steps", "many", "Enter a whole number."),
        ("guidance_scale", "99", "Must be between 0 and 35."),
        ("clip_skip", "13", "Must be between 0 and 12."),
        ("count", "17", "Must be between 1 and 16."),
        ("count", "9" * 5000, "Enter a whole number."),
        ("style", "baroque", "Select a valid choice."),
        ("model", "gone", "Select a valid choice."),
        ("ratio", "7:1", "Select a valid choice."),
        ("output_format", "gif", "Select a valid choice."),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_nothing_is_lost(
    page: Client, field: str, value: str, message: str
) -> None:
    sent = open_form(page, prompt="a fox", negative_prompt="fog") | {field: value}
    response = press_create(page, sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text
    assert message in text
    kept = "prompt" if field == "negative_prompt" else "negative_prompt"
    assert controls(response)[kept] == sent[kept]
    assert Generation.objects.count() == 0


@pytest.mark.parametrize("field", ["prompt", "negative_prompt", "steps", "guidance_scale"])
def test_a_wrong_field_is_marked_for_screen_readers(page: Client, field: str) -> None:
    wrong = {"prompt": "", "negative_prompt": "x" * 4001, "steps": "0", "guidance_scale": "99"}
    response = press_create(page, open_form(page, prompt="a fox") | {field: wrong[field]})
    start = response.content.decode().partition(f'name="{field}"')[2].partition(">")[0]
    assert 'aria-invalid="true"' in start
    assert f'aria-describedby="id_{field}_error"' in start


def test_what_cannot_be_read_is_told_once_and_not_as_missing_too(page: Client) -> None:
    unread = {"prompt": "a\x00b", "seed_mode": "fixed", "seed": "1e5"}
    text = press_create(page, open_form(page) | unread).content.decode()
    assert "Enter a whole number." in text
    assert "Write the seed" not in text
    assert "Describe the picture you want." not in text


@pytest.mark.parametrize("field", ["parent", "key", "expected_cost"])
def test_a_broken_field_that_nobody_sees_is_told_above_the_form(page: Client, field: str) -> None:
    response = press_create(page, open_form(page, prompt="a fox") | {field: "broken"})
    assert response.status_code == 422
    assert "This page is out of order" in response.content.decode()


def test_several_wrong_fields_are_told_at_once(page: Client) -> None:
    response = press_create(page, open_form(page, prompt="", steps=0, clip_skip=99))
    text = response.content.decode()
    for field in ("prompt", "steps", "clip_skip"):
        assert f'id="id_{field}_error"' in text


@pytest.mark.parametrize(
    ("side", "message"),
    [
        ("", "A custom shape needs both sides."),
        ("255", "Must be between 256 and 2048."),
        ("300", "Must be a multiple of 8."),
    ],
)
def test_a_custom_shape_needs_two_good_sides(page: Client, side: str, message: str) -> None:
    sent = open_form(page, prompt="a fox", ratio="custom", width=side, height=512)
    response = press_create(page, sent)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_a_fixed_seed_must_be_written(page: Client) -> None:
    sent = open_form(page, prompt="a fox", seed_mode="fixed", seed="")
    response = press_create(page, sent)
    assert response.status_code == 422
    assert "Write the seed, or choose Random." in response.content.decode()


def test_too_few_credits_says_the_cost_the_balance_and_whom_to_ask(
    page: Client, alice: User
) -> None:
    alice.wallet.charge(199, reference="test")
    response = press_create(page, open_form(page, prompt="a fox", count=4, expected_cost=4))
    text = response.content.decode()
    assert response.status_code == 402
    assert "This costs 4 credits; you have 1." in text
    assert "Whoever runs this server can give you more." in text
    assert controls(response)["prompt"] == "a fox"
    assert balance(alice) == 1


def test_a_full_queue_says_so_and_keeps_the_wish(page: Client, settings: Settings) -> None:
    settings.MAX_QUEUED_PER_USER = 1
    press_create(page, open_form(page, prompt="a fox"))
    response = press_create(page, open_form(page, prompt="a cat"))
    assert response.status_code == 429
    assert "You have 1 job waiting" in response.content.decode()
    assert controls(response)["prompt"] == "a cat"


def test_without_any_model_nothing_can_be_ordered(page: Client) -> None:
    EngineModel.objects.update(enabled=False)
    sent = open_form(page, prompt="a fox")
    assert press_create(page, sent).status_code == 422
    assert Generation.objects.count() == 0
