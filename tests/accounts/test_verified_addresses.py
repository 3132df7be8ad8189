"""Proving an address by a mail, where the operator wants it."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from accounts import addresses
from accounts.first_account import create_first_account
from accounts.models import Invitation, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

CAROL = "carol@example.org"


@pytest.fixture
def mandatory(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def optional(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"


def sign_up(client: Client, email: str = CAROL) -> Any:
    return client.post("/accounts/signup/", {"email": email, "password1": PASSWORD})


def sign_in(client: Client, email: str = CAROL, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def make_by_staff(email: str) -> str:
    """Have an account made on the server; returns its password."""
    said = StringIO()
    call_command("create_account", email, "--json", stdout=said)
    password: str = json.loads(said.getvalue())["password"]
    return password


def link() -> str:
    """The path of the link in the last mail."""
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/email/\S+)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


@pytest.mark.usefixtures("mandatory")
class TestMandatory:
    def test_signing_up_sends_a_link_and_lets_nobody_in(self, client: Client) -> None:
        assert sign_up(client).url == "/accounts/email/sent/"
        assert mail.outbox[0].to == [CAROL]
        assert client.get("/account/").status_code == 302

    def test_the_link_opens_the_door(self, client: Client) -> None:
        sign_up(client)
        client.post(link())
        assert sign_in(client).url == "/create/"

    def test_looking_at_the_link_proves_nothing(self, client: Client) -> None:
        sign_up(client)
        assert "Yes, verify it" in client.get(link()).content.decode()
        assert sign_in(client).url == "/accounts/email/sent/"

    def test_a_forged_link_proves_nothing(self, client: Client) -> None:
        sign_up(client)
        forged = link()[:-3] + "xx/"
        assert client.get(forged).status_code == 410
        assert client.post(forged).status_code == 410

    def test_the_link_ignores_the_host_header(self, client: Client, settings: Settings) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        body = {"email": CAROL, "password1": PASSWORD}
        client.post("/accounts/signup/", body, headers={"Host": "evil.example"})
        assert link()

    def test_a_taken_address_reads_the_same(self, client: Client, alice: User) -> None:
        assert sign_up(client, alice.email).url == "/accounts/email/sent/"
        assert User.objects.count() == 1

    def test_accounts_that_staff_made_need_no_link(self, client: Client) -> None:
        assert sign_in(client, password=make_by_staff(CAROL)).url == "/create/"

    def test_the_first_account_needs_none_either(self, client: Client) -> None:
        first = create_first_account()
        assert first
        body = {"login": first.email, "password": first.password}
        assert client.post("/accounts/login/", body).url == "/create/"

    def test_an_invitation_proves_the_address(self, client: Client, settings: Settings) -> None:
        settings.SIGN_UP = "invitation"
        _invitation, token = Invitation.issue(CAROL)
        client.get(f"/accounts/invitation/{token}/")
        assert sign_up(client).url == "/create/"


class TestDomains:
    @pytest.fixture(autouse=True)
    def only_example_org(self, mandatory: None, settings: Settings) -> None:
        settings.SIGN_UP_DOMAINS = ["example.org"]

    @pytest.mark.parametrize(
        "email", ["c@example.com", "c@sub.example.org", "c@example.org.evil.example"]
    )
    def test_another_domain_is_refused_beside_the_field(self, client: Client, email: str) -> None:
        response = sign_up(client, email)
        assert response.status_code == 422
        assert "Only addresses of example.org" in response.content.decode()

    def test_the_domain_may_in_any_case(self, client: Client) -> None:
        assert sign_up(client, "Carol@EXAMPLE.org").status_code == 302

    def test_who_has_an_account_still_comes_in(self, client: Client) -> None:
        dave = "dave@elsewhere.example"
        assert sign_in(client, dave, make_by_staff(dave)).url == "/create/"


@pytest.mark.usefixtures("optional")
class TestOptional:
    def test_one_comes_in_at_once_and_proves_it_later(self, client: Client) -> None:
        assert sign_up(client).url == "/create/"
        assert "not verified" in client.get("/account/security/").content.decode()
        client.post(link())
        assert addresses.is_proven(User.objects.get())

    def test_the_link_is_sent_again_but_not_at_once(self, client: Client) -> None:
        sign_up(client)
        client.post("/account/email/proof/")
        assert len(mail.outbox) == 1
        assert "sent just now" in client.get("/account/security/").content.decode()


def test_nothing_is_asked_where_nothing_is_wanted(client: Client) -> None:
    sign_up(client)
    assert mail.outbox == []
    assert "verified" not in client.get("/account/security/").content.decode()
