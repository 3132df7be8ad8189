"""Remix, repeat and links: what the Create form starts with."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Asset
from generator.models import EngineModel, Generation
from tests.factories import make_asset
from tests.generator.orders import make_request, submit
from tests.generator.web.browsing import controls, open_form, press_create

MADE_WITH = {
    "prompt": "a fox",
    "negative_prompt": "fog",
    "width": 1216,
    "height": 832,
    "seed": 77,
    "steps": 12,
    "guidance_scale": 5.5,
    "sampler": "euler",
    "style": "anime",
    "clip_skip": 1,
}


def make_recipe_asset(owner: User, *, public: bool = False, **changes: Any) -> Asset:
    asset = make_asset(owner, public=public)
    request = make_request(**{**MADE_WITH, **changes}).to_json()
    asset.recipe = {"request": request, "model": "blank", "engine": "blank"}
    asset.save()
    return asset


def text_of(client: Client, query: str) -> str:
    return client.get(reverse("create") + query).content.decode()


def test_remix_takes_everything_but_the_seed(page: Client, alice: User) -> None:
    asset = make_recipe_asset(alice)
    sent = open_form(page, f"?remix={asset.pk}")
    assert sent["seed_mode"] == "random"
    assert sent["seed"] == "0"
    assert sent["ratio"] == "3:2"
    for name in ("prompt", "negative_prompt", "steps", "guidance_scale", "sampler", "style"):
        assert sent[name] == str(MADE_WITH[name])


def test_repeat_takes_the_seed_too_and_orders_the_same_picture(page: Client, alice: User) -> None:
    asset = make_recipe_asset(alice)
    sent = open_form(page, f"?repeat={asset.pk}")
    assert (sent["seed_mode"], sent["seed"]) == ("fixed", "77")
    press_create(page, sent)
    generation = Generation.objects.get()
    assert generation.request == make_request(**MADE_WITH)
    assert generation.parent_asset == asset


def test_an_unusual_size_comes_along_as_a_custom_shape(page: Client, alice: User) -> None:
    asset = make_recipe_asset(alice, width=640, height=512)
    sent = open_form(page, f"?remix={asset.pk}")
    assert (sent["ratio"], sent["width"], sent["height"]) == ("custom", "640", "512")


def test_somebody_elses_public_picture_can_be_remixed(page: Client, bob: User) -> None:
    asset = make_recipe_asset(bob, public=True)
    assert open_form(page, f"?remix={asset.pk}")["prompt"] == "a fox"


@pytest.mark.parametrize("way", ["remix", "repeat"])
def test_a_picture_one_may_not_see_gives_nothing_away(page: Client, bob: User, way: str) -> None:
    asset = make_recipe_asset(bob)
    text = text_of(page, f"?{way}={asset.pk}")
    assert "That picture does not exist, or you may not see it." in text
    assert "fog" not in text


def test_a_hidden_picture_cannot_be_named_as_the_parent(page: Client, bob: User) -> None:
    asset = make_recipe_asset(bob)
    press_create(page, open_form(page, prompt="a cat", parent=asset.pk))
    assert Generation.objects.get().parent_asset is None


@pytest.mark.parametrize("way", ["remix", "repeat"])
@pytest.mark.parametrize("junk", ["", "7", "nonsense", "56081677-7057-46a7-8433-7be4c395978a"])
def test_an_address_that_names_no_picture_opens_an_empty_form(
    page: Client, way: str, junk: str
) -> None:
    assert open_form(page, f"?{way}={junk}")["prompt"] == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model": "old"}, "The model “old” is not offered here"),
        ({"style": "baroque"}, "The style “baroque” is not offered here"),
        ({"sampler": "magic"}, "The sampler “magic” is not offered here"),
        ({"initial_image": "x"}, "its picture is gone or not yours to use: guide image"),
        ({"mask": "x"}, "no field for it: mask"),
    ],
)
def test_what_cannot_be_taken_over_is_named(
    page: Client, alice: User, changes: dict[str, Any], sentence: str
) -> None:
    asset = make_recipe_asset(alice, **changes)
    response = page.get(reverse("create") + f"?remix={asset.pk}")
    assert sentence in response.content.decode()
    assert controls(response)["model"] == "blank"


def test_a_model_that_was_switched_off_is_named(page: Client, alice: User) -> None:
    EngineModel.objects.create(slug="other", name="Other", engine="blank")
    asset = make_recipe_asset(alice)
    EngineModel.objects.filter(slug="blank").update(enabled=False)
    assert "The model “blank” is not offered here" in text_of(page, f"?remix={asset.pk}")


def test_a_recipe_nobody_can_read_leaves_the_prompt_and_says_so(page: Client, alice: User) -> None:
    asset = make_asset(alice, prompt="an old fox")
    asset.recipe = {"request": {"prompt": "an old fox", "width": 7}}
    asset.save()
    response = page.get(reverse("create") + f"?remix={asset.pk}")
    assert controls(response)["prompt"] == "an old fox"
    assert "Only the prompt could be read" in response.content.decode()


def test_a_link_can_bring_a_prompt(page: Client) -> None:
    assert open_form(page, "?prompt=a+%3Cb%3Efox")["prompt"] == "a <b>fox"


def test_a_job_of_ones_own_can_be_edited(page: Client, alice: User) -> None:
    job = submit(alice, "a heron", seed=5, count=3)
    sent = open_form(page, f"?job={job.pk}")
    assert (sent["prompt"], sent["count"], sent["seed_mode"]) == ("a heron", "3", "random")


def test_a_strangers_job_brings_nothing(page: Client, bob: User) -> None:
    job = submit(bob, "a heron")
    assert open_form(page, f"?job={job.pk}")["prompt"] == ""
