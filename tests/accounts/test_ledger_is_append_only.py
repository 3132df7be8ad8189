"""The ledger is never rewritten, whoever holds the connection."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from accounts.models import CreditEntry, User
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
