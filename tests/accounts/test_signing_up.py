"""Who may make an account, and what a new one holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import invitations
from accounts.models import Invitation, User

pytestmark = pytest.mark.django_db

SIGN_UP = "/accounts/signup/"


def sign_up(client: Client, email: str = "carol@example.org", **fields: str) -> Any:
    return client.post(SIGN_UP, {"email": email, "password1": "a long quiet winter"} | fields)


def invite(client: Client, email: str = "carol@example.org") -> Any:
    _invitation, token = Invitation.issue(email)
    return client.get(invitations.link(token).removeprefix("http://127.0.0.1:8000"))


def test_anybody_may_sign_up_and_is_signed_in(client: Client) -> None:
    response = sign_up(client, name="Carol")
    assert response.status_code == 302
    carol = User.objects.get(email="carol@example.org")
    assert client.session["_auth_user_id"] == str(carol.pk)
    assert (carol.name, carol.wallet.balance) == ("Carol", 200)


def test_the_address_is_kept_in_small_letters(client: Client) -> None:
    sign_up(client, "Carol@Example.ORG")
    assert User.objects.get().email == "carol@example.org"


def test_an_address_is_taken_whole_or_not_at_all(client: Client) -> None:
    response = sign_up(client, "c" * 250 + "@example.org")
    assert response.status_code == 422
    assert "At most 254 characters." in response.content.decode()
    assert not User.objects.exists()


def test_a_name_is_one_line(client: Client) -> None:
    sign_up(client, name="  Carol\r\nBcc: everybody ")
    assert User.objects.get().name == "Carol Bcc: everybody"


def test_a_taken_address_is_refused_in_any_case(client: Client, alice: User) -> None:
    response = sign_up(client, "ALICE@example.org")
    assert response.status_code == 422
    assert "has signed up" in response.content.decode()


def test_a_bad_form_keeps_the_input_and_says_why_beside_the_field(client: Client) -> None:
    response = sign_up(client, "carol@", name="Carol")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="carol@"' in page
    assert 'value="Carol"' in page
    assert 'id="id_email_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_email_error"' in page


def test_a_common_password_is_refused(client: Client) -> None:
    response = sign_up(client, password1="password")
    assert response.status_code == 422
    assert 'id="id_password1_error"' in response.content.decode()


def test_extra_fields_give_no_rights(client: Client) -> None:
    sign_up(client, is_staff="true", is_superuser="1", credits="99999", theme="dark")
    carol = User.objects.get()
    assert (carol.is_staff, carol.is_superuser, carol.wallet.balance) == (False, False, 200)


def test_nobody_signs_up_where_it_is_off(client: Client, settings: Settings) -> None:
    settings.SIGN_UP = "off"
    response = sign_up(client)
    assert response.status_code == 403
    assert "Sign-up is closed" in response.content.decode()
    assert not User.objects.exists()


def test_the_sign_in_page_offers_sign_up_only_where_it_is_open(
    client: Client, settings: Settings
) -> None:
    assert SIGN_UP in client.get("/accounts/login/").content.decode()
    settings.SIGN_UP = "off"
    assert SIGN_UP not in client.get("/accounts/login/").content.decode()


class TestByInvitation:
    @pytest.fixture(autouse=True)
    def by_invitation(self, settings: Settings) -> None:
        settings.SIGN_UP = "invitation"

    def test_strangers_are_told_to_ask(self, client: Client) -> None:
        response = sign_up(client)
        assert response.status_code == 403
        assert "By invitation" in response.content.decode()
        assert not User.objects.exists()

    def test_the_link_lets_in_and_fills_in_the_address(self, client: Client) -> None:
        assert invite(client).url == SIGN_UP
        assert 'value="carol@example.org"' in client.get(SIGN_UP).content.decode()
        assert sign_up(client).status_code == 302
        assert User.objects.get().email == "carol@example.org"

    def test_whoever_holds_the_link_has_proved_the_address(self, client: Client) -> None:
        invite(client)
        sign_up(client)
        assert EmailAddress.objects.get().verified

    def test_it_is_bound_to_its_address(self, client: Client) -> None:
        invite(client)
        response = sign_up(client, "mallory@example.org")
        assert response.status_code == 422
        assert "The invitation is for carol@example.org" in response.content.decode()

    def test_it_works_once(self, client: Client) -> None:
        link = invitations.link(Invitation.issue("carol@example.org")[1])
        path = link.removeprefix("http://127.0.0.1:8000")
        client.get(path)
        sign_up(client)
        client.logout()
        assert client.get(path).status_code == 410

    def test_of_two_browsers_with_one_link_the_second_comes_too_late(self, client: Client) -> None:
        path = invitations.link(Invitation.issue("carol@example.org")[1])
        path = path.removeprefix("http://127.0.0.1:8000")
        other = Client()
        client.get(path)
        other.get(path)
        assert sign_up(client).status_code == 302
        assert sign_up(other).status_code == 403
        assert User.objects.count() == 1

    def test_it_expires(self, client: Client) -> None:
        invitation, token = Invitation.issue("carol@example.org")
        Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
        assert not invitation.use()
        assert client.get(f"/accounts/invitation/{token}/").status_code == 410

    def test_an_unknown_token_is_not_there(self, client: Client) -> None:
        assert client.get("/accounts/invitation/nothing/").status_code == 404

    def test_somebody_else_who_is_signed_in_is_refused(self, client: Client, bob: User) -> None:
        client.force_login(bob)
        assert invite(client).status_code == 403

    def test_the_token_is_not_stored(self) -> None:
        invitation, token = Invitation.issue("carol@example.org")
        assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())

    def test_the_command_prints_a_link(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("invite", "Carol@example.org")
        link = capsys.readouterr().out.strip()
        assert link.startswith("http://127.0.0.1:8000/accounts/invitation/")
        assert Invitation.objects.get().email == "carol@example.org"

    def test_the_command_refuses_who_has_an_account(self, alice: User) -> None:
        with pytest.raises(CommandError, match="has an account already"):
            call_command("invite", "alice@example.org")
