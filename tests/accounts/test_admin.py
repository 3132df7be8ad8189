"""The administration: who sees it, what cannot be done there, and how credits move."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.forms import modelform_factory
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, AuditEntry, CreditEntry, Invitation, Kind, StaffRole, User
from tests.factories import PASSWORD, make_key, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def movement(client: Client, user: User, **fields: Any) -> Any:
    """Fill in and confirm in one, as the second page sends it."""
    url = reverse("admin:accounts_wallet_movement", args=[user.wallet.pk])
    ticket = "6f0c6a3e-54c6-4e6f-9b1b-5a7b6f1d2c3e"
    sent = {"amount": "50", "reason": "thanks", "ticket": ticket, "confirm": "yes"}
    return client.post(url, sent | fields)


class TestWhoGetsIn:
    def test_strangers_are_sent_to_the_door_everybody_uses(self) -> None:
        response = Client().get("/admin/accounts/user/")
        assert response.url == "/accounts/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"

    def test_its_own_door_is_walled_up(self, staff: User) -> None:
        sent = {"username": staff.email, "password": PASSWORD}
        response = Client().post("/admin/login/", sent)
        assert response.url.startswith("/accounts/login/")

    def test_its_button_signs_out(self, client: Client) -> None:
        response = client.post("/admin/logout/", follow=True)
        assert response.redirect_chain[0] == ("/accounts/logout/", 307)
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "/admin/login/"])
    def test_for_ordinary_people_it_is_not_there(self, alice: User, path: str) -> None:
        client = Client()
        client.force_login(alice)
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("model", ["user", "wallet", "creditentry", "apikey", "invitation"])
def test_every_list_opens_and_can_be_searched(client: Client, alice: User, model: str) -> None:
    make_key(alice)
    Invitation.issue("carol@example.org")
    assert client.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200
    found = client.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "alice"})
    assert found.status_code == 200


@pytest.mark.parametrize("model", ["user", "wallet", "creditentry", "apikey", "invitation"])
def test_every_row_opens(client: Client, alice: User, model: str) -> None:
    make_key(alice)
    Invitation.issue("carol@example.org")
    pk = first_pk(model)
    assert client.get(reverse(f"admin:accounts_{model}_change", args=[pk])).status_code == 200


def first_pk(model: str) -> int:
    models = {
        m._meta.model_name: m for m in admin.site._registry if m._meta.app_label == "accounts"
    }
    return int(models[model]._default_manager.first().pk)


class TestTheLedgerThere:
    @pytest.mark.parametrize("page", ["add", "change", "delete"])
    def test_it_cannot_be_written(self, client: Client, alice: User, page: str) -> None:
        entry = alice.wallet.entries.get()
        args = [] if page == "add" else [entry.pk]
        url = reverse(f"admin:accounts_creditentry_{page}", args=args)
        assert client.post(url, {"amount": "1000000", "post": "yes"}).status_code == 403
        assert alice.wallet.entries.get().amount == 200

    def test_it_cannot_be_emptied_by_an_action(self, client: Client, alice: User) -> None:
        entry = alice.wallet.entries.get()
        sent = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
        client.post(reverse("admin:accounts_creditentry_changelist"), sent)
        assert CreditEntry.objects.filter(pk=entry.pk).exists()

    def test_a_balance_cannot_be_typed_in(self, client: Client, alice: User) -> None:
        url = reverse("admin:accounts_wallet_change", args=[alice.wallet.pk])
        client.post(url, {"balance": "1000000", "allowance": "", "audit_reason": "greed"})
        alice.wallet.refresh_from_db()
        assert alice.wallet.balance == 200


class TestMovingCredits:
    def test_a_grant_names_amount_reason_and_who(
        self, client: Client, alice: User, staff: User
    ) -> None:
        assert movement(client, alice).status_code == 302
        entry = alice.wallet.entries.first()
        assert (entry.kind, entry.amount, entry.balance) == (Kind.GRANT, 50, 250)
        assert (entry.reason, entry.actor) == ("thanks", staff)

    def test_it_is_in_the_log_with_before_and_after(self, client: Client, alice: User) -> None:
        movement(client, alice)
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.subject) == ("credits.grant", f"wallet:{alice.wallet.pk}")
        assert (entry.before, entry.after) == ({"balance": 200}, {"balance": 250})
        assert entry.reason == "thanks"

    def test_before_and_after_are_shown_ahead_of_it(self, client: Client, alice: User) -> None:
        url = reverse("admin:accounts_wallet_movement", args=[alice.wallet.pk])
        first = client.get(url).context["form"]
        sent = {"amount": "50", "reason": "thanks", "ticket": first["ticket"].value()}
        page = client.post(url, sent).content.decode()
        assert "200 → <strong>250</strong>" in page
        assert alice.wallet.entries.count() == 1

    def test_a_second_click_moves_nothing(self, client: Client, alice: User) -> None:
        movement(client, alice)
        movement(client, alice)
        alice.wallet.refresh_from_db()
        assert alice.wallet.balance == 250

    def test_below_zero_it_is_a_correction(self, client: Client, alice: User) -> None:
        movement(client, alice, amount="-30")
        entry = alice.wallet.entries.first()
        assert (entry.kind, entry.amount, entry.balance) == (Kind.CORRECTION, -30, 170)

    @pytest.mark.parametrize(
        "fields",
        [
            {"reason": ""},
            {"reason": "  "},
            {"amount": "0"},
            {"amount": "-201"},
            {"amount": "1.5"},
            {"amount": "1e309"},
            {"amount": ""},
            {"ticket": "x"},
            {"last_day": "2999-01-01"},
        ],
    )
    def test_a_bad_form_moves_nothing(
        self, client: Client, alice: User, fields: dict[str, str]
    ) -> None:
        assert movement(client, alice, **fields).status_code == 422
        assert alice.wallet.entries.count() == 1

    def test_a_closed_account_is_granted_nothing_and_put_right(
        self, client: Client, alice: User
    ) -> None:
        User.objects.filter(pk=alice.pk).update(is_active=False)
        assert movement(client, alice).status_code == 422
        assert movement(client, alice, is_correction="on").status_code == 302
        assert [entry.kind for entry in alice.wallet.entries.all()] == ["correction", "grant"]

    @pytest.mark.parametrize("entry", ["9" * 5000, "²", "-1", "x"])
    def test_an_entry_that_cannot_be_is_not_put_right(
        self, client: Client, alice: User, entry: str
    ) -> None:
        url = reverse("admin:accounts_wallet_movement", args=[alice.wallet.pk])
        assert client.get(url, {"corrects": entry}).context["form"].initial == {}

    def test_a_look_is_no_permission_to_grant(self, alice: User) -> None:
        viewer = make_user(staff_role=StaffRole.SUPPORT)
        client = Client()
        client.force_login(User.objects.get(pk=viewer.pk))
        assert movement(client, alice).status_code == 403
        assert alice.wallet.entries.count() == 1


class TestPeopleThere:
    def test_a_new_person_gets_a_wallet(self, client: Client) -> None:
        sent = {"email": "Carol@example.org", "name": "Carol", "usable_password": "true"}
        sent |= {"password1": "a long quiet winter", "password2": "a long quiet winter"}
        assert client.post(reverse("admin:accounts_user_add"), sent).status_code == 302
        assert User.objects.get(email="carol@example.org").wallet.balance == 200

    def test_a_changed_address_ends_the_old_one(self, client: Client, alice: User) -> None:
        EmailAddress.objects.create(user=alice, email=alice.email, primary=True)
        sent = {"email": "new@example.org", "name": "", "theme": "system", "is_active": "on"}
        sent |= {"audit_reason": "asked by mail"}
        client.post(reverse("admin:accounts_user_change", args=[alice.pk]), sent)
        assert not Client().login(email="alice@example.org", password=PASSWORD)
        assert Client().login(email="new@example.org", password=PASSWORD)

    def test_nobody_is_deleted(self, client: Client, alice: User) -> None:
        url = reverse("admin:accounts_user_delete", args=[alice.pk])
        assert client.post(url, {"post": "yes"}).status_code == 403

    def test_a_closed_account_is_out_at_once(self, client: Client, alice: User) -> None:
        theirs = Client()
        theirs.force_login(alice)
        sent = {"action": "close", "_selected_action": [alice.pk], "audit_reason": "spam"}
        client.post(reverse("admin:accounts_user_changelist"), sent)
        assert theirs.get("/account/").status_code == 302

    def test_staff_who_may_edit_people_cannot_make_themselves_more(self, alice: User) -> None:
        alice.set_staff_role(StaffRole.SUPPORT)
        alice.save()
        alice.user_permissions.add(*Permission.objects.filter(codename__endswith="_user"))
        client = Client()
        client.force_login(User.objects.get(pk=alice.pk))
        sent = {"email": alice.email, "theme": "system", "is_active": "on", "is_superuser": "on"}
        client.post(reverse("admin:accounts_user_change", args=[alice.pk]), sent)
        alice.refresh_from_db()
        assert not alice.is_superuser


def test_a_password_that_is_changed_while_staff_save_something_else_stays_changed(
    alice: User,
) -> None:
    form = modelform_factory(User, fields=["email"])({"email": "a@example.org"}, instance=alice)
    assert form.is_valid()
    User.objects.filter(pk=alice.pk).update(password="new")
    admin.site._registry[User].save_model(HttpRequest(), alice, form, change=True)
    alice.refresh_from_db()
    assert (alice.email, alice.password) == ("a@example.org", "new")


def test_keys_are_revoked_by_an_action(client: Client, alice: User) -> None:
    key, _headers = make_key(alice)
    sent = {"action": "revoke", "_selected_action": [key.pk], "audit_reason": "leaked"}
    client.post(reverse("admin:accounts_apikey_changelist"), sent)
    assert not ApiKey.objects.usable().exists()


def test_the_hash_of_a_key_is_not_shown(client: Client, alice: User) -> None:
    key, _headers = make_key(alice)
    page = client.get(reverse("admin:accounts_apikey_change", args=[key.pk])).content.decode()
    assert key.hash not in page


def test_an_invitation_shows_its_link_once(client: Client, staff: User) -> None:
    url = reverse("admin:accounts_invitation_add")
    page = client.post(url, {"email": "Carol@example.org"}, follow=True).content.decode()
    assert "http://127.0.0.1:8000/accounts/invitation/" in page
    assert Invitation.objects.get().invited_by == staff
    again = client.get(reverse("admin:accounts_invitation_changelist")).content.decode()
    assert "http://127.0.0.1:8000/accounts/invitation/" not in again


def test_a_hostile_name_is_text_there(client: Client) -> None:
    user = make_user(name='"><script>alert(1)</script>')
    page = client.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()
    assert "<script>alert(1)" not in page
