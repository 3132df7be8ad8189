"""The request as code: of what the form says, and of a picture."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Asset
from generator.models import Generation
from tests.factories import keep, make_picture
from tests.generator.orders import run_all, submit
from tests.generator.web.browsing import HTMX, open_form


def told(client: Client, **typed: Any) -> str:
    """The page of code for a form that was filled in so."""
    response = client.post(reverse("create_code"), open_form(client, **typed))
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_it_says_what_the_form_says(page: Client) -> None:
    text = told(page, prompt="a fox & a 'hen'", ratio="3:2", steps=31, seed_mode="fixed", seed=77)
    assert '"prompt": "a fox & a \'"\'"\'hen\'"\'"\'"' in text
    assert '"ratio": "3:2 landscape 1216x832"' in text
    assert '"steps": 31' in text
    assert '"seed": 77' in text


def test_a_random_seed_is_not_written_down(page: Client) -> None:
    assert '"seed": ' not in told(page, prompt="a fox").replace('"seed": -1', "")


def test_it_is_a_page_without_scripts_and_a_part_of_one_with_htmx(page: Client) -> None:
    sent = open_form(page, prompt="a fox")
    whole = page.post(reverse("create_code"), sent).content.decode()
    part = page.post(reverse("create_code"), sent, headers=HTMX).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert 'id="code-native-1-text"' in part


def test_what_is_not_right_yet_is_told_by_field(page: Client) -> None:
    response = page.post(reverse("create_code"), open_form(page, prompt="", steps=0))
    text = unescape(response.content.decode())
    assert response.status_code == 422
    assert "Prompt: Describe the picture you want." in text
    assert "Steps: Must be between 1 and 150." in text


def test_asking_orders_nothing(page: Client, alice: User) -> None:
    told(page, prompt="a fox")
    alice.wallet.refresh_from_db()
    assert (Generation.objects.count(), alice.wallet.balance) == (0, 200)


def test_a_picture_tells_the_call_that_made_it(page: Client, alice: User) -> None:
    submit(alice, "a red house", seed=4242)
    run_all()
    answer = page.get(reverse("asset_code", args=[Asset.objects.get().pk]))
    text = unescape(answer.content.decode())
    assert '"prompt": "a red house"' in text
    assert '"seed": 4242' in text


def test_a_picture_whose_recipe_cannot_be_read_says_so(page: Client, alice: User) -> None:
    asset = keep(make_picture(alice))
    Asset.objects.filter(pk=asset.pk).update(recipe={})
    answer = page.get(reverse("asset_code", args=[asset.pk]))
    assert "could not be read" in answer.content.decode()


def test_pictures_that_are_not_the_readers_are_left_out(
    page: Client, alice: User, bob: User
) -> None:
    theirs = str(keep(make_picture(bob)).pk)
    submit(alice, "a red house")
    run_all()
    asset = Asset.objects.get(owner=alice)
    asset.recipe["request"] |= {"initial_image": theirs, "strength": 0.5}
    asset.save()
    text = page.get(reverse("asset_code", args=[asset.pk])).content.decode()
    assert "gone or not yours to use" in text
    assert theirs not in text
