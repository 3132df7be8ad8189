"""Take the prompts out of the ledger: an entry outlives its buyer's account, a prompt must not.

Charges for pictures carried the first 200 characters of the prompt as their reason. The job holds
them, and forgets them with its owner. Amounts, balances and references stay as they are; this is
the one time that entries change, so the guard is lifted for it.
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ledger = import_module("accounts.migrations.0002_append_only_ledger")


def forget_prompts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    entries = apps.get_model("accounts", "CreditEntry").objects.filter(kind="charge")
    entries.filter(reference__startswith="generation:").exclude(reason="").update(reason="")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_copies_and_erasures")]
    operations = [
        migrations.RunPython(ledger.unguard, ledger.guard),
        migrations.RunPython(forget_prompts, migrations.RunPython.noop),
        migrations.RunPython(ledger.guard, ledger.unguard),
    ]
