"""Staff see Limner as somebody else does: marked, written down, for a while, and only to look."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts import impersonation, sessions
from accounts.models import AuditEntry, StaffRole, User
from generator.models import Generation
from tests.factories import PASSWORD, keep, make_asset, make_picture, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(db: None) -> User:
    return make_user("support@example.org", name="Sue", staff_role=StaffRole.SUPPORT)


@pytest.fixture
def looking(client: Client, support: User, alice: User) -> Client:
    """A browser in which Sue sees Limner as Alice does."""
    client.force_login(support)
    look(client, alice)
    return client


def look(client: Client, person: User, reason: str = "cannot find her lake") -> Any:
    return client.post(f"/admin/accounts/user/{person.pk}/look/", {"reason": reason})


def stop(client: Client) -> Any:
    return client.post("/accounts/impersonation/end/")


def pass_time(client: Client, seconds: float) -> None:
    """Let the look have begun so much earlier."""
    session = client.session
    session[impersonation.SESSION_KEY] |= {
        "until": session[impersonation.SESSION_KEY]["until"] - seconds
    }
    session.save()


class TestLooking:
    def test_pages_show_what_the_person_sees(self, looking: Client, alice: User) -> None:
        asset = make_asset(alice, prompt="a lake nobody else sees")
        assert looking.get("/gallery/?scope=mine").context["user"] == alice
        assert looking.get(f"/gallery/{asset.pk}/").status_code == 200

    @pytest.mark.parametrize("page", ["/create/", "/gallery/", "/account/", "/nowhere/"])
    def test_every_page_is_marked(self, looking: Client, page: str) -> None:
        shown = looking.get(page).content.decode()
        assert "You see Limner as <strong>Alice</strong> does, for 2" in shown
        assert "/accounts/impersonation/end/" in shown

    def test_no_page_is_marked_otherwise(self, client: Client, support: User) -> None:
        client.force_login(support)
        assert "You see Limner as" not in client.get("/create/").content.decode()

    def test_a_private_file_is_shown(self, looking: Client, alice: User) -> None:
        asset = keep(make_picture(alice))
        assert looking.get(asset.get_absolute_url()).status_code == 200

    def test_the_person_finds_no_session_that_is_not_theirs(
        self, support: User, alice: User
    ) -> None:
        client = Client()
        client.post("/accounts/login/", {"login": support.email, "password": PASSWORD})
        look(client, alice)
        session = client.session
        for record in session[sessions.RECORDS]:
            record["at"] -= 9000
        session.save()
        client.get("/create/")
        assert UserSession.objects.get().user == support


class TestOnlyLooking:
    @pytest.mark.parametrize(
        "page",
        [
            *("/account/keys/", "/account/theme/", "/account/security/", "/account/email/proof/"),
            *("/account/sessions/end/", "/accounts/password/change/", "/accounts/logout/"),
            *("/create/", "/accounts/oidc/login/", "/account/credits/warning/", "/account/"),
        ],
    )
    def test_nothing_is_sent(self, looking: Client, page: str) -> None:
        response = looking.post(page, {"prompt": "a fox", "name": "Mallory"})
        assert response.status_code == 403
        assert "You are only looking" in response.content.decode()

    @pytest.mark.parametrize(
        "page",
        [
            *("/account/keys/", "/account/security/", "/account/confirm/", "/account/new-page/"),
            *("/accounts/password/change/", "/accounts/logout/", "/account/security/codes/file/"),
            *("/accounts/oidc/login/callback/?code=1&state=2", "/admin/", "/admin/login/"),
        ],
    )
    def test_what_opens_doors_is_shut(self, looking: Client, page: str) -> None:
        assert looking.get(page).status_code == 403

    def test_nothing_is_spent(self, looking: Client, alice: User) -> None:
        looking.post("/create/", {"prompt": "a fox", "model": "sketch", "count": "1"})
        assert not Generation.objects.exists()
        alice.wallet.refresh_from_db()
        assert alice.wallet.balance == 200

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
    def test_no_other_method_passes(self, looking: Client, method: str) -> None:
        assert getattr(looking, method)("/gallery/").status_code == 403

    def test_credits_may_be_looked_at(self, looking: Client) -> None:
        assert "You have 200 credits" in looking.get("/account/credits/").content.decode()


class TestWhoMay:
    @pytest.mark.parametrize("role", [StaffRole.NONE, StaffRole.FINANCE, StaffRole.MODERATOR])
    def test_nobody_without_the_right(self, client: Client, alice: User, role: StaffRole) -> None:
        client.force_login(make_user(staff_role=role))
        assert look(client, alice).status_code in {403, 404}
        assert impersonation.SESSION_KEY not in client.session

    @pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.ADMIN])
    def test_whoever_has_it(self, client: Client, alice: User, role: StaffRole) -> None:
        client.force_login(make_user(staff_role=role))
        assert look(client, alice).url == "/create/"

    def test_nobody_looks_as_staff(self, client: Client, support: User, staff: User) -> None:
        client.force_login(support)
        assert look(client, staff).status_code == 404

    def test_nobody_looks_as_a_closed_account(
        self, client: Client, support: User, alice: User
    ) -> None:
        User.objects.filter(pk=alice.pk).update(is_active=False)
        client.force_login(support)
        assert look(client, alice).status_code == 404

    def test_who_looks_cannot_look_further(self, looking: Client, bob: User) -> None:
        assert look(looking, bob).status_code == 403

    def test_without_a_reason_nobody_looks(
        self, client: Client, support: User, alice: User
    ) -> None:
        client.force_login(support)
        assert look(client, alice, reason=" ").status_code == 422
        assert impersonation.SESSION_KEY not in client.session

    def test_the_person_page_leads_there(self, client: Client, support: User, alice: User) -> None:
        client.force_login(support)
        page = client.get(f"/admin/accounts/user/{alice.pk}/change/").content.decode()
        assert f"/admin/accounts/user/{alice.pk}/look/" in page
        assert client.get(f"/admin/accounts/user/{alice.pk}/look/").status_code == 200


class TestTheEnd:
    def test_stopping_makes_one_oneself_again(
        self, looking: Client, support: User, alice: User
    ) -> None:
        response = stop(looking)
        assert response.url == f"/admin/accounts/user/{alice.pk}/change/"
        assert response["Clear-Site-Data"] == '"cache"'
        assert looking.get("/create/").context["user"] == support

    def test_it_ends_by_itself_after_half_an_hour(self, looking: Client, support: User) -> None:
        pass_time(looking, impersonation.SECONDS - 60)
        assert looking.get("/create/").status_code == 200
        pass_time(looking, 60)
        assert looking.get("/create/").status_code == 302
        assert looking.get("/create/").context["user"] == support

    def test_a_fragment_moves_the_whole_page_then(self, looking: Client, alice: User) -> None:
        pass_time(looking, impersonation.SECONDS)
        response = looking.get("/jobs/", headers={"HX-Request": "true"})
        assert response["HX-Redirect"] == f"/admin/accounts/user/{alice.pk}/change/"

    def test_it_ends_when_the_right_is_taken(self, looking: Client, support: User) -> None:
        support.set_staff_role(StaffRole.FINANCE)
        support.save()
        assert looking.get("/create/").status_code == 302
        assert looking.get("/create/").context["user"] == support

    def test_it_ends_when_the_person_becomes_staff(self, looking: Client, alice: User) -> None:
        alice.set_staff_role(StaffRole.ADMIN)
        alice.save()
        assert looking.get("/create/").status_code == 302

    def test_stopping_twice_is_no_error(self, looking: Client) -> None:
        stop(looking)
        assert stop(looking).url == "/create/"


def test_begin_and_end_are_written_down(looking: Client, support: User, alice: User) -> None:
    stop(looking)
    ended, begun = AuditEntry.objects.all()
    assert (begun.action, ended.action) == ("user.impersonate", "user.impersonate_end")
    assert begun.reason == "cannot find her lake"
    assert {begun.actor, ended.actor} == {support}
    assert {begun.subject, ended.subject} == {f"user:{alice.pk}"}
    assert ended.after == {"ended": "stopped"}


def test_expiry_is_written_down(looking: Client) -> None:
    pass_time(looking, impersonation.SECONDS)
    looking.get("/create/")
    assert AuditEntry.objects.first().after == {"ended": "expired"}  # type: ignore[union-attr]


def test_programs_are_not_concerned(looking: Client) -> None:
    assert looking.get("/v1/me").status_code == 401
