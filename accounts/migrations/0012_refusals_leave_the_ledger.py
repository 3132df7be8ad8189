"""Take out of refunds what engines and providers said: their words may quote the prompt.

The job holds them, and forgets them with its owner; see 0010.
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ledger = import_module("accounts.migrations.0002_append_only_ledger")


def forget_refusals(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    entries = apps.get_model("accounts", "CreditEntry").objects.filter(kind="refund")
    entries.filter(reference__startswith="generation:").exclude(reason="").update(reason="")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_whole_credits")]
    operations = [
        migrations.RunPython(ledger.unguard, ledger.guard),
        migrations.RunPython(forget_refusals, migrations.RunPython.noop),
        migrations.RunPython(ledger.guard, ledger.unguard),
    ]
