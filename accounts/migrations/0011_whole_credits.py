"""No fraction of a credit, whoever writes: SQLite's columns would keep one."""

from importlib import import_module

import django.db.models.functions.comparison
from django.db import migrations, models

ledger = import_module("accounts.migrations.0002_append_only_ledger")


def is_whole(column: str) -> models.Q:
    whole = django.db.models.functions.comparison.Cast(column, models.BigIntegerField())
    return models.Q((column, whole))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_prompts_leave_the_ledger")]
    operations = [
        # SQLite rebuilds the table, and its triggers would go with it.
        migrations.RunPython(ledger.unguard, ledger.guard),
        migrations.AddConstraint(
            model_name="creditentry",
            constraint=models.CheckConstraint(
                condition=is_whole("amount"), name="entry_amount_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="wallet",
            constraint=models.CheckConstraint(
                condition=is_whole("balance"), name="wallet_balance_whole"
            ),
        ),
        migrations.RunPython(ledger.guard, ledger.unguard),
    ]
