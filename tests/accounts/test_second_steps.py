"""The second step after the password: an app's codes, recovery codes, and confirming."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts import second_step
from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

SECURITY, APP = "/account/security/", "/account/security/app/"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an app shows, `steps` half-minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def confirm(client: Client, page: str) -> Any:
    return client.post(f"/account/confirm/?next={page}", {"password": PASSWORD})


def set_up(client: Client, user: User) -> str:
    """Give `user` an app; returns its secret."""
    client.force_login(user)
    confirm(client, APP)
    secret: str = client.get(APP).context["form"].secret
    assert client.post(APP, {"code": code_of(secret)}).status_code == 302
    # The code was used, and no code is taken twice.
    cache.clear()
    return secret


def first_step(user: User) -> Client:
    """A browser in which the password was right."""
    client = Client()
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response.url == "/accounts/second-step/"
    return client


def answer(client: Client, code: str) -> Any:
    return client.post("/accounts/second-step/", {"code": code})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestConfirming:
    @pytest.mark.parametrize(
        "page", [APP, "/account/security/passkeys/", "/account/security/codes/new/"]
    )
    def test_the_password_is_asked_for_once_more(
        self, client: Client, alice: User, page: str
    ) -> None:
        client.force_login(alice)
        assert client.get(page).url.startswith("/account/confirm/?next=")
        assert confirm(client, page).url == page
        assert client.get(page).status_code == 200

    def test_a_wrong_password_confirms_nothing(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        assert client.post("/account/confirm/", {"password": "wrong"}).status_code == 422
        assert client.get(APP).url.startswith("/account/confirm/")


class TestTheApp:
    def test_a_code_turns_it_on(self, client: Client, alice: User) -> None:
        set_up(client, alice)
        assert "Remove the app" in client.get(SECURITY).content.decode()

    def test_a_wrong_code_does_not(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        confirm(client, APP)
        client.get(APP)
        assert client.post(APP, {"code": "12345x"}).status_code == 422
        assert not Authenticator.objects.exists()

    def test_the_secret_is_not_in_the_database(self, client: Client, alice: User) -> None:
        secret = set_up(client, alice)
        kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
        assert secret not in kept

    def test_it_is_asked_for_after_the_password(self, client: Client, alice: User) -> None:
        secret = set_up(client, alice)
        visitor = first_step(alice)
        assert not signed_in(visitor)
        assert answer(visitor, code_of(secret)).url == "/create/"
        assert signed_in(visitor)

    def test_a_phone_may_be_half_a_minute_off(self, client: Client, alice: User) -> None:
        secret = set_up(client, alice)
        answer(visitor := first_step(alice), code_of(secret, steps=-1))
        assert signed_in(visitor)

    def test_a_new_password_by_mail_does_not_take_its_place(
        self, client: Client, alice: User
    ) -> None:
        set_up(client, alice)
        visitor = Client()
        visitor.post("/accounts/password/reset/", {"email": alice.email})
        link = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
        assert link
        form = visitor.get(link[0]).headers["Location"]
        new = {"password1": "a new long phrase", "password2": "a new long phrase"}
        assert visitor.post(form, new).status_code == 302
        assert not signed_in(visitor)
        told = {"login": alice.email, "password": new["password1"]}
        assert (
            visitor.post("/accounts/login/", told).headers["Location"] == "/accounts/second-step/"
        )
        assert not signed_in(visitor)

    def test_a_wrong_code_stays_outside(self, client: Client, alice: User) -> None:
        set_up(client, alice)
        visitor = first_step(alice)
        assert answer(visitor, "wrong!").status_code == 422
        assert visitor.get("/account/").status_code == 302

    def test_a_code_is_taken_once(self, client: Client, alice: User) -> None:
        secret = set_up(client, alice)
        code = code_of(secret)
        answer(first_step(alice), code)
        assert answer(visitor := first_step(alice), code).status_code == 422
        assert not signed_in(visitor)

    def test_guessing_ends_after_ten_tries(self, client: Client, alice: User) -> None:
        secret = set_up(client, alice)
        visitor = first_step(alice)
        tries = [answer(visitor, f"wrong{n}").status_code for n in range(10)]
        assert tries == [422] * 10
        assert answer(visitor, code_of(secret)).status_code == 429

    def test_removing_it_asks_for_nothing_more(self, client: Client, alice: User) -> None:
        set_up(client, alice)
        client.post("/account/security/app/removal/")
        assert not Authenticator.objects.exists()

    def test_after_another_secret_key_no_code_fits(
        self, client: Client, alice: User, settings: Settings
    ) -> None:
        secret = set_up(client, alice)
        visitor = first_step(alice)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, [settings.SECRET_KEY]
        assert answer(visitor, code_of(secret)).status_code == 422


class TestRecoveryCodes:
    def test_each_lets_in_once(self, client: Client, alice: User) -> None:
        set_up(client, alice)
        code = client.get("/account/security/codes/").context["unused_codes"][0]
        answer(visitor := first_step(alice), code)
        assert signed_in(visitor)
        assert answer(again := first_step(alice), code).status_code == 422
        assert not signed_in(again)

    def test_new_ones_replace_the_old(self, client: Client, alice: User) -> None:
        set_up(client, alice)
        old = client.get("/account/security/codes/").context["unused_codes"]
        client.post("/account/security/codes/new/")
        new = client.get("/account/security/codes/").context["unused_codes"]
        assert len(new) == 10
        assert not set(old) & set(new)

    def test_they_come_as_a_file(self, client: Client, alice: User) -> None:
        set_up(client, alice)
        shown = client.get("/account/security/codes/").context["unused_codes"]
        file = client.get("/account/security/codes/file/")
        assert file.content.decode().split() == shown
        assert "attachment" in file["Content-Disposition"]
        assert "no-store" in file["Cache-Control"]

    def test_nobody_reads_them_without_confirming(self, client: Client, alice: User) -> None:
        set_up(client, alice)
        fresh = Client()
        fresh.force_login(alice)
        assert fresh.get("/account/security/codes/").url.startswith("/account/confirm/")


class TestPasskeysAt:
    @pytest.mark.parametrize(
        ("host", "secure", "work"),
        [
            ("localhost:8000", False, True),
            ("studio.localhost", False, True),
            ("limner.example.org", True, True),
            ("limner.example.org", False, False),
            ("127.0.0.1:8000", False, False),
            ("192.0.2.7", True, False),
            ("[::1]:8000", True, False),
        ],
    )
    def test_a_name_with_tls_or_localhost(
        self, rf: Any, settings: Settings, host: str, secure: Any, work: Any
    ) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        request = rf.get("/", headers={"Host": host}, secure=secure)
        assert second_step.passkeys_work(request) is work

    def test_where_they_do_not_the_page_says_so(
        self, client: Client, alice: User, settings: Settings
    ) -> None:
        client.force_login(alice)
        page = client.get(SECURITY, headers={"Host": "127.0.0.1"}).content.decode()
        assert "Browsers offer passkeys only where" in page
        door = Client().get("/accounts/login/", headers={"Host": "127.0.0.1"}).content.decode()
        assert "passkey" not in door

    @pytest.mark.parametrize(
        "sent", ["", "{}", "[]", '"x"', "null", '{"id": "AA", "rawId": "AA", "response": {}}']
    )
    def test_what_no_passkey_signed_opens_nothing(
        self, client: Client, alice: User, sent: str
    ) -> None:
        client.get("/accounts/passkey/", headers={"Host": "localhost"})
        response = client.post("/accounts/passkey/", {"credential": sent})
        assert response.url == "/accounts/login/"
        assert not signed_in(client)


def test_forgetting_removes_every_step(client: Client, alice: User, bob: User) -> None:
    set_up(client, alice)
    set_up(client, bob)
    assert second_step.forget(alice) == 2
    assert set(Authenticator.objects.values_list("user", flat=True)) == {bob.pk}
