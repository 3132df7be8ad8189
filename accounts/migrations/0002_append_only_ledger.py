"""Triggers that keep the ledger append-only, whoever writes to the database.

SQLite drops a table's triggers when a later migration rebuilds the table
(AlterField and the like): such a migration must run `guard` again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MESSAGE = "credit entries are never changed or deleted"

GUARD = {
    "sqlite": [
        f"CREATE TRIGGER creditentry_no_{verb.lower()} BEFORE {verb} ON accounts_creditentry "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION creditentry_is_append_only() RETURNS trigger "
        f"LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{MESSAGE}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        # Per row, so that `loaddata`, which tries an UPDATE that meets no row, can bring a ledger
        # in from another database; TRUNCATE has no rows and is refused per statement.
        *(
            f"CREATE TRIGGER {name} BEFORE {verbs} ON accounts_creditentry "
            f"FOR EACH {each} EXECUTE FUNCTION creditentry_is_append_only()"
            for name, verbs, each in (
                ("creditentry_append_only", "UPDATE OR DELETE", "ROW"),
                ("creditentry_no_truncate", "TRUNCATE", "STATEMENT"),
            )
        ),
    ],
}
UNGUARD = {
    "sqlite": [f"DROP TRIGGER creditentry_no_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        f"DROP TRIGGER {name} ON accounts_creditentry"
        for name in ("creditentry_append_only", "creditentry_no_truncate")
    ],
}


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in GUARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNGUARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
