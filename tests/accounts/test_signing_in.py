"""Coming in and going out, and what is tried at that door."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"


def sign_in(
    client: Client, email: str = "alice@example.org", password: str = PASSWORD, **rest: Any
) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password}, **rest)


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@Example.org", " alice@example.org "])
def test_the_address_signs_in_in_any_case(client: Client, alice: User, email: str) -> None:
    assert sign_in(client, email).status_code == 302
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_a_wrong_password_keeps_the_address(client: Client, alice: User) -> None:
    response = sign_in(client, password="wrong")
    assert response.status_code == 422
    assert 'value="alice@example.org"' in response.content.decode()


def test_an_unknown_address_reads_like_a_wrong_password(client: Client, alice: User) -> None:
    known = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, "nobody@example.org", "wrong").content.decode()
    assert "do not belong together" in known
    assert "do not belong together" in unknown


def test_a_closed_account_stays_out(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client).url == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_the_session_changes_at_the_door(client: Client, alice: User) -> None:
    client.get(SIGN_IN)
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


class TestGuessing:
    def test_an_address_has_ten_tries_an_hour(self, client: Client, alice: User) -> None:
        tries = [sign_in(client, password=f"wrong {n}").status_code for n in range(11)]
        assert tries == [422] * 10 + [429]

    def test_the_right_password_is_too_late_then(self, client: Client, alice: User) -> None:
        for n in range(10):
            sign_in(client, password=f"wrong {n}")
        response = sign_in(client)
        assert (response.status_code, response["Retry-After"]) == (429, "3600")

    def test_a_place_has_twenty_tries_whatever_the_address(self, client: Client) -> None:
        tries = [sign_in(client, f"person{n}@example.org").status_code for n in range(21)]
        assert tries == [422] * 20 + [429]

    def test_a_forged_forwarding_header_gives_no_new_tries(self, client: Client) -> None:
        tries = [
            sign_in(client, f"person{n}@example.org", headers={"X-Forwarded-For": f"10.0.0.{n}"})
            for n in range(21)
        ]
        assert tries[-1].status_code == 429

    def test_another_name_of_this_host_gives_no_new_tries(self, client: Client) -> None:
        for n in range(10):
            sign_in(client, password=f"wrong {n}")
        response = sign_in(client, headers={"Host": "localhost"}, REMOTE_ADDR="10.1.1.1")
        assert response.status_code == 429

    def test_behind_a_proxy_each_visitor_has_tries_of_their_own(
        self, client: Client, settings: Settings
    ) -> None:
        settings.TRUSTED_PROXIES = 1
        tries = [
            sign_in(client, f"person{n}@example.org", headers={"X-Forwarded-For": f"10.0.0.{n}"})
            for n in range(21)
        ]
        assert tries[-1].status_code == 422

    def test_signing_in_uses_up_no_tries(self, client: Client, alice: User) -> None:
        for _ in range(12):
            assert sign_in(client).status_code == 302
            client.logout()


class TestWhereToNext:
    def test_back_to_the_page_that_asked(self, client: Client, alice: User) -> None:
        asked = client.get("/account/credits/?before=9")
        assert asked.url == "/accounts/login/?next=%2Faccount%2Fcredits%2F%3Fbefore%3D9"
        response = client.post(asked.url, {"login": alice.email, "password": PASSWORD})
        assert response.url == "/account/credits/?before=9"

    @pytest.mark.parametrize(
        "page",
        [
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "https://evil.example/",
            "http://localhost:9999/",
            "/ok\r\nSet-Cookie: x=1",
            "javascript:alert(1)",
            "\x08//evil.example",
        ],
    )
    def test_never_to_another_site(self, client: Client, alice: User, page: str) -> None:
        response = client.post(SIGN_IN, {"login": alice.email, "password": PASSWORD, "next": page})
        assert response.status_code == 302
        assert response.url.startswith("/")
        assert not response.url.startswith(("//", "/\\"))
        assert "\n" not in response.url


class TestGoingOut:
    def test_it_ends_the_session_and_clears_the_cache(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        cookie = client.cookies["limner_session"].value
        response = client.post("/accounts/logout/")
        assert response["Clear-Site-Data"] == '"cache"'
        client.cookies["limner_session"] = cookie
        assert client.get("/account/").status_code == 302

    def test_a_link_cannot_do_it(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        assert client.get("/accounts/logout/").status_code == 200
        assert client.get("/account/").status_code == 200


def test_a_form_without_its_token_is_refused_in_plain_words(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(SIGN_IN, {"login": alice.email, "password": PASSWORD})
    assert response.status_code == 403
    assert "This form is out of date" in response.content.decode()


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_a_form_sent_from_elsewhere_is_refused(alice: User, origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    token = client.cookies["limner_csrf"].value
    response = client.post(
        SIGN_IN,
        {"login": alice.email, "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers={"Origin": origin},
    )
    assert response.status_code == 403
