"""Deleting an account at its owner's request: by an administrator, once, and written down."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import suspension
from accounts.models import AuditEntry, Erasure, Role, StaffRole, User
from tests.factories import join, make_team, make_user

pytestmark = pytest.mark.django_db
SENT = {"email": "alice@example.org", "reason": "letter of 3 May"}


def page(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/erasure/"


def test_an_administrator_deletes_it_and_that_is_written_down(
    client: Client, alice: User, staff: User
) -> None:
    client.force_login(staff)
    change = client.get(f"/admin/accounts/user/{alice.pk}/change/").content.decode()
    assert page(alice) in change
    assert "alice@example.org" in client.get(page(alice)).content.decode()
    assert client.post(page(alice), SENT).status_code == 302
    logged = AuditEntry.objects.get(action="user.erase")
    assert (logged.actor, logged.subject, logged.reason) == (
        staff,
        f"user:{alice.pk}",
        "letter of 3 May",
    )
    assert not User.objects.filter(email="alice@example.org").exists()


@pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.FINANCE, StaffRole.MODERATOR])
def test_other_staff_do_not(client: Client, alice: User, role: StaffRole) -> None:
    client.force_login(make_user(staff_role=role))
    assert client.post(page(alice), SENT).status_code == 403
    assert not Erasure.objects.exists()


def test_for_others_the_page_is_not_there(client: Client, alice: User, mallory: User) -> None:
    client.force_login(mallory)
    assert client.post(page(alice), SENT).status_code == 404
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("missing", ["email", "reason"])
def test_address_and_reason_are_needed(
    client: Client, alice: User, staff: User, missing: str
) -> None:
    client.force_login(staff)
    assert client.post(page(alice), SENT | {missing: ""}).status_code == 422
    assert not Erasure.objects.exists()


def test_nobody_deletes_their_own_account_here(client: Client, staff: User) -> None:
    client.force_login(staff)
    assert client.post(page(staff), SENT | {"email": staff.email}).status_code == 403


def test_a_team_that_would_have_no_owner_is_named(
    client: Client, alice: User, bob: User, staff: User
) -> None:
    join(make_team(alice, name="Duo"), bob, Role.EDITOR)
    client.force_login(staff)
    assert "“Duo” would have no owner" in client.get(page(alice)).content.decode()
    assert client.post(page(alice), SENT).status_code == 422
    assert not Erasure.objects.exists()


def test_a_deleted_account_is_not_opened_again(client: Client, alice: User, staff: User) -> None:
    client.force_login(staff)
    client.post(page(alice), SENT)
    alice.refresh_from_db()
    assert not suspension.reopen(alice, by=staff, reason="came back")
    alice.refresh_from_db()
    assert not alice.is_active
    assert client.get(page(alice)).status_code == 404
    assert client.get(f"/admin/accounts/user/{alice.pk}/change/").status_code == 200
