"""The migration that takes prompts out of older entries: words only, and the guard is back."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import DatabaseError

from accounts.invariants import breaches
from accounts.models import CreditEntry, User

migration = import_module("accounts.migrations.0010_prompts_leave_the_ledger")


@pytest.mark.django_db(transaction=True)
def test_charges_for_pictures_lose_their_words_and_nothing_else(alice: User) -> None:
    alice.wallet.charge(3, reference="generation:1", reason="a secret garden")
    alice.wallet.refund(1, reference="generation:1", reason="The engine stopped.")
    before = list(CreditEntry.objects.order_by("id").values_list("kind", "amount", "balance"))
    with connection.schema_editor() as editor:
        for operation in migration.Migration.operations:
            operation.code(apps, editor)
    after = CreditEntry.objects.order_by("id")
    assert list(after.values_list("kind", "amount", "balance")) == before
    assert list(after.values_list("reason", flat=True)) == ["Welcome", "", "The engine stopped."]
    assert list(breaches()) == []
    with pytest.raises(DatabaseError):
        CreditEntry.objects.update(reason="changed")
