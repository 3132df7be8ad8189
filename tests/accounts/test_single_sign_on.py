"""Coming in by an identity provider: a real one, which listens on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from accounts import addresses
from accounts.models import Invitation, User
from config import signing_in
from tests.accounts import provider
from tests.accounts.provider import come_in, leave, sign_in_there
from tests.factories import PASSWORD, make_key

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider.provider() as issuer:
        yield issuer


@pytest.fixture(autouse=True)
def configured(issuer: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in provider.environment(issuer).items():
        monkeypatch.setenv(name, value)
    for name, value in signing_in.identity_provider().items():
        setattr(settings, name, value)


def signed_in(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


class TestTheFirstTime:
    def test_somebody_new_gets_an_account_with_a_wallet(self, client: Client) -> None:
        assert come_in(client, "carol-1").status_code == 302
        carol = signed_in(client)
        assert carol
        assert (carol.email, carol.name) == ("carol@example.org", "Carol Chen")
        assert carol.wallet.balance == 200
        assert not carol.has_usable_password()

    def test_the_account_with_the_verified_address_is_joined(
        self, client: Client, alice: User
    ) -> None:
        come_in(client, "alice-1")
        assert signed_in(client) == alice
        assert SocialAccount.objects.get().user == alice

    def test_a_provider_may_spell_true_as_a_word(self, client: Client, alice: User) -> None:
        come_in(client, "alice-word")
        assert signed_in(client) == alice

    @pytest.mark.parametrize("sub", ["mallory-1", "mallory-word", "mallory-silent"])
    def test_an_address_that_nobody_verified_joins_nothing(
        self, client: Client, alice: User, sub: str
    ) -> None:
        response = come_in(client, sub)
        assert response.status_code == 403
        assert "has an account already" in response.content.decode()
        assert signed_in(client) is None
        assert not SocialAccount.objects.exists()

    def test_without_an_address_there_is_no_account(self, client: Client) -> None:
        response = come_in(client, "nobody")
        assert response.status_code == 403
        assert "came without an address" in response.content.decode()

    def test_the_page_that_was_asked_for_comes_next(self, client: Client) -> None:
        assert come_in(client, "carol-1", next="/account/keys/").url == "/account/keys/"

    @pytest.mark.parametrize("page", ["//evil.example", "https://evil.example/"])
    def test_never_a_page_of_another_site(self, client: Client, page: str) -> None:
        assert come_in(client, "carol-1", next=page).url == "/create/"


class TestTakingOver:
    """Somebody may have made an account with a stranger's address, and be waiting."""

    def test_who_made_it_is_locked_out(self, client: Client, alice: User) -> None:
        key, _headers = make_key(alice)
        Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
        thief = Client()
        thief.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
        come_in(client, "alice-1")
        alice.refresh_from_db()
        key.refresh_from_db()
        assert not alice.has_usable_password()
        assert key.revoked_at
        assert not Authenticator.objects.exists()
        assert client.get("/account/").status_code == 200
        assert thief.get("/account/").status_code == 302

    def test_who_had_proven_the_address_keeps_everything(self, client: Client, alice: User) -> None:
        addresses.vouch(alice)
        key, _headers = make_key(alice)
        come_in(client, "alice-1")
        alice.refresh_from_db()
        key.refresh_from_db()
        assert alice.check_password(PASSWORD)
        assert not key.revoked_at

    def test_the_address_is_proven_afterwards(self, client: Client, alice: User) -> None:
        EmailAddress.objects.create(user=alice, email=alice.email, verified=False)
        come_in(client, "alice-1")
        assert addresses.is_proven(alice)


class TestLater:
    def test_the_same_person_comes_back_to_the_same_account(self, client: Client) -> None:
        come_in(client, "carol-1")
        client.logout()
        come_in(client, "carol-1")
        assert signed_in(client) == User.objects.get()

    def test_a_closed_account_stays_closed(self, client: Client) -> None:
        come_in(client, "carol-1")
        client.logout()
        User.objects.update(is_active=False)
        assert come_in(client, "carol-1").url == "/accounts/inactive/"
        assert signed_in(client) is None

    def test_a_second_step_is_asked_for(self, client: Client) -> None:
        come_in(client, "carol-1")
        client.logout()
        Authenticator.objects.create(
            user=User.objects.get(), type=Authenticator.Type.TOTP, data={"secret": "x"}
        )
        assert come_in(client, "carol-1").url == "/accounts/second-step/"


class TestWhoMaySignUp:
    def test_the_policy_holds_here_too(self, client: Client, settings: Settings) -> None:
        settings.SIGN_UP = "off"
        assert "Sign-up is closed" in come_in(client, "carol-1").content.decode()
        assert not User.objects.exists()

    def test_the_provider_may_decide_alone(self, client: Client, settings: Settings) -> None:
        settings.SIGN_UP, settings.SINGLE_SIGN_ON_SIGN_UP = "off", "open"
        come_in(client, "carol-1")
        assert signed_in(client)

    def test_an_invitation_is_used_up(self, client: Client, settings: Settings) -> None:
        settings.SIGN_UP = "invitation"
        _invitation, token = Invitation.issue("carol@example.org")
        client.get(f"/accounts/invitation/{token}/")
        come_in(client, "carol-1")
        assert signed_in(client)
        assert not Invitation.objects.open().exists()

    def test_an_invitation_for_somebody_else_opens_nothing(
        self, client: Client, settings: Settings
    ) -> None:
        settings.SIGN_UP = "invitation"
        _invitation, token = Invitation.issue("dave@example.org")
        client.get(f"/accounts/invitation/{token}/")
        assert come_in(client, "carol-1").status_code == 410
        assert not User.objects.exists()

    def test_where_addresses_must_be_proven_the_provider_may_prove_them(
        self, client: Client, settings: Settings
    ) -> None:
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        assert come_in(client, "carol-1").url == "/create/"
        assert come_in(client, "erin-unproven").url == "/accounts/email/sent/"
        assert signed_in(client) is None

    def test_only_the_domains_that_may(self, client: Client, settings: Settings) -> None:
        settings.SIGN_UP_DOMAINS = ["example.org"]
        come_in(client, "elsewhere")
        assert not User.objects.exists()
        come_in(client, "carol-1")
        assert signed_in(client)


class TestConnecting:
    def test_somebody_signed_in_connects_and_parts_again(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        address = leave(client, process="connect")
        confirm = client.get(sign_in_there(address, "carol-1"))
        client.post(confirm.url, {"password": PASSWORD})
        connection = SocialAccount.objects.get(user=alice)
        assert "Connected since" in client.get("/account/security/").content.decode()
        client.post("/account/provider/removal/", {"account": connection.pk})
        assert not SocialAccount.objects.exists()

    def test_the_last_way_in_is_kept(self, client: Client) -> None:
        come_in(client, "carol-1")
        connection = SocialAccount.objects.get()
        client.post("/account/provider/removal/", {"account": connection.pk})
        assert "could not come back" in client.get("/account/security/").content.decode()
        assert SocialAccount.objects.exists()


class TestWhenItGoesWrong:
    def test_a_forged_answer_opens_nothing(self, client: Client) -> None:
        response = client.get("/accounts/oidc/login/callback/?code=stolen&state=guessed")
        assert response.status_code == 502
        assert signed_in(client) is None

    def test_an_answer_for_another_browser_opens_nothing(self, client: Client) -> None:
        answer = sign_in_there(leave(Client()), "carol-1")
        assert client.get(answer).status_code == 502
        assert not User.objects.exists()

    def test_whoever_turns_back_is_at_the_door_again(self, client: Client) -> None:
        address = leave(client)
        refused = httpx.post(address, data={"action": "deny"}).headers["Location"]
        # RFC 6749 wants the state back; this provider forgets it here.
        state = parse_qs(urlsplit(address).query)["state"][0]
        path = refused.removeprefix("http://testserver")
        response = client.get(f"{path}&state={state}", follow=True)
        assert response.redirect_chain[-1][0] == "/accounts/login/"
        assert "You did not sign in" in response.content.decode()

    def test_a_provider_that_is_away_is_said_so(self, client: Client, settings: Settings) -> None:
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["settings"] |= {"server_url": "http://localhost:1"}
        response = client.post("/accounts/oidc/login/")
        assert response.status_code == 502
        assert "Example Login did not answer" in response.content.decode()


class TestTheButton:
    def test_it_names_the_provider(self, client: Client) -> None:
        assert "Sign in with Example Login" in client.get("/accounts/login/").content.decode()

    def test_it_is_not_there_without_one(self, client: Client, settings: Settings) -> None:
        settings.SINGLE_SIGN_ON, settings.SOCIALACCOUNT_PROVIDERS = "", {}
        assert "oidc" not in client.get("/accounts/login/").content.decode()
        assert client.post("/accounts/oidc/login/").status_code == 404

    def test_another_name_leads_nowhere(self, client: Client) -> None:
        assert client.post("/accounts/google/login/").status_code == 404
