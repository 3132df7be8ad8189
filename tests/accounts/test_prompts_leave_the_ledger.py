"""The migrations that take prompts out of older entries: words only, and the guard is back."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import DatabaseError

from accounts.invariants import breaches
from accounts.models import CreditEntry, User


@pytest.mark.parametrize(
    ("migration", "left"),
    [
        ("0010_prompts_leave_the_ledger", ["Welcome", "", "Blocked: a secret garden"]),
        ("0012_refusals_leave_the_ledger", ["Welcome", "a secret garden", ""]),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_entries_for_pictures_lose_their_words_and_nothing_else(
    alice: User, migration: str, left: list[str]
) -> None:
    alice.wallet.charge(3, reference="generation:1", reason="a secret garden")
    alice.wallet.refund(1, reference="generation:1", reason="Blocked: a secret garden")
    before = list(CreditEntry.objects.order_by("id").values_list("kind", "amount", "balance"))
    with connection.schema_editor() as editor:
        for operation in import_module(f"accounts.migrations.{migration}").Migration.operations:
            operation.code(apps, editor)
    after = CreditEntry.objects.order_by("id")
    assert list(after.values_list("kind", "amount", "balance")) == before
    assert list(after.values_list("reason", flat=True)) == left
    assert list(breaches()) == []
    with pytest.raises(DatabaseError):
        CreditEntry.objects.update(reason="changed")
