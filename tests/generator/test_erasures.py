"""Deleting an account: the door closes at once, all that is personal goes, the books stay right."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.test import Client

from accounts import erasure, personal_data
from accounts.models import (
    ApiKey,
    AuditEntry,
    Erasure,
    Invitation,
    Membership,
    Role,
    StaffRole,
    TeamInvitation,
    User,
)
from gallery.models import Asset, Upload
from generator.models import IdempotencyKey, Status
from tests.factories import PASSWORD, join, keep, make_key, make_picture, make_team
from tests.generator.leaving import WORDS, dump, live_a_little, order, problems
from tests.generator.orders import make_model

PAGE = "/account/deletion/"


@pytest.fixture(autouse=True)
def no_grace(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sends anything just before the door closes."""
    monkeypatch.setattr(erasure, "GRACE", erasure.dt.timedelta(0))


def proven(client: Client, user: User) -> Client:
    client.force_login(user)
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


def erase(user: User, by: User | None = None) -> Erasure:
    gone = erasure.begin(user, by=by or user)
    assert erasure.go_on_all() == 1
    return gone


def test_nothing_that_is_personal_is_left_anywhere(alice: User, bob: User) -> None:
    files = live_a_little(alice, bob)
    assert all(map(default_storage.exists, files))
    assert WORDS in dump()
    erase(alice)
    left = dump()
    for hidden in ("alice@example.org", '"Alice"', WORDS):
        assert hidden not in left
    assert not any(map(default_storage.exists, files))
    for model in (Asset, Upload):
        assert not model.objects.filter(owner=alice).exists()
    assert not IdempotencyKey.objects.filter(user=alice).exists()


def test_the_books_stay_right_under_a_number(alice: User, bob: User) -> None:
    live_a_little(alice, bob)
    entries = list(alice.wallet.entries.filter(kind="charge").values_list("amount", "balance"))
    erase(alice)
    assert list(alice.wallet.entries.filter(kind="charge").values_list("amount", "balance")) == (
        entries
    )
    assert problems() == ""
    alice.refresh_from_db()
    assert str(alice) == f"Deleted account {alice.pk}"
    assert alice.email.endswith("@account.invalid")


def test_waiting_work_is_cancelled_and_refunded(alice: User, bob: User) -> None:
    make_model("blank", price=50)
    team = make_team(bob, credits=100)
    join(team, alice, Role.EDITOR)
    paid_by_team, paid_alone = order(alice, payer=team.wallet), order(alice)
    erase(alice)
    for generation in (paid_by_team, paid_alone):
        generation.refresh_from_db()
        assert generation.status == Status.CANCELLED
    team.wallet.refresh_from_db()
    assert (team.wallet.balance, alice.wallet.entries.first().balance) == (100, 200)


def test_the_pictures_and_likes_of_others_stay(alice: User, bob: User) -> None:
    live_a_little(alice, bob)
    erase(alice)
    [theirs] = Asset.objects.filter(owner=bob)
    assert default_storage.exists(theirs.file)
    assert theirs.like_count == 0


def test_keys_sessions_and_passwords_open_nothing_any_more(client: Client, alice: User) -> None:
    _key, headers = make_key(alice)
    elsewhere = Client()
    elsewhere.force_login(alice)
    proven(client, alice).post(PAGE, {"email": "Alice@Example.org"})
    assert Client(headers=headers).get("/v1/me").status_code == 401
    for browser in (client, elsewhere):
        assert browser.get("/account/").status_code == 302
    for email in ("alice@example.org", User.objects.get(pk=alice.pk).email):
        sent = {"login": email, "password": PASSWORD}
        assert Client().post("/accounts/login/", sent).status_code == 422


def test_the_same_address_may_sign_up_anew(client: Client, alice: User) -> None:
    erase(alice)
    fields = {"email": "alice@example.org", "name": "A", "password1": PASSWORD}
    assert client.post("/accounts/signup/", fields).status_code == 302
    anew = User.objects.get(email="alice@example.org")
    assert anew.pk != alice.pk
    assert anew.wallet.balance == 200


def test_it_needs_the_password_once_more(client: Client, alice: User) -> None:
    client.force_login(alice)
    response = client.post(PAGE, {"email": "alice@example.org"})
    assert response["Location"].startswith("/account/confirm/")
    assert User.objects.filter(email="alice@example.org").exists()


@pytest.mark.parametrize("typed", ["", "bob@example.org", "alice", "yes"])
def test_it_needs_the_address_typed_out(client: Client, alice: User, typed: str) -> None:
    response = proven(client, alice).post(PAGE, {"email": typed})
    assert response.status_code == 422
    assert 'id="id_email_error"' in response.content.decode()
    assert not Erasure.objects.exists()


def test_the_page_says_what_will_happen(client: Client, alice: User, bob: User) -> None:
    make_team(alice, name="Solo")
    join(make_team(bob, name="Duo"), alice, Role.EDITOR)
    page = proven(client, alice).get(PAGE).content.decode()
    assert "The 200 credits in your wallet are lost." in page
    assert "The team “Solo”, which nobody else is in, is closed." in page
    assert "You leave the team “Duo”." in page


def test_the_last_owner_of_a_team_with_others_in_it_has_to_stay(
    client: Client, alice: User, bob: User
) -> None:
    team = make_team(alice, name="Duo")
    join(team, bob, Role.EDITOR)
    proven(client, alice)
    assert "“Duo” would have no owner" in client.get(PAGE).content.decode()
    refused = client.post(PAGE, {"email": "alice@example.org"})
    assert refused.status_code == 422
    assert "“Duo” would have no owner" in refused.content.decode()
    with pytest.raises(erasure.StillNeeded):
        erasure.begin(alice, by=alice)
    assert User.objects.filter(email="alice@example.org", is_active=True).exists()
    team.memberships.get(user=bob).take_role(Role.OWNER)
    assert client.post(PAGE, {"email": "alice@example.org"}).status_code == 302
    assert list(team.memberships.values_list("user", flat=True)) == [bob.pk]


def test_a_team_of_one_is_closed_and_forgets_its_name(alice: User) -> None:
    team = make_team(alice, name="Alice's own")
    erase(alice)
    team.refresh_from_db()
    assert team.closed_at is not None
    assert team.name == f"Deleted team {team.pk}"
    assert not Membership.objects.filter(team=team).exists()


def test_the_only_administrator_has_to_stay(staff: User, alice: User) -> None:
    with pytest.raises(erasure.StillNeeded):
        erasure.begin(staff, by=staff)
    alice.set_staff_role(StaffRole.ADMIN)
    alice.save()
    erase(staff)
    staff.refresh_from_db()
    assert (staff.staff_role, staff.is_staff, staff.is_superuser) == ("", False, False)


def test_staff_do_it_on_request_and_it_is_written_down(alice: User, staff: User) -> None:
    gone = erasure.begin(alice, by=staff, reason="asked by letter")
    logged = AuditEntry.objects.get(action="user.erase")
    assert (logged.actor, logged.subject) == (staff, f"user:{alice.pk}")
    assert (logged.reason, gone.asked_by) == ("asked by letter", staff)


def test_invitations_to_the_address_are_void(alice: User, bob: User) -> None:
    Invitation.issue("alice@example.org", bob)
    way, _token = TeamInvitation.issue(
        make_team(bob), Role.VIEWER, invited_by=bob, email="alice@example.org"
    )
    erase(alice)
    way.refresh_from_db()
    assert way.email == ""
    assert way.revoked_at is not None
    assert not Invitation.objects.exists()


def test_whatever_signs_in_is_gone(client: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True)
    client.force_login(alice)
    client.get("/account/")
    erase(alice)
    assert not EmailAddress.objects.filter(user=alice).exists()
    assert not User.objects.get(pk=alice.pk).has_usable_password()
    assert not ApiKey.objects.usable().filter(user=alice).exists()
    assert Session.objects.exists() is False or client.get("/account/").status_code == 302


def test_asking_twice_is_the_same_as_once(alice: User) -> None:
    first = erasure.begin(alice, by=alice)
    alice.refresh_from_db()
    assert erasure.begin(alice, by=alice) == first
    assert first.asked_by == alice


def test_what_came_in_just_as_the_door_closed_goes_too(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "GRACE", erasure.dt.timedelta(minutes=1))
    make_model("blank")
    gone = erasure.begin(alice, by=alice)
    assert erasure.go_on_all() == 0
    order(alice)
    keep(make_picture(alice, prompt=WORDS))
    monkeypatch.setattr(erasure, "GRACE", erasure.dt.timedelta(0))
    assert erasure.go_on_all() == 1
    gone.refresh_from_db()
    assert gone.finished_at is not None
    assert WORDS not in dump()
    assert erasure.go_on_all() == 0


def test_one_that_cannot_be_erased_now_holds_up_nobody(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = personal_data.forget
    erasure.begin(alice, by=alice)
    erasure.begin(bob, by=bob)

    def fails_for_alice(user: User) -> None:
        if user == alice:
            raise OSError("storage is away")
        real(user)

    monkeypatch.setattr(personal_data, "forget", fails_for_alice)
    assert erasure.go_on_all() == 1
    monkeypatch.undo()
