"""Whoever could use the administration keeps what they could: all of it, or looking."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def give_roles(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    users = apps.get_model("accounts", "User").objects
    users.filter(is_superuser=True).update(is_staff=True, staff_role="admin")
    users.filter(is_superuser=False, is_staff=True).update(staff_role="support")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_teams_and_wallets")]
    operations = [
        migrations.RunPython(give_roles, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_staff', False), ('is_superuser', False), ('staff_role', '')), models.Q(('is_staff', True), ('is_superuser', True), ('staff_role', 'admin')), models.Q(('is_staff', True), ('is_superuser', False), ('staff_role__in', ('support', 'finance', 'moderator'))), _connector='OR'), name='user_staff_flags_follow_the_role'),
        ),
    ]
