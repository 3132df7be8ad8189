"""What each kind of staff may do: every address of the administration, for every role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from accounts.models import (
    AllowancePlan,
    ApiKey,
    AuditEntry,
    Invitation,
    Role,
    StaffRole,
    TeamInvitation,
    User,
)
from accounts.staff_rights import PERMISSIONS, holds
from gallery.models import Asset, Tag
from generator.models import PromptRule
from tests.factories import make_asset, make_key, make_team, make_user

pytestmark = pytest.mark.django_db

NONE: frozenset[str] = frozenset()
ALL = frozenset({"support", "finance", "moderator", "admin"})
FINANCE = frozenset({"finance", "admin"})
GALLERY = frozenset({"moderator", "admin"})
ADMIN = frozenset({"admin"})

#: Model -> who may look, add, change and delete there.
MODELS: dict[str, tuple[frozenset[str], ...]] = {
    "accounts.user": (ALL, ADMIN, ADMIN, NONE),
    "accounts.wallet": (ALL, NONE, FINANCE, NONE),
    "accounts.creditentry": (ALL, NONE, NONE, NONE),
    "accounts.allowanceplan": (ALL, FINANCE, FINANCE, FINANCE),
    "accounts.auditentry": (ALL, NONE, NONE, NONE),
    "accounts.apikey": (ALL, NONE, NONE, NONE),
    "accounts.invitation": (ALL, ADMIN, NONE, ADMIN),
    "accounts.team": (ALL, NONE, ADMIN, NONE),
    "accounts.teaminvitation": (ALL, NONE, NONE, NONE),
    "mfa.authenticator": (ALL, NONE, NONE, ADMIN),
    "socialaccount.socialaccount": (ALL, NONE, NONE, ADMIN),
    "gallery.asset": (ALL, NONE, GALLERY, NONE),
    "gallery.tag": (ALL, GALLERY, GALLERY, GALLERY),
    "generator.enginemodel": (ALL, ADMIN, ADMIN, ADMIN),
    "generator.promptrule": (ALL, GALLERY, GALLERY, GALLERY),
}
#: Every other address -> who gets in. Of what only takes a POST, see the tests of its feature.
PAGES: dict[str, frozenset[str]] = {
    "index": ALL,
    "login": ALL,
    "logout": ALL,
    "jsi18n": ALL,
    "autocomplete": ALL,
    "view_on_site": ALL,
    "password_change": ALL,
    "password_change_done": ALL,
    "app_list": ALL,
    "overview": ALL,
    "bulk_grant": FINANCE,
    "moderation": GALLERY,
    "accounts_wallet_movement": FINANCE,
    "auth_user_password_change": ADMIN,
    "accounts_user_export": ALL,
    "accounts_creditentry_export": ALL,
    "accounts_auditentry_export": ALL,
    "accounts_user_look": frozenset({"support", "admin"}),
    "accounts_user_erasure": ADMIN,
}
VERBS = ("changelist", "add", "change", "delete", "history")


def addresses(patterns: Any = None) -> Iterator[URLPattern]:
    for entry in admin.site.urls[0] if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns)
        elif entry.name:
            yield entry


NAMES = sorted({str(entry.name) for entry in addresses()})


def of_a_model(name: str) -> tuple[str, str] | None:
    """("accounts.user", "change") for its address."""
    found = re.fullmatch(rf"(\w+)_(\w+)_({'|'.join(VERBS)})", name)
    return (f"{found[1]}.{found[2]}", found[3]) if found and name not in PAGES else None


def welcome(name: str) -> frozenset[str]:
    """Who sees the page that a GET of this address shows."""
    if (place := of_a_model(name)) is None:
        return PAGES[name]
    view, add, _change, delete = MODELS[place[0]]
    return {"add": add, "delete": delete}.get(place[1], view)


@pytest.fixture
def rows(alice: User) -> dict[str, Any]:
    """One row of everything, by model."""
    team = make_team(alice)
    found = [
        alice,
        alice.wallet,
        alice.wallet.entries.get(),
        AllowancePlan.objects.create(name="Studio", amount=5),
        make_key(alice)[0],
        Invitation.issue("carol@example.org")[0],
        team,
        TeamInvitation.issue(team, Role.VIEWER, invited_by=alice)[0],
        Authenticator.objects.create(user=alice, type="totp", data={}),
        SocialAccount.objects.create(user=alice, provider="oidc", uid="7"),
        make_asset(alice),
        Tag.objects.create(name="fox"),
        PromptRule.objects.create(name="No foxes", words="fox*"),
        AuditEntry.objects.record(alice, "user.close", alice),
    ]
    return {row._meta.label_lower: row for row in found}


def path_to(entry: URLPattern, rows: dict[str, Any]) -> str:
    name = str(entry.name)
    place = of_a_model(name)
    model = place[0] if place else ".".join(name.split("_")[:2]).replace("auth.", "accounts.")
    row = rows.get(model)
    given = dict.fromkeys(entry.pattern.converters, row.pk if row else 1)
    given |= {key: "accounts" for key in given if key == "app_label"}
    regex = entry.pattern.regex.groupindex if hasattr(entry.pattern, "regex") else {}
    given |= {key: "accounts" for key in regex if key == "app_label"}
    return reverse(f"admin:{name}", kwargs=given)


def as_role(role: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(make_user(f"{role}@example.org", staff_role=StaffRole(role)))
    return client


def test_every_address_is_in_the_matrix() -> None:
    models = {place[0] for name in NAMES if (place := of_a_model(name))}
    assert models == set(MODELS)
    assert {name for name in NAMES if not of_a_model(name)} == set(PAGES)


@pytest.mark.parametrize("role", sorted(ALL))
def test_each_role_sees_what_the_matrix_says_and_no_more(role: str, rows: dict[str, Any]) -> None:
    client, wrong = as_role(role), []
    for entry in addresses():
        name = str(entry.name)
        if name in {"logout", "view_on_site", "autocomplete"}:
            continue
        status = client.get(path_to(entry, rows)).status_code
        if (status == 403) == (role in welcome(name)) or status >= 404:
            wrong.append((name, status))
    assert wrong == []


@pytest.mark.parametrize("model", sorted(MODELS))
@pytest.mark.parametrize("role", sorted(ALL))
def test_each_role_writes_where_the_matrix_says_and_nowhere_else(
    role: str, model: str, rows: dict[str, Any], rf: Any
) -> None:
    request = rf.get("/admin/")
    request.user = make_user(staff_role=StaffRole(role))
    here = {m._meta.label_lower: page for m, page in admin.site._registry.items()}[model]
    asked = ("view", "add", "change", "delete")
    may = [getattr(here, f"has_{verb}_permission")(request) for verb in asked]
    assert may == [role in roles for roles in MODELS[model]]


@pytest.mark.parametrize("role", sorted(ALL))
def test_forms_that_are_not_for_a_role_change_nothing(role: str, rows: dict[str, Any]) -> None:
    client = as_role(role)
    for model, row in rows.items():
        if role not in MODELS[model][2]:
            url = reverse(f"admin:{model.replace('.', '_')}_change", args=[row.pk])
            sent = {"audit_reason": "x", "name": "hacked", "staff_role": "admin"}
            assert client.post(url, sent).status_code == 403, model


@pytest.mark.parametrize(
    ("model", "action", "roles"),
    [
        ("accounts.apikey", "revoke", ADMIN),
        ("accounts.teaminvitation", "revoke", ADMIN),
        ("accounts.team", "close", ADMIN),
        ("accounts.wallet", "put_on_plan", FINANCE),
        ("gallery.asset", "unpublish", GALLERY),
        ("gallery.asset", "move_to_bin", GALLERY),
    ],
)
@pytest.mark.parametrize("role", sorted(ALL))
def test_actions_are_for_the_same_people(
    role: str, model: str, action: str, roles: frozenset[str], rows: dict[str, Any]
) -> None:
    Asset.objects.update(visibility="public")
    sent = {"action": action, "_selected_action": str(rows[model].pk), "audit_reason": "x"}
    as_role(role).post(reverse(f"admin:{model.replace('.', '_')}_changelist"), sent)
    written = AuditEntry.objects.exclude(pk=rows["accounts.auditentry"].pk)
    assert written.exists() == (role in roles)


class TestRoles:
    def test_ordinary_people_hold_nothing(self) -> None:
        assert PERMISSIONS[StaffRole.NONE] == ()

    @pytest.mark.parametrize("role", sorted(ALL - ADMIN))
    def test_nobody_below_an_administrator_gives_roles(self, role: str) -> None:
        assert not holds(role, "accounts.change_user")

    def test_nobody_changes_their_own(self, staff: User) -> None:
        client = Client()
        client.force_login(staff)
        url = reverse("admin:accounts_user_change", args=[staff.pk])
        sent = {"email": staff.email, "theme": "system", "staff_role": "", "audit_reason": "x"}
        assert client.post(url, sent).status_code == 302
        staff.refresh_from_db()
        assert (staff.staff_role, staff.is_active) == (StaffRole.ADMIN, True)

    def test_a_role_that_was_taken_is_gone_with_the_next_request(self, staff: User) -> None:
        client = Client()
        client.force_login(staff)
        staff.set_staff_role(StaffRole.NONE)
        staff.save()
        assert client.get("/admin/").status_code == 404

    def test_the_database_keeps_djangos_flags_with_the_role(self, alice: User) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=alice.pk).update(is_superuser=True, is_staff=True)


def test_moderators_see_no_private_picture_and_nobodys_prompt(alice: User) -> None:
    asset = make_asset(alice, prompt="a very private wish")
    client = as_role("moderator")
    pages = [
        client.get(reverse("admin:gallery_asset_changelist")),
        client.get(reverse("admin:gallery_asset_change", args=[asset.pk])),
        client.get(reverse("admin:gallery_asset_changelist"), {"q": "very private"}),
    ]
    assert not any("very private wish" in page.content.decode() for page in pages)
    assert client.get(f"/files/{asset.pk}/original").status_code == 404


def test_the_hash_of_a_key_is_in_no_page_and_no_table(alice: User, rows: dict[str, Any]) -> None:
    key, client = ApiKey.objects.get(), as_role("admin")
    for entry in addresses():
        if str(entry.name).startswith("accounts_"):
            answer = client.get(path_to(entry, rows))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert key.hash.encode() not in body
