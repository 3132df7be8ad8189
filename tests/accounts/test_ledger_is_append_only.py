"""The ledger is never rewritten, whoever holds the connection."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from accounts.models import AuditEntry, CreditEntry, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_an_entry_cannot_be_changed(alice: User) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        CreditEntry.objects.update(amount=10**6)


def test_an_entry_cannot_be_deleted(alice: User) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        alice.wallet.entries.all().delete()


def test_raw_sql_cannot_change_an_entry_either(alice: User) -> None:
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE accounts_creditentry SET amount = 1000000")


class TestTheAuditLog:
    """It is guarded like the ledger."""

    @pytest.fixture(autouse=True)
    def entry(self, alice: User) -> AuditEntry:
        return AuditEntry.objects.record(alice, "user.close", alice, reason="spam")

    def test_an_entry_cannot_be_changed(self, entry: AuditEntry) -> None:
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            AuditEntry.objects.update(reason="a better one")

    def test_an_entry_cannot_be_deleted(self, entry: AuditEntry) -> None:
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            entry.delete()

    def test_whoever_is_in_it_cannot_be_deleted(self, alice: User) -> None:
        with pytest.raises((ProtectedError, DatabaseError)), transaction.atomic():
            alice.delete()

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
    @pytest.mark.parametrize("table", ["accounts_auditentry", "accounts_creditentry"])
    def test_it_cannot_be_emptied_at_once(self, table: str) -> None:
        refused = pytest.raises(DatabaseError, match="never changed")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            # What waits for the commit would refuse it first, for another reason.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_person_with_a_ledger_cannot_be_deleted(alice: User) -> None:
    with pytest.raises(ProtectedError):
        alice.delete()


@pytest.mark.django_db(transaction=True)
class TestBetweenTransactionalTests:
    """Twice the same: the second runs after the first one's flush."""

    @pytest.mark.parametrize("time", [1, 2])
    def test_the_tables_are_empty_and_the_guard_is_back(self, time: int) -> None:
        assert not User.objects.exists()
        make_user()
        with pytest.raises(DatabaseError, match="never changed"):
            CreditEntry.objects.all().delete()
