"""The front page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.factories import make_asset


def test_visitors_see_what_this_is_and_the_newest_public_pictures(
    client: Client, alice: User
) -> None:
    shown = make_asset(alice, public=True)
    hidden = make_asset(alice)
    text = client.get("/").content.decode()
    assert "Limner" in text
    assert reverse("asset", args=[shown.pk]) in text
    assert str(hidden.pk) not in text


def test_a_visitors_prompt_comes_back_after_signing_up(client: Client, db: None) -> None:
    response = client.get("/", {"prompt": "a fox & a hen"})
    door = urlsplit(response["Location"])
    assert door.path == reverse("account_signup")
    (after,) = parse_qs(door.query)["next"]
    credentials = {"email": "carol@example.org", "password1": "correct horse battery"}
    response = client.post(response["Location"], credentials, follow=True)
    assert response.redirect_chain[-1][0] == after
    assert "a fox &amp; a hen</textarea>" in response.content.decode()


def test_where_nobody_may_sign_up_the_prompt_leads_to_signing_in(
    client: Client, db: None, settings: Settings
) -> None:
    settings.SIGN_UP = "off"
    response = client.get("/", {"prompt": "a fox"})
    assert response["Location"].startswith(reverse("account_login"))


def test_who_is_signed_in_goes_straight_to_work(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/")["Location"] == reverse("create")
    assert client.get("/?prompt=a+fox")["Location"] == reverse("create") + "?prompt=a+fox"
