"""Resetting and changing a password."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
NEW = "another quiet winter"


def ask(client: Client, email: str = "alice@example.org", **rest: Any) -> Any:
    return client.post(RESET, {"email": email}, **rest)


def link_in_mail() -> str:
    found = re.search(r"http\S+/reset/key/\S+", str(mail.outbox[-1].body))
    assert found
    return found.group()


def open_link(client: Client) -> str:
    """Follow the mail's link to the form; its path."""
    path = link_in_mail().removeprefix("http://127.0.0.1:8000")
    return str(client.get(path).url)


def test_the_mail_leads_to_a_new_password(client: Client, alice: User) -> None:
    assert ask(client, "Alice@Example.org").url == RESET + "done/"
    form = open_link(client)
    response = client.post(form, {"password1": NEW, "password2": NEW})
    assert response.url == RESET + "key/done/"
    assert client.login(email=alice.email, password=NEW)


def test_a_new_password_does_not_open_an_account_that_was_closed_meanwhile(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    get_adapter().set_password(alice, NEW)
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert not alice.is_active


def test_the_link_works_once(client: Client, alice: User) -> None:
    ask(client)
    form = open_link(client)
    client.post(form, {"password1": NEW, "password2": NEW})
    path = link_in_mail().removeprefix("http://127.0.0.1:8000")
    assert "no longer works" in Client().get(path).content.decode()


def test_the_form_is_at_an_address_without_the_key(client: Client, alice: User) -> None:
    ask(client)
    form = open_link(client)
    key = link_in_mail().rstrip("/").rpartition("/")[2].partition("-")[2]
    assert key not in form
    # With no-referrer, browsers would send the form with `Origin: null`, which is refused.
    assert client.get(form)["Referrer-Policy"] == "strict-origin"


def test_a_reset_ends_every_session(client: Client, alice: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    ask(client)
    client.post(open_link(client), {"password1": NEW, "password2": NEW})
    assert elsewhere.get("/account/").status_code == 302


def test_an_unknown_address_gets_the_same_page_and_a_mail_that_says_so(client: Client) -> None:
    assert ask(client, "nobody@example.org").url == RESET + "done/"
    assert mail.outbox[0].to == ["nobody@example.org"]
    assert "no account has that address" in str(mail.outbox[0].body)


def test_links_in_mails_do_not_come_from_the_request(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.BASE_URL = "https://limner.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    for email in ("alice@example.org", "nobody@example.org"):
        ask(client, email, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in str(mail.outbox[-1].body) + mail.outbox[-1].subject
        assert "https://limner.example.org/" in str(mail.outbox[-1].body)


def test_a_foreign_host_name_is_refused(client: Client, alice: User) -> None:
    assert ask(client, headers={"Host": "evil.example"}).status_code == 400
    assert mail.outbox == []


def test_an_address_is_mailed_five_times_an_hour(client: Client, alice: User) -> None:
    answers = [ask(client).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_a_mail_server_that_is_away_is_admitted(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    response = ask(client)
    assert response.status_code == 503
    assert "could not be sent" in response.content.decode()


def change(client: Client, **fields: str) -> Any:
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW} | fields
    return client.post("/accounts/password/change/", sent)


def test_changing_it_keeps_this_session_and_ends_the_others(alice: User) -> None:
    here, elsewhere = Client(), Client()
    here.force_login(alice)
    elsewhere.force_login(alice)
    assert change(here).url == "/account/"
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_changing_it_needs_the_old_one(client: Client, alice: User) -> None:
    client.force_login(alice)
    response = change(client, oldpassword="wrong")
    assert response.status_code == 422
    assert 'id="id_oldpassword_error"' in response.content.decode()
    assert client.login(email=alice.email, password=PASSWORD)


def test_who_has_no_password_can_choose_one(client: Client, alice: User) -> None:
    alice.set_unusable_password()
    alice.save()
    client.force_login(alice)
    assert client.get("/accounts/password/change/").url == "/accounts/password/set/"
    client.post("/accounts/password/set/", {"password1": NEW, "password2": NEW})
    assert client.login(email=alice.email, password=NEW)
