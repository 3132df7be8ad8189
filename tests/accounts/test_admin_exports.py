"""Lists of the administration as CSV: whole, narrowed like the list, and safe to open."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def table(client: Client, model: str, **query: str) -> list[dict[str, str]]:
    answer: Any = client.get(reverse(f"admin:accounts_{model}_export"), query)
    assert answer.streaming
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{model}-')
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_people_with_what_they_hold(client: Client, alice: User, staff: User) -> None:
    rows = {row["email"]: row for row in table(client, "user")}
    assert set(rows) == {alice.email, staff.email}
    assert rows[alice.email]["wallet__balance"] == "200"
    assert "password" not in rows[alice.email]


def test_the_ledger_with_signed_numbers(client: Client, alice: User) -> None:
    alice.wallet.charge(30, reference="generation:7")
    row = table(client, "creditentry", wallet__id__exact=str(alice.wallet.pk))[0]
    assert (row["amount"], row["balance"], row["reference"]) == ("-30", "170", "generation:7")


def test_the_log_with_before_and_after(client: Client, alice: User, staff: User) -> None:
    AuditEntry.objects.record(staff, "user.role", alice, after={"staff_role": "support"})
    rows = {row["action"]: row for row in table(client, "auditentry")}
    assert rows["user.role"]["after"] == '{"staff_role": "support"}'


def test_it_is_narrowed_like_the_list(client: Client, alice: User, bob: User) -> None:
    assert [row["email"] for row in table(client, "user", q="alice")] == [alice.email]


def test_a_name_that_is_a_formula_is_text(client: Client) -> None:
    make_user("eve@example.org", name='=HYPERLINK("https://evil.example","click")')
    names = [row["name"] for row in table(client, "user", q="eve")]
    assert names == ['\'=HYPERLINK("https://evil.example","click")']


def test_taking_a_list_away_is_in_the_log_without_what_was_searched(
    client: Client, alice: User, staff: User
) -> None:
    table(client, "user", q=alice.email)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.after) == (
        staff,
        "user.export",
        {"narrowed by": ["q"]},
    )


def test_any_number_of_rows_takes_the_same_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_user()
    with django_assert_max_num_queries(8):
        assert len(table(client, "user")) == 31


def test_a_link_on_the_list_keeps_its_filters(client: Client, alice: User) -> None:
    page = client.get(reverse("admin:accounts_user_changelist"), {"q": "alice"}).content.decode()
    assert 'href="/admin/accounts/user/export/?q=alice"' in page
