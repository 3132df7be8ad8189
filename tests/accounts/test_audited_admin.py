"""Whatever staff do in the administration is in the audit log, with before, after and why."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.admin.auditing import NOT_KEPT, Audited, ReadOnly
from accounts.models import (
    AllowancePlan,
    ApiKey,
    AuditEntry,
    Role,
    StaffRole,
    TeamInvitation,
    User,
)
from generator.models import EngineModel
from tests.factories import join, make_asset, make_key, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def change(client: Client, row: Any, **fields: Any) -> Any:
    """Save the form of a row, as it stands apart from `fields`."""
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    form = client.get(url).context["adminform"].form
    sent = {bound.html_name: bound.value() for bound in form}
    for formset in client.get(url).context["inline_admin_formsets"]:
        sent |= {bound.html_name: bound.value() for bound in formset.formset.management_form}
        for each in formset.formset:
            sent |= {bound.html_name: bound.value() for bound in each}
    sent = {name: value for name, value in (sent | fields).items() if value not in (None, False)}
    return client.post(url, sent)


def act(client: Client, row: Any, action: str, **fields: Any) -> Any:
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")
    sent = {"action": action, "_selected_action": str(row.pk), "audit_reason": "asked by mail"}
    return client.post(url, sent | fields)


def log() -> tuple[str, str, Any, Any, str]:
    entry = AuditEntry.objects.get()
    return entry.action, entry.subject, entry.before, entry.after, entry.reason


@pytest.mark.parametrize("model_admin", admin.site._registry.values(), ids=str)
def test_every_page_of_the_admin_only_shows_or_is_audited(model_admin: Any) -> None:
    assert isinstance(model_admin, Audited | ReadOnly)
    if not isinstance(model_admin, Audited):
        assert not model_admin.actions


@pytest.mark.parametrize("model_admin", admin.site._registry.values(), ids=str)
def test_no_page_of_the_admin_writes_djangos_own_log(model_admin: Any) -> None:
    for name in ("log_addition", "log_change", "log_deletions"):
        if isinstance(model_admin, Audited):
            assert getattr(type(model_admin), name) is getattr(Audited, name)


def test_a_change_says_before_after_and_why(client: Client, bob: User) -> None:
    team = make_team(bob)
    change(client, team, name="Studio South", audit_reason="moved")
    told = ({"name": "Studio North"}, {"name": "Studio South"}, "moved")
    assert log() == ("team.change", f"team:{team.pk}", *told)


def test_without_a_reason_nothing_is_changed(client: Client, bob: User) -> None:
    team = make_team(bob)
    page = change(client, team, name="Studio South")
    assert "This field is required." in page.content.decode()
    team.refresh_from_db()
    assert team.name == "Studio North"


def test_what_names_a_person_is_not_kept(client: Client, alice: User) -> None:
    change(client, alice, email="new@example.org", audit_reason="asked")
    assert log()[2:4] == ({"email": NOT_KEPT}, {"email": NOT_KEPT})


def test_a_role_is_an_action_of_its_own(client: Client, alice: User) -> None:
    change(client, alice, staff_role="support", audit_reason="new colleague")
    alice.refresh_from_db()
    assert (alice.staff_role, alice.is_staff) == (StaffRole.SUPPORT, True)
    assert log()[:4] == (
        "user.role", f"user:{alice.pk}", {"staff_role": ""}, {"staff_role": "support"}
    )  # fmt: skip


def test_a_new_password_is_noted_and_not_kept(client: Client, alice: User) -> None:
    sent = {"password1": "a long quiet winter", "password2": "a long quiet winter"}
    url = reverse("admin:auth_user_password_change", args=[alice.pk])
    client.post(url, sent | {"usable_password": "true"})
    assert log()[:4] == (
        "user.change", f"user:{alice.pk}", {"password": NOT_KEPT}, {"password": NOT_KEPT}
    )  # fmt: skip


class TestTeams:
    def test_a_member_who_is_removed_is_named_by_number(
        self, client: Client, alice: User, bob: User
    ) -> None:
        team = make_team(bob)
        member = join(team, alice, Role.EDITOR)
        sent = {"memberships-1-DELETE": "on", "audit_reason": "left the firm"}
        assert change(client, team, **sent).status_code == 302
        assert not team.memberships.filter(user=alice).exists()
        entry = AuditEntry.objects.get()
        assert entry.after == {f"membership of user:{alice.pk}": {"removed": True}}
        assert str(member) not in str(entry.after)

    def test_a_team_keeps_an_owner(self, client: Client, bob: User) -> None:
        team = make_team(bob)
        page = change(client, team, **{"memberships-0-role": "viewer", "audit_reason": "x"})
        assert "Somebody must own the team." in page.content.decode()
        assert team.memberships.get().role == Role.OWNER

    def test_owners_change_places_in_one_go(
        self, client: Client, alice: User, bob: User, staff: User
    ) -> None:
        team = make_team(bob)
        join(team, alice, Role.EDITOR)
        roles = {"memberships-0-role": "viewer", "memberships-1-role": "owner"}
        sent = {"memberships-1-monthly_limit": "7", "audit_reason": "hand-over"}
        assert change(client, team, **roles, **sent).status_code == 302
        kept = team.memberships.values_list("user", "role", "monthly_limit")
        assert set(kept) == {(bob.pk, "viewer", None), (alice.pk, "owner", 7)}
        assert AuditEntry.objects.get().after == {
            f"membership of user:{bob.pk}": {"role": "viewer"},
            f"membership of user:{alice.pk}": {"role": "owner", "monthly_limit": 7},
        }

    def test_it_is_closed_by_an_action(self, client: Client, bob: User) -> None:
        team = make_team(bob)
        act(client, team, "close")
        team.refresh_from_db()
        assert team.closed_at
        assert log()[0] == "team.close"

    def test_an_invitation_is_revoked_by_an_action(self, client: Client, bob: User) -> None:
        invitation, _token = TeamInvitation.issue(make_team(bob), Role.VIEWER, invited_by=bob)
        act(client, invitation, "revoke")
        assert not TeamInvitation.objects.open().exists()
        assert log()[0] == "teaminvitation.revoke"


class TestMoney:
    def test_a_wallet_is_put_on_a_plan(self, client: Client, alice: User) -> None:
        plan = AllowancePlan.objects.create(name="Studio", amount=100)
        change(client, alice.wallet, allowance=plan.pk, audit_reason="paid")
        assert log()[2:4] == ({"allowance": None}, {"allowance": plan.pk})

    def test_many_wallets_are_put_on_a_plan_or_off_it(self, client: Client, alice: User) -> None:
        plan = AllowancePlan.objects.create(name="Studio", amount=100)
        act(client, alice.wallet, "put_on_plan", plan=plan.pk)
        assert log()[:4] == (
            "wallet.change",
            f"wallet:{alice.wallet.pk}",
            {"allowance": None},
            {"allowance": plan.pk},
        )
        act(client, alice.wallet, "put_on_plan", plan="")
        alice.wallet.refresh_from_db()
        assert alice.wallet.allowance is None

    def test_credits_that_move_while_a_wallet_is_saved_are_kept(
        self, client: Client, alice: User
    ) -> None:
        model_admin = admin.site._registry[type(alice.wallet)]
        stale = type(alice.wallet).objects.get(pk=alice.wallet.pk)
        alice.wallet.grant(50, reference="meanwhile")
        plan = AllowancePlan.objects.create(name="Studio", amount=100)
        stale.allowance = plan

        class Form:
            changed_data = ("allowance",)

        model_admin.save_model(None, stale, Form(), change=True)  # type: ignore[arg-type]
        alice.wallet.refresh_from_db()
        assert (alice.wallet.balance, alice.wallet.allowance) == (250, plan)

    def test_a_plan_is_added_changed_and_deleted(self, client: Client) -> None:
        client.post(reverse("admin:accounts_allowanceplan_add"), {"name": "S", "amount": "5"})
        plan = AllowancePlan.objects.get()
        change(client, plan, amount="7", audit_reason="dearer")
        url = reverse("admin:accounts_allowanceplan_delete", args=[plan.pk])
        client.post(url, {"post": "yes", "audit_reason": "nobody is on it"})
        actions = [(e.action, e.before, e.after, e.reason) for e in AuditEntry.objects.all()]
        assert actions == [
            (
                "allowanceplan.delete",
                {"id": plan.pk, "name": "S", "amount": 7, "rolls_over": False},
                {},
                "nobody is on it",
            ),
            ("allowanceplan.change", {"amount": 5}, {"amount": 7}, "dearer"),
            ("allowanceplan.add", {}, {"name": "S", "amount": 5}, ""),
        ]

    @pytest.mark.parametrize("amount", ["0", "-5", "1.5", "NaN", "1000000001", "1e400"])
    def test_a_plan_of_a_bad_amount_is_refused(self, client: Client, amount: str) -> None:
        url = reverse("admin:accounts_allowanceplan_add")
        assert "errornote" in client.post(url, {"name": "S", "amount": amount}).content.decode()
        assert not AllowancePlan.objects.exists()


@pytest.mark.parametrize("action", ["unpublish", "move_to_bin"])
def test_moderation_is_noted(client: Client, alice: User, action: str) -> None:
    asset = make_asset(alice, public=True)
    act(client, asset, action, audit_reason="reported")
    assert log()[1] == f"asset:{asset.pk}"
    assert log()[4] == "reported"


def test_a_revoked_key_is_noted(client: Client, alice: User) -> None:
    key, _headers = make_key(alice)
    act(client, key, "revoke")
    assert log() == ("apikey.revoke", f"apikey:{key.pk}", {}, {}, "asked by mail")


def test_a_model_is_noted_with_its_options_untouched(client: Client) -> None:
    model = EngineModel.objects.get(slug="sketch")
    change(client, model, price="3", cost="0.04")
    model.refresh_from_db()
    assert (model.price, model.provider_cost) == (3, 40_000)
    assert log()[3] == {"price": 3, "cost": "0.04"}


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_action_without_a_reason_does_nothing(client: Client, alice: User, reason: str) -> None:
    key, _headers = make_key(alice)
    page = act(client, key, "revoke", audit_reason=reason)
    assert page.status_code == 302
    assert ApiKey.objects.usable().filter(pk=key.pk).exists()


def test_nothing_is_deleted_without_a_reason(client: Client) -> None:
    plan = AllowancePlan.objects.create(name="Studio", amount=5)
    url = reverse("admin:accounts_allowanceplan_delete", args=[plan.pk])
    assert 'name="audit_reason"' in client.get(url).content.decode()
    page = client.post(url, {"post": "yes"}, follow=True).content.decode()
    assert "Nothing was deleted: say why, for the audit log." in page
    assert AllowancePlan.objects.exists()


class TestReadingTheLog:
    def test_it_shows_who_what_and_why_with_a_link(
        self, client: Client, alice: User, staff: User
    ) -> None:
        AuditEntry.objects.record(
            staff, "user.role", alice, before={"staff_role": ""}, after={"staff_role": "support"},
            reason="<b>new</b>",
        )  # fmt: skip
        page = client.get(reverse("admin:accounts_auditentry_changelist")).content.decode()
        assert f'<a href="/admin/accounts/user/{alice.pk}/change/">user:{alice.pk}</a>' in page
        assert "- → support" in page
        assert "&lt;b&gt;new&lt;/b&gt;" in page

    def test_the_history_of_a_row_is_its_part_of_the_log(
        self, client: Client, alice: User, bob: User, staff: User
    ) -> None:
        for user in (alice, bob):
            AuditEntry.objects.record(staff, "user.close", user)
        url = reverse("admin:accounts_user_history", args=[alice.pk])
        rows = client.get(url, follow=True).context["cl"].result_list
        assert [row.subject for row in rows] == [f"user:{alice.pk}"]

    @pytest.mark.parametrize("filtered", [{"action": "user.close"}, {"q": "user.close"}])
    def test_it_is_filtered_by_action(
        self, client: Client, alice: User, staff: User, filtered: dict[str, str]
    ) -> None:
        AuditEntry.objects.record(staff, "user.close", alice)
        AuditEntry.objects.record(staff, "user.reopen", alice)
        page = client.get(reverse("admin:accounts_auditentry_changelist"), filtered)
        assert [row.action for row in page.context["cl"].result_list] == ["user.close"]
