"""Where somebody is signed in, and how they sign out there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import devices, sessions
from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

SECURITY = "/account/security/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def sign_in(alice: User) -> Callable[..., Client]:
    def come(**headers: str) -> Client:
        client = Client(headers=headers)
        client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
        return client

    return come


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def use_later(client: Client, seconds: int, **extra: Any) -> None:
    """Look at a page as if the last note of this session were `seconds` older."""
    session = client.session
    session[sessions.NOTED_AT] = 0
    for record in session[sessions.RECORDS]:
        record["at"] -= seconds
    session.save()
    client.get("/account/", **extra)


def test_each_browser_is_named_after_itself(sign_in: Callable[..., Client]) -> None:
    sign_in(**{"User-Agent": FIREFOX})
    page = sign_in().get(SECURITY).content.decode()
    assert "Firefox on Windows" in page
    assert page.count("this one") == 1


def test_one_of_them_is_ended(sign_in: Callable[..., Client]) -> None:
    here, there = sign_in(), sign_in()
    pk = UserSession.objects.get(session_key=there.session.session_key).pk
    here.post(f"/account/sessions/{pk}/end/")
    assert (is_in(here), is_in(there)) == (True, False)


def test_all_others_are_ended(sign_in: Callable[..., Client]) -> None:
    here, there, elsewhere = sign_in(), sign_in(), sign_in()
    here.post("/account/sessions/end/", {"but": "here"})
    assert (is_in(here), is_in(there), is_in(elsewhere)) == (True, False, False)


def test_all_are_ended(sign_in: Callable[..., Client]) -> None:
    here, there = sign_in(), sign_in()
    assert here.post("/account/sessions/end/").url == "/accounts/login/"
    assert (is_in(here), is_in(there)) == (False, False)


def test_nobody_ends_another_ones(sign_in: Callable[..., Client], mallory: User) -> None:
    there = sign_in()
    pk = UserSession.objects.get().pk
    client = Client()
    client.force_login(mallory)
    assert client.post(f"/account/sessions/{pk}/end/").status_code == 404
    assert is_in(there)


def test_signing_out_takes_it_from_the_list(sign_in: Callable[..., Client], alice: User) -> None:
    here, there = sign_in(), sign_in()
    there.post("/accounts/logout/")
    assert [each.session_key for each in sessions.of(alice)] == [here.session.session_key]


def test_a_new_password_ends_the_others(sign_in: Callable[..., Client]) -> None:
    here, there = sign_in(), sign_in()
    new = "another quiet winter"
    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert (is_in(here), is_in(there)) == (True, False)


class TestNotingUse:
    def test_a_use_after_some_minutes_is_noted(self, sign_in: Callable[..., Client]) -> None:
        client = sign_in()
        before = UserSession.objects.get().last_seen_at
        use_later(client, sessions.NOTED_EVERY, headers={"User-Agent": FIREFOX})
        noted = UserSession.objects.get()
        assert noted.last_seen_at > before
        assert noted.user_agent == FIREFOX

    def test_a_use_soon_after_is_not(self, sign_in: Callable[..., Client]) -> None:
        client = sign_in()
        before = UserSession.objects.get().last_seen_at
        use_later(client, sessions.NOTED_EVERY - 60)
        assert UserSession.objects.get().last_seen_at == before

    def test_it_costs_most_pages_nothing(
        self,
        sign_in: Callable[..., Client],
        alice: User,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client, plain = sign_in(), Client()
        plain.force_login(alice)
        with django_assert_num_queries(2) as counted:
            plain.get("/account/theme/")
        with django_assert_num_queries(len(counted.captured_queries)):
            client.get("/account/theme/")


@pytest.mark.parametrize(
    ("said", "means"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
            "Gecko) Version/18.4 Safari/605.1.15",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
            "like Gecko) CriOS/136.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/136.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/136.0 Safari/537.36 Edg/136.0",
            "Edge on Windows",
        ),
        ("curl/8.5", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_described_in_words(said: str, means: str) -> None:
    assert devices.describe(said) == means
