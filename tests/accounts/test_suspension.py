"""Closing an account: everything its owner does stops, at once and with a word."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import suspension
from accounts.models import ApiKey, AuditEntry, StaffRole, User
from generator.contract import ImageRequest
from generator.models import Generation, Status
from generator.submission import Order, submit
from tests.factories import PASSWORD, make_key, make_user

pytestmark = pytest.mark.django_db


def sign_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def close(staff: User, *users: User, reason: str = "sends spam") -> Client:
    """Have a member of staff close accounts in the administration."""
    client = Client()
    client.force_login(staff)
    sent = {
        "action": "close",
        "_selected_action": [user.pk for user in users],
        "audit_reason": reason,
    }
    client.post("/admin/accounts/user/", sent)
    return client


def is_open(user: User) -> bool:
    user.refresh_from_db()
    return user.is_active


def test_sessions_end(alice: User, staff: User) -> None:
    browser = sign_in(alice)
    close(staff, alice)
    assert browser.get("/account/").url.startswith("/accounts/login/")


def test_no_session_comes_back_when_the_account_opens_again(alice: User, staff: User) -> None:
    browser = sign_in(alice)
    suspension.suspend(alice, by=staff, reason="a look at it")
    suspension.reopen(alice, by=staff, reason="all is well")
    assert browser.get("/account/").status_code == 302
    assert sign_in(alice).get("/account/").status_code == 200


def test_keys_stop_and_work_again(client: Client, alice: User, staff: User) -> None:
    _key, headers = make_key(alice)
    suspension.suspend(alice, by=staff, reason="a look at it")
    assert client.get("/v1/me", headers=headers).status_code == 401
    suspension.reopen(alice, by=staff, reason="all is well")
    assert ApiKey.objects.usable().count() == 1


def test_signing_in_is_refused_in_words(alice: User, staff: User) -> None:
    close(staff, alice)
    client = Client()
    sent = {"login": alice.email, "password": PASSWORD}
    page = client.post("/accounts/login/", sent, follow=True).content.decode()
    assert "This account is closed" in page


def test_what_waits_is_cancelled_and_refunded_at_once(
    alice: User,
    staff: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    waiting = submit(Order(owner=alice, request=ImageRequest(prompt="a fox", count=4)))
    assert alice.wallet.entries.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        suspension.suspend(alice, by=staff, reason="sends spam")
    assert Generation.objects.get(pk=waiting.pk).status == Status.CANCELLED
    alice.wallet.refresh_from_db()
    assert alice.wallet.balance == 200


def test_it_is_written_down_with_the_reason(alice: User, staff: User) -> None:
    close(staff, alice)
    alice.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.reason) == (staff, "user.suspend", "sends spam")
    assert (entry.subject, entry.after) == (f"user:{alice.pk}", {"is_active": False})
    assert alice.suspended_reason == "sends spam"
    assert alice.suspended_at


def test_without_a_reason_nothing_is_closed(alice: User, staff: User) -> None:
    close(staff, alice, reason=" ")
    assert is_open(alice)


def test_closing_twice_is_written_down_once(alice: User, staff: User) -> None:
    assert suspension.suspend(alice, by=staff, reason="one")
    assert not suspension.suspend(alice, by=staff, reason="two")
    assert AuditEntry.objects.count() == 1


def test_nobody_closes_their_own_account_so(alice: User, staff: User) -> None:
    page = close(staff, staff, alice).get("/admin/accounts/user/").content.decode()
    assert "You cannot close your own account here." in page
    assert (is_open(staff), is_open(alice)) == (True, False)


def test_only_an_administrator_closes_accounts_of_staff(staff: User) -> None:
    helper = make_user(staff_role=StaffRole.SUPPORT)
    with pytest.raises(suspension.MayNot):
        suspension.suspend(staff, by=helper, reason="a coup")
    assert suspension.suspend(helper, by=staff, reason="left the company")


@pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.FINANCE, StaffRole.MODERATOR])
def test_other_staff_close_nobody(alice: User, role: StaffRole) -> None:
    close(make_user(staff_role=role), alice)
    assert is_open(alice)


def test_the_person_page_says_when_and_why(alice: User, staff: User) -> None:
    client = close(staff, alice)
    page = client.get(f"/admin/accounts/user/{alice.pk}/change/").content.decode()
    assert ": sends spam" in page
